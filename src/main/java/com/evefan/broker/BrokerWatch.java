package com.evefan.broker;

import com.evefan.counters.SafeText;
import jakarta.jms.JMSException;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the broker every few seconds whether it is there, and says so once when that changes. */
public final class BrokerWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerWatch.class);
    private static final long ASK_EVERY_MS = 2_000;

    private final ScheduledExecutorService asker = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "evefan-broker-watch");
        thread.setDaemon(true);
        return thread;
    });
    private final BrokerQueues broker;
    private final Clock clock;
    private volatile Instant since;
    private volatile @Nullable String message;
    private boolean fullTold;

    public BrokerWatch(BrokerQueues broker, Clock clock) {
        this.broker = broker;
        this.clock = clock;
        this.since = clock.instant();
    }

    /** Asks now, and from now on. */
    public void start() {
        ask();
        var unused = asker.scheduleWithFixedDelay(this::ask, ASK_EVERY_MS, ASK_EVERY_MS, TimeUnit.MILLISECONDS);
    }

    /** How the broker was when it was last asked. */
    public BrokerStatus status() {
        String why = message;
        return new BrokerStatus(why == null, since, why, broker.storePercent(), broker.losses());
    }

    private void ask() {
        try {
            broker.check();
            if (message != null) {
                message = null;
                since = clock.instant();
                LOG.info("The broker is back");
            }
            tellFull();
        } catch (JMSException e) {
            failed(e);
        } catch (RuntimeException e) {
            LOG.warn("Asking the broker failed", e);
        }
    }

    private void failed(JMSException failure) {
        String why = SafeText.of(failure.getMessage(), "cannot be reached");
        if (message == null) {
            since = clock.instant();
            LOG.warn("The broker cannot be reached; what it should keep waits in the journal: {}", why);
        }
        message = why;
    }

    private void tellFull() {
        String warning = broker.storePercent() == 0 ? null : status().warning();
        boolean full = warning != null && broker.losses().isEmpty();
        if (full && !fullTold) {
            LOG.warn("{}", warning);
        }
        fullTold = full;
    }

    @Override
    public void close() {
        asker.shutdownNow();
    }
}
