package com.evefan.delivery;

import java.time.Duration;

/**
 * How patient the retry queues are.
 *
 * @param firstDelay after the first failure
 * @param maxDelay at most; the delay doubles until then
 * @param maxAge how long after its first failure a batch that still fails becomes dead letters
 */
public record RetrySettings(Duration firstDelay, Duration maxDelay, Duration maxAge) {
    public RetrySettings {
        if (maxDelay.compareTo(firstDelay) < 0) {
            throw new IllegalArgumentException("evefan.retry.max-delay-ms must not be less than evefan.retry.delay-ms ("
                    + firstDelay.toMillis() + "), was " + maxDelay.toMillis());
        }
    }
}
