package com.evefan.deadletter;

import com.evefan.admin.BadRequestException;
import com.evefan.counters.Counters;
import jakarta.jms.JMSException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The replays that are running: one for a destination at a time. */
final class Replays implements AutoCloseable {
    private final Map<String, Running> running = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "evefan-replay");
        thread.setDaemon(true);
        return thread;
    });
    private final Removal removal;
    private final Counters counters;
    private volatile boolean closed;

    Replays(Removal removal, Counters counters) {
        this.removal = removal;
        this.counters = counters;
    }

    /**
     * A replay, and whether it has come to its end.
     *
     * @param future what tells
     */
    record Running(Replay replay, Future<?> future) {
        boolean isFinished() {
            return future.isDone();
        }
    }

    /** The last replay to {@code destination}; null when there was none since the start. */
    @Nullable
    Running of(String destination) {
        return running.get(destination);
    }

    /**
     * Starts a replay and waits for its end, but not longer than {@code patience}.
     *
     * @throws BadRequestException when one is running
     * @throws JMSException when the broker cannot be reached
     */
    Running start(String destination, Filter filter, Duration patience)
            throws BadRequestException, JMSException, InterruptedException {
        Running started;
        synchronized (this) {
            Running last = running.get(destination);
            if (last != null && !last.isFinished()) {
                throw new BadRequestException(409, "a replay to " + destination + " is running already");
            }
            Replay replay = new Replay(counters.of(destination));
            started = new Running(replay, threads.submit(() -> {
                removal.run(DeadLetters.QUEUE + destination, filter, replay);
                return null;
            }));
            running.put(destination, started);
        }
        try {
            started.future().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return started;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof JMSException broker) {
                throw broker;
            }
            throw new IllegalStateException(e.getCause());
        }
        return started;
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        threads.shutdown();
        threads.awaitTermination(10, TimeUnit.SECONDS);
    }
}
