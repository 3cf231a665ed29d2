package com.evefan.artemis;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Suspendable;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands over everything accepted since its last turn as one exchange, some milliseconds after the last. A hand-over
 * that fails is tried again, ever more slowly, until it succeeds or the consumer stops; what it carried is then handed
 * over at the next start.
 */
final class JournalConsumer extends DefaultConsumer implements Suspendable {
    private static final Logger LOG = LoggerFactory.getLogger(JournalConsumer.class);
    private static final long LOOK_UP_MILLIS = 200;
    /** A hand-over costs about as much as so many events: where there are fewer, more are waited for, so long. */
    private static final int WORTH_A_HAND_OVER = 256;

    private static final long GATHER_MILLIS = 10;
    private static final long FIRST_RETRY_MILLIS = 100;
    private static final long LAST_RETRY_MILLIS = 10_000;

    private final JournalEndpoint endpoint;
    private @Nullable Handover unfinished;
    private @Nullable Thread thread;
    private CountDownLatch halt = new CountDownLatch(1);

    JournalConsumer(JournalEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        begin();
    }

    @Override
    protected void doResume() throws Exception {
        super.doResume();
        begin();
    }

    @Override
    protected void doSuspend() throws Exception {
        end();
        super.doSuspend();
    }

    @Override
    protected void doStop() throws Exception {
        end();
        super.doStop();
    }

    private void begin() {
        CountDownLatch halted = new CountDownLatch(1);
        halt = halted;
        Journal journal = endpoint.journal();
        Thread begun = new Thread(() -> run(journal, halted), "evefan-journal-consumer");
        thread = begun;
        begun.start();
    }

    /** Waits for the exchange under way. */
    private void end() throws InterruptedException {
        halt.countDown();
        Thread running = thread;
        if (running != null) {
            running.join();
            thread = null;
        }
    }

    private void run(Journal journal, CountDownLatch halted) {
        try {
            while (halted.getCount() > 0) {
                Handover next = unfinished != null ? unfinished : journal.take(LOOK_UP_MILLIS);
                unfinished = next;
                if (next != null && handOver(next, halted)) {
                    unfinished = null;
                    gather(next, halted);
                }
            }
            drain(journal);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What was accepted before the stop reaches its destinations before it, if that can be done within a moment. */
    private void drain(Journal journal) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LAST_RETRY_MILLIS);
        while (unfinished == null && System.nanoTime() < end) {
            Handover next = journal.take(1);
            if (next == null) {
                return;
            }
            unfinished = attempt(next) == null ? null : next;
        }
    }

    private static void gather(Handover last, CountDownLatch halted) throws InterruptedException {
        if (last.batch().size() < WORTH_A_HAND_OVER) {
            halted.await(GATHER_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Whether the fan-out has it; not, when the consumer stops meanwhile. */
    private boolean handOver(Handover handover, CountDownLatch halted) throws InterruptedException {
        Throwable failure = attempt(handover);
        if (failure == null) {
            return true;
        }
        LOG.warn("The fan-out of {} failed and is tried again until it succeeds", handover.batch(), failure);
        long pause = FIRST_RETRY_MILLIS;
        while (failure != null) {
            if (halted.await(pause, TimeUnit.MILLISECONDS)) {
                return false;
            }
            pause = Math.min(pause * 2, LAST_RETRY_MILLIS);
            failure = attempt(handover);
        }
        LOG.info("The fan-out works again");
        return true;
    }

    private @Nullable Throwable attempt(Handover handover) {
        Exchange exchange = createExchange(false);
        try {
            exchange.getMessage().setBody(handover.batch());
            exchange.setProperty(JournalConstants.DESTINATIONS, handover.destinations());
            getProcessor().process(exchange);
            return exchange.getException();
        } catch (Exception e) {
            return e;
        } finally {
            releaseExchange(exchange, false);
        }
    }
}
