package com.evefan.ingest;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * A number of events per second, with a second's worth of credit. A request is let in while there is credit and may
 * then overdraw it: a batch larger than the limit is late, not impossible. Thread-safe, without locks.
 */
final class RateLimit {
    private static final long SECOND = 1_000_000_000L;

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

    /** Takes {@code events} out of the credit; 0, or after how many seconds to try again. */
    int take(int events) {
        if (eventsPerSecond == 0) {
            return 0;
        }
        while (true) {
            long now = nanoTime.getAsLong();
            long before = whole.get();
            long debt = before - now - SECOND;
            if (debt >= 0) {
                return (int) (debt / SECOND) + 1;
            }
            long start = before - now > 0 ? before : now;
            if (whole.compareAndSet(before, start + events * SECOND / eventsPerSecond)) {
                return 0;
            }
        }
    }
}
