package com.evefan.delivery;

import com.evefan.broker.BrokerQueues;
import com.evefan.broker.BrokerStatus;
import com.evefan.broker.BrokerWatch;
import jakarta.jms.JMSException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many batches wait in each retry queue, and whether the broker is there. Counts what goes in and out, and looks at
 * the queues themselves every few seconds: other nodes and operators use them too.
 */
public final class RetryQueues implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RetryQueues.class);
    private static final long LOOK_EVERY_MS = 2_000;
    private static final long ASK_EVERY_MS = 200;

    /** Not looked at since the start: there may be something. */
    private static final long UNKNOWN = -1;

    private final Map<String, AtomicLong> waiting = new ConcurrentHashMap<>();
    private final Map<String, Backlog> backlogs = new ConcurrentHashMap<>();
    private final ScheduledExecutorService looker = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "evefan-retry-queues");
        thread.setDaemon(true);
        return thread;
    });
    private final BrokerQueues broker;
    private final BrokerWatch watch;

    public RetryQueues(BrokerQueues broker, BrokerWatch watch) {
        this.broker = broker;
        this.watch = watch;
    }

    /** Looks at the queues of {@code destinations} now, and from now on. */
    public void start(Set<String> destinations) {
        destinations.forEach(this::count);
        look();
        var unused = looker.scheduleWithFixedDelay(this::look, LOOK_EVERY_MS, LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
    }

    /** Whether the broker is there. */
    public BrokerStatus brokerStatus() {
        return watch.status();
    }

    /** Whether a new batch has to queue behind others, which it cannot do while the broker is away. */
    boolean isWaiting(String destination) {
        AtomicLong count = count(destination);
        if (count.get() == UNKNOWN && watch.isUp()) {
            look(destination, count);
        }
        return count.get() != 0 && watch.isUp() && !backlog(destination).isOvertaken();
    }

    /** The number of batches that wait; 0 too while nobody knows. */
    public long waiting(String destination) {
        return Math.max(0, count(destination).get());
    }

    /** The broker has put a batch into the queue. */
    public void queued(String destination) {
        count(destination).updateAndGet(batches -> Math.max(0, batches) + 1);
    }

    /** A batch is done, and is out of the queue in a moment. */
    void redelivered(String destination) {
        AtomicLong count = count(destination);
        long left = count.updateAndGet(batches -> Math.max(1, batches - 1));
        synchronized (waiting) {
            waiting.notifyAll();
        }
        if (left > 1) {
            return;
        }
        try {
            // It may be the last one: others, of other nodes too, are known to the broker only.
            if (broker.depth(Retries.QUEUE + destination) <= 1 && count.compareAndSet(1, 0)) {
                backlog(destination).caughtUp();
            }
        } catch (JMSException e) {
            failed(e);
        }
    }

    /**
     * Waits until fewer than {@code most} batches wait; returns early, with false, when {@code goOn} says no.
     *
     * @param goOn asked at least every 200 milliseconds
     */
    public boolean awaitFewer(String destination, long most, BooleanSupplier goOn) throws InterruptedException {
        synchronized (waiting) {
            while (goOn.getAsBoolean()) {
                if (waiting(destination) < most) {
                    return true;
                }
                waiting.wait(ASK_EVERY_MS);
            }
            return false;
        }
    }

    /** What waits for {@code destination} in memory. */
    Backlog backlog(String destination) {
        return backlogs.computeIfAbsent(destination, Backlog::new);
    }

    private void look(String destination, AtomicLong count) {
        try {
            count.compareAndSet(UNKNOWN, broker.depth(Retries.QUEUE + destination));
        } catch (JMSException e) {
            failed(e);
        }
    }

    private void look() {
        try {
            if (!watch.isUp()) {
                return;
            }
            for (Map.Entry<String, AtomicLong> queue : waiting.entrySet()) {
                long before = queue.getValue().get();
                // Whoever counted meanwhile knows better.
                queue.getValue().compareAndSet(before, broker.depth(Retries.QUEUE + queue.getKey()));
            }
        } catch (JMSException e) {
            failed(e);
        } catch (RuntimeException e) {
            LOG.warn("Looking at the retry queues failed", e);
        }
    }

    private void failed(JMSException failure) {
        watch.failed(failure);
    }

    private AtomicLong count(String destination) {
        AtomicLong known = waiting.get(destination);
        return known != null ? known : waiting.computeIfAbsent(destination, name -> new AtomicLong(UNKNOWN));
    }

    @Override
    public void close() {
        looker.shutdownNow();
    }
}
