package com.evefan.delivery;

import org.jspecify.annotations.Nullable;

/**
 * The destination will never take this batch as it is, and cannot say which event is to blame. The shell splits the
 * batch until the guilty event stands alone.
 */
public final class RejectedException extends Exception {
    private final String error;

    /**
     * @param error the class of the error in the destination's own terms: an SQLSTATE, an HTTP status
     */
    public RejectedException(String message, String error, @Nullable Throwable cause) {
        super(message, cause);
        this.error = error;
    }

    public String error() {
        return error;
    }
}
