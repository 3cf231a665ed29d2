package com.evefan.journal;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Suspendable;
import org.apache.camel.support.CamelContextHelper;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loop over places and room: takes what is next for those that stand at the same place and have room, and gives it to
 * the route as one exchange. A hand-over that fails is told to the {@link HandoverListener}; whatever happens, the loop
 * goes on.
 */
final class JournalConsumer extends DefaultConsumer implements Suspendable {
    private static final Logger LOG = LoggerFactory.getLogger(JournalConsumer.class);
    private static final long LOOK_UP_MILLIS = 100;
    /** A hand-over costs about as much as so many events: where there are fewer, more are waited for, so long. */
    private static final int WORTH_A_HAND_OVER = 256;

    private static final long GATHER_MILLIS = 10;
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LAST_PAUSE_MILLIS = 10_000;
    private static final long DRAIN_MILLIS = 5_000;
    /** Whoever has room is done with what it had after so long, or is slow. */
    private static final long DRAIN_LOOK_UP_MILLIS = 50;

    private static final HandoverListener NOBODY = new HandoverListener() {
        @Override
        public boolean isAnybodyOwed() {
            return true;
        }

        @Override
        public void beforeHandover() {}

        @Override
        public void failed(Handover handover, Throwable why) {}
    };

    private final JournalEndpoint endpoint;
    private HandoverListener listener = NOBODY;
    private @Nullable Thread thread;
    private CountDownLatch halt = new CountDownLatch(1);
    private long pause;

    JournalConsumer(JournalEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        HandoverListener found =
                CamelContextHelper.findSingleByType(endpoint.getCamelContext(), HandoverListener.class);
        listener = found == null ? NOBODY : found;
        begin();
    }

    static HandoverListener listener(CamelContext context) {
        HandoverListener found = CamelContextHelper.findSingleByType(context, HandoverListener.class);
        return found == null ? NOBODY : found;
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
                int events = handOver(journal, LOOK_UP_MILLIS);
                if (events < 0) {
                    pause = Math.min(LAST_PAUSE_MILLIS, Math.max(FIRST_PAUSE_MILLIS, 2 * pause));
                    halted.await(pause, TimeUnit.MILLISECONDS);
                } else {
                    pause = 0;
                    if (events > 0 && events < WORTH_A_HAND_OVER) {
                        halted.await(GATHER_MILLIS, TimeUnit.MILLISECONDS);
                    }
                }
            }
            drain(journal);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What was accepted before the stop reaches its destinations before it, if that can be done within a moment. */
    private void drain(Journal journal) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(DRAIN_MILLIS);
        while (System.nanoTime() < end && handOver(journal, DRAIN_LOOK_UP_MILLIS) > 0) {
            // the next one
        }
    }

    /**
     * Hands over what is next; the number of events, or -1 when something went wrong.
     */
    private int handOver(Journal journal, long timeoutMillis) throws InterruptedException {
        try {
            listener.beforeHandover();
            Handover next = journal.take(timeoutMillis);
            if (next == null) {
                return 0;
            }
            Throwable failure = attempt(next);
            if (failure == null) {
                return next.batch().size();
            }
            LOG.warn("The fan-out of {} failed", next.batch(), failure);
            listener.failed(next, failure);
        } catch (InterruptedException e) {
            throw e;
        } catch (Throwable e) {
            LOG.error("Nothing can be taken from the journal; trying again", e);
        }
        return -1;
    }

    private @Nullable Throwable attempt(Handover handover) {
        Exchange exchange = createExchange(false);
        try {
            exchange.getMessage().setBody(handover.batch());
            exchange.setProperty(JournalConstants.DESTINATIONS, handover.destinations());
            getProcessor().process(exchange);
            return exchange.getException();
        } catch (Throwable e) {
            return e;
        } finally {
            releaseExchange(exchange, false);
        }
    }
}
