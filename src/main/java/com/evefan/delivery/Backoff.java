package com.evefan.delivery;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** How long one destination is left alone after a failure: doubling, at least as long as it asked for. Thread-safe. */
final class Backoff {
    private static final int MOST_DOUBLINGS = 30;
    private static final long SLICE_MS = 100;
    private static final double JITTER = 0.1;

    private final long firstNanos;
    private final long maxNanos;
    private int failures;
    private long notBefore = System.nanoTime();

    Backoff(Duration first, Duration max) {
        firstNanos = first.toNanos();
        maxNanos = max.toNanos();
    }

    synchronized void failed(Duration atLeast) {
        long delay = Math.min(maxNanos, firstNanos * (1L << Math.min(failures, MOST_DOUBLINGS)));
        if (delay <= 0) {
            delay = maxNanos;
        }
        failures++;
        long jittered = (long) (delay * (1 + ThreadLocalRandom.current().nextDouble(JITTER)));
        notBefore = System.nanoTime() + Math.max(jittered, atLeast.toNanos());
    }

    /** The next failure begins with the first delay again, and nothing has to wait. */
    synchronized void reset() {
        failures = 0;
        notBefore = System.nanoTime();
        notifyAll();
    }

    synchronized boolean isHolding() {
        return notBefore - System.nanoTime() > 0;
    }

    /** How long is left to wait. */
    synchronized Duration left() {
        return Duration.ofNanos(Math.max(0, notBefore - System.nanoTime()));
    }

    /** Waits until it is time; returns early, with false, when {@code goOn} says no. */
    synchronized boolean await(BooleanSupplier goOn) throws InterruptedException {
        while (goOn.getAsBoolean()) {
            long millis = TimeUnit.NANOSECONDS.toMillis(notBefore - System.nanoTime());
            if (notBefore - System.nanoTime() <= 0) {
                return true;
            }
            wait(Math.max(1, Math.min(SLICE_MS, millis)));
        }
        return false;
    }
}
