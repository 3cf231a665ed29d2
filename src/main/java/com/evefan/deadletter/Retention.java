package com.evefan.deadletter;

import com.evefan.admin.ApiException;
import com.evefan.broker.BrokerQueues;
import com.evefan.counters.Counters;
import jakarta.jms.JMSException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes what is too old, once a minute; takes refused events out of the queue in which earlier versions kept them. */
final class Retention implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
    private static final long EVERY_MS = 60_000;

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "evefan-retention");
        thread.setDaemon(true);
        return thread;
    });
    private final DeadLetterScan scan;
    private final BrokerQueues broker;
    private final RefusedEvents refused;
    private final Counters counters;
    private final Supplier<Set<String>> names;
    private final Duration keep;
    private final Clock clock;
    private boolean adopted;

    /**
     * @param keep zero: for ever
     */
    Retention(
            DeadLetterScan scan,
            BrokerQueues broker,
            RefusedEvents refused,
            Counters counters,
            Supplier<Set<String>> names,
            Duration keep,
            Clock clock) {
        this.scan = scan;
        this.broker = broker;
        this.refused = refused;
        this.counters = counters;
        this.names = names;
        this.keep = keep;
        this.clock = clock;
    }

    void start() {
        var unused = thread.scheduleWithFixedDelay(this::look, 0, EVERY_MS, TimeUnit.MILLISECONDS);
    }

    /** Deletes what is too old now. */
    void look() {
        try {
            refused.makeRoom();
            if (broker.showsAll() || !adopted) {
                adopt();
                adopted = true;
            }
            if (!keep.isZero()) {
                for (String name : names.get()) {
                    expire(name, clock.instant().minus(keep));
                }
            }
        } catch (JMSException | ApiException | RuntimeException e) {
            LOG.debug("What is too old is deleted later", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void expire(String name, Instant before) throws JMSException, ApiException, InterruptedException {
        String queue = DeadLetters.QUEUE + name;
        if (!isOldestBefore(queue, before)) {
            return;
        }
        Deletion deletion = new Deletion(counters, name, before);
        scan.run(queue, Filter.ALL, deletion);
        if (deletion.deleted() > 0) {
            LOG.info("{} dead letters of {} were older than {} and are deleted", deletion.deleted(), name, keep);
        }
    }

    private boolean isOldestBefore(String queue, Instant before) throws JMSException {
        try (Letters letters = Letters.in(queue, broker)) {
            for (DeadLetter letter = letters.next(); letter != null; letter = letters.next()) {
                if (!letter.isForeign()) {
                    return letter.lastFailure().isBefore(before);
                }
            }
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void adopt() throws JMSException, ApiException, InterruptedException {
        scan.run(DeadLetters.QUEUE + DeadLetters.INGEST, Filter.ALL, new DeadLetterScan.Use() {
            @Override
            public boolean goOn() {
                return true;
            }

            @Override
            public DeadLetterScan.Used use(List<DeadLetter> letters) {
                try {
                    refused.adopt(letters);
                    return DeadLetterScan.Used.all(letters);
                } catch (IOException e) {
                    return new DeadLetterScan.Used(0, List.of(), List.of());
                }
            }

            @Override
            public void committed(DeadLetterScan.Used used) {}
        });
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
