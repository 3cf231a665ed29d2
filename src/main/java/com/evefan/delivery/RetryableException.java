package com.evefan.delivery;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The destination took nothing and may take the same batch later. */
public final class RetryableException extends Exception {
    private final Duration retryAfter;

    public RetryableException(String message, @Nullable Throwable cause) {
        this(message, cause, Duration.ZERO);
    }

    /**
     * @param retryAfter how long the destination asked to be left alone; zero where it did not ask
     */
    public RetryableException(String message, @Nullable Throwable cause, Duration retryAfter) {
        super(message, cause);
        this.retryAfter = retryAfter;
    }

    public Duration retryAfter() {
        return retryAfter;
    }

    /** For routes: whether the destination asked to be left alone. */
    public boolean isAsksToWait() {
        return !retryAfter.isZero();
    }
}
