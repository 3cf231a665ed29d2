package com.evefan.destination.mixpanel;

import com.evefan.delivery.RetryAfter;
import java.time.Clock;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to leave Mixpanel alone after it answered 429. By its documentation: 2 s, doubled up to 60 s as long as it
 * says so, and 1 to 5 s of jitter; it sends no Retry-After, but a proxy in front of it may.
 */
final class RateLimit {
    private static final int MAX_DOUBLINGS = 5;
    private static final long CAP_MS = 60_000;

    private final Clock clock;
    private final RandomGenerator random;
    private int refusals;

    RateLimit(Clock clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    /** Mixpanel took a request: the next refusal counts as the first. */
    synchronized void taken() {
        refusals = 0;
    }

    /**
     * The time to wait now.
     *
     * @param retryAfter the Retry-After header, or empty
     */
    synchronized Duration refused(String retryAfter) {
        long backoff = Math.min(CAP_MS, 2_000L << Math.min(refusals, MAX_DOUBLINGS));
        refusals++;
        Duration asked = RetryAfter.of(retryAfter, clock.instant());
        return asked.isZero() ? Duration.ofMillis(backoff + random.nextLong(1_000, 5_001)) : asked;
    }
}
