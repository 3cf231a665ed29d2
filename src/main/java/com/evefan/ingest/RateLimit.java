package com.evefan.ingest;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * A number of events per second, with a second's worth of credit. A request is let in while there is credit and may
 * then overdraw it, by ten seconds at most: a batch larger than the limit is late, not impossible, and shuts nobody out
 * for long. Thread-safe, without locks.
 */
final class RateLimit {
    private static final long SECOND = 1_000_000_000L;
    private static final long MAX_DEBT = 10 * SECOND;

    private final int eventsPerSecond;
    private final LongSupplier nanoTime;
    /** When the credit will be whole again; a second from now, it is used up. */
    private final AtomicLong whole;

    /** @param eventsPerSecond 0 for no limit */
    RateLimit(int eventsPerSecond, LongSupplier nanoTime) {
        this.eventsPerSecond = eventsPerSecond;
        this.nanoTime = nanoTime;
        this.whole = new AtomicLong(nanoTime.getAsLong());
    }

    /** 0 where there is credit, or after how many seconds to try again. */
    int secondsToWait() {
        long debt = eventsPerSecond == 0 ? -1 : whole.get() - nanoTime.getAsLong() - SECOND;
        return debt < 0 ? 0 : (int) (debt / SECOND) + 1;
    }

    /** Takes {@code events} out of the credit. */
    void spend(int events) {
        if (eventsPerSecond == 0 || events == 0) {
            return;
        }
        long now = nanoTime.getAsLong();
        long cost = events * SECOND / eventsPerSecond;
        // As nanoseconds from now: the clock's own values may wrap.
        whole.updateAndGet(before -> now + Math.min(Math.max(0, before - now) + cost, SECOND + MAX_DEBT));
    }
}
