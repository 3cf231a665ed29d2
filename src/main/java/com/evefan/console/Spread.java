package com.evefan.console;

import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * How long things took: counts by size, each a fifth larger than the one before, from a tenth of a millisecond to weeks. Only
 * ever grows; a time between two moments is the difference of their {@link #counts}. Thread-safe.
 */
final class Spread {
    private static final double STEPS_OF_TWO = 4;
    private static final int SIZE = 160;

    private final AtomicLongArray counts = new AtomicLongArray(SIZE);

    void add(double millis, long times) {
        int at = (int) (STEPS_OF_TWO * Math.log(Math.max(0, millis) * 10 + 1) / Math.log(2));
        counts.addAndGet(Math.min(SIZE - 1, at), times);
    }

    long[] counts() {
        long[] copy = new long[SIZE];
        for (int i = 0; i < SIZE; i++) {
            copy[i] = counts.get(i);
        }
        return copy;
    }

    /**
     * The time in seconds that {@code share} of what came between {@code before} and {@code after} took at most; null where
     * nothing came.
     */
    static @Nullable Double quantile(long[] before, long[] after, double share) {
        long all = 0;
        for (int i = 0; i < SIZE; i++) {
            all += after[i] - before[i];
        }
        if (all <= 0) {
            return null;
        }
        long seen = 0;
        int at = 0;
        while (at < SIZE - 1 && seen + after[at] - before[at] < Math.ceil(share * all)) {
            seen += after[at] - before[at];
            at++;
        }
        double millis = (Math.pow(2, (at + 0.5) / STEPS_OF_TWO) - 1) / 10;
        return Math.round(millis * 10) / 10_000.0;
    }
}
