package com.evefan.delivery;

import com.evefan.event.EventBatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What waits in memory for one destination. When that is more than its share, what is accepted from then on overtakes
 * it, into the retry queue, and is delivered after it; until the retry queue is empty. Thread-safe.
 */
final class Backlog {
    private static final Logger LOG = LoggerFactory.getLogger(Backlog.class);
    private static final long SLICE_MS = 100;

    private final String destination;
    private long events;
    private long bytes;
    private boolean overtaken;

    Backlog(String destination) {
        this.destination = destination;
    }

    /** The same batch, which is in memory from now on until it is acknowledged. */
    EventBatch add(EventBatch batch) {
        long size = batch.size();
        long own = batch.bytes();
        if (size == 0) {
            return batch;
        }
        add(size, own);
        return batch.alsoTelling(name -> add(-size, -own));
    }

    private synchronized void add(long moreEvents, long moreBytes) {
        events += moreEvents;
        bytes += moreBytes;
        notifyAll();
    }

    /** Looks whether it is more than {@code limits}. */
    synchronized void measure(WaitingLimits limits) {
        if (!overtaken && limits.isReached(events, bytes)) {
            overtaken = true;
            LOG.warn("Destination {} is too slow for what it gets; new events wait in its retry queue", destination);
        }
    }

    /**
     * Waits, {@code millis} at the longest, until it is within {@code limits}: senders that wait for their answers come
     * to the destination's pace before anything has to go the long way through its retry queue.
     */
    synchronized void awaitRoom(WaitingLimits limits, long millis) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (!overtaken && limits.isReached(events, bytes)) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                return;
            }
            wait(left);
        }
    }

    synchronized boolean isOvertaken() {
        return overtaken;
    }

    /** The retry queue is empty. */
    synchronized void caughtUp() {
        overtaken = false;
        notifyAll();
    }

    /** Waits until all that was overtaken is done; returns early, with false, when {@code goOn} says no. */
    synchronized boolean awaitTurn(BooleanSupplier goOn) throws InterruptedException {
        while (goOn.getAsBoolean()) {
            if (!overtaken || events == 0) {
                return true;
            }
            wait(SLICE_MS);
        }
        return false;
    }
}
