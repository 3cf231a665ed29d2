package com.evefan.delivery;

import java.time.Duration;

/**
 * How patient a destination's redelivery is: first within seconds, then ever more slowly.
 *
 * @param shortAttempts how many attempts follow each other within seconds
 * @param shortDelay before the first of them; doubles from one to the next
 * @param shortMaxDelay at most
 * @param delay after these; doubles from one to the next
 * @param maxDelay at most
 * @param maxAge how long after its acceptance an event that still fails becomes a dead letter
 */
public record RetrySettings(
        int shortAttempts,
        Duration shortDelay,
        Duration shortMaxDelay,
        Duration delay,
        Duration maxDelay,
        Duration maxAge) {
    private static final int MOST_DOUBLINGS = 30;

    public RetrySettings {
        if (maxDelay.compareTo(delay) < 0) {
            throw new IllegalArgumentException("evefan.retry.max-delay-ms must not be less than evefan.retry.delay-ms ("
                    + delay.toMillis() + "), was " + maxDelay.toMillis());
        }
    }

    /** How long to wait after so many failures in a row. */
    Duration delayAfter(int failures) {
        return failures <= shortAttempts
                ? doubled(shortDelay, failures - 1, shortMaxDelay)
                : longDelay(failures - shortAttempts);
    }

    /** The same where seconds mend nothing. */
    Duration longDelay(int failures) {
        return doubled(delay, failures - 1, maxDelay);
    }

    private static Duration doubled(Duration first, int times, Duration most) {
        Duration delay = first.multipliedBy(1L << Math.min(times, MOST_DOUBLINGS));
        return delay.compareTo(most) > 0 ? most : delay;
    }
}
