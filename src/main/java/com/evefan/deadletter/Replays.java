package com.evefan.deadletter;

import com.evefan.admin.ApiException;
import com.evefan.counters.Counters;
import com.evefan.counters.SafeText;
import com.evefan.delivery.Deliveries;
import com.evefan.delivery.Destinations;
import com.evefan.event.Event;
import jakarta.jms.JMSException;
import java.time.Clock;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The replays that are running: one for a destination at a time. */
final class Replays implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Replays.class);

    private final Map<String, Running> running = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "evefan-replay");
        thread.setDaemon(true);
        return thread;
    });
    private final DeadLetterScan scan;
    private final Destinations destinations;
    private final Deliveries deliveries;
    private final Counters counters;
    private final Clock clock;
    private volatile boolean closed;

    Replays(DeadLetterScan scan, Destinations destinations, Deliveries deliveries, Counters counters, Clock clock) {
        this.scan = scan;
        this.destinations = destinations;
        this.deliveries = deliveries;
        this.counters = counters;
        this.clock = clock;
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
     * @throws ApiException when one is running
     * @throws JMSException when the broker cannot be reached
     */
    Running start(String destination, Filter filter, Duration patience)
            throws ApiException, JMSException, InterruptedException {
        return start(destination, filter, null, patience);
    }

    /** @param instead what is sent in place of the event of the one letter that is meant */
    Running start(String destination, Filter filter, @Nullable Event instead, Duration patience)
            throws ApiException, JMSException, InterruptedException {
        Running started;
        synchronized (this) {
            Running last = running.get(destination);
            if (last != null && !last.isFinished()) {
                throw new ApiException(409, "a replay to " + destination + " is running already");
            }
            Replay replay = new Replay(destination, destinations, deliveries, counters, clock, () -> !closed, instead);
            started = new Running(replay, threads.submit(() -> run(destination, filter, replay)));
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
            if (e.getCause() instanceof ApiException busy) {
                throw busy;
            }
            throw new IllegalStateException(e.getCause());
        }
        return started;
    }

    private @Nullable Void run(String destination, Filter filter, Replay replay) throws Exception {
        try {
            scan.run(DeadLetters.QUEUE + destination, filter, replay);
            return null;
        } catch (Exception e) {
            // Nobody may be waiting for its end any more.
            replay.failed(SafeText.of(e.getMessage(), e.getClass().getSimpleName()));
            LOG.warn(
                    "The replay to {} has ended early; what is not delivered stays a dead letter: {}",
                    destination,
                    e.toString());
            throw e;
        }
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        threads.shutdown();
        threads.awaitTermination(10, TimeUnit.SECONDS);
    }
}
