package com.evefan.ingest;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The bound on the bytes of all request bodies that are in memory at the same time. The last quarter is kept for small
 * bodies, so that a few large ones do not shut everybody else out. Of all of it, half is the most for strangers, who name
 * no source before their body: who names one gets in beside any number of them. Thread-safe.
 */
final class BodyMemory {
    /** Above it a body is a large one; SDKs that send single events stay far below. */
    static final int SMALL = 64 << 10;

    private final long max;
    private final AtomicLong used = new AtomicLong();
    private final AtomicLong usedByStrangers = new AtomicLong();

    BodyMemory(long max) {
        this.max = max;
    }

    /** What one request takes. Thread-safe: it is read on one thread and ends on another. */
    final class Share {
        private final boolean stranger;
        private long taken;
        private boolean over;

        Share(boolean stranger) {
            this.stranger = stranger;
        }

        /** Takes {@code bytes} more; false, and nothing is taken, where that is over the bound or the request is over. */
        synchronized boolean take(int bytes) {
            if (over || !reserve(bytes, taken + bytes, stranger)) {
                return false;
            }
            taken += bytes;
            return true;
        }

        synchronized void giveBack() {
            over = true;
            release(taken, stranger);
            taken = 0;
        }
    }

    /**
     * Takes {@code bytes} more for a body that has {@code total} with them; false, and nothing is taken, where that is
     * over the bound.
     */
    private boolean reserve(int bytes, long total, boolean stranger) {
        long bound = total <= SMALL ? max : max - max / 4;
        if (stranger && !add(usedByStrangers, bytes, bound / 2)) {
            return false;
        }
        if (add(used, bytes, bound)) {
            return true;
        }
        if (stranger) {
            usedByStrangers.addAndGet(-bytes);
        }
        return false;
    }

    private static boolean add(AtomicLong used, int bytes, long bound) {
        if (used.addAndGet(bytes) <= bound) {
            return true;
        }
        used.addAndGet(-bytes);
        return false;
    }

    private void release(long bytes, boolean stranger) {
        used.addAndGet(-bytes);
        if (stranger) {
            usedByStrangers.addAndGet(-bytes);
        }
    }

    /** What is taken now. */
    long used() {
        return used.get();
    }
}
