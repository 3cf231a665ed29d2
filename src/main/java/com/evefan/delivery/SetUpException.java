package com.evefan.delivery;

import org.jspecify.annotations.Nullable;

/**
 * The destination as a whole is set up wrongly: a rotated password, a missing database, no permission. No event is to
 * blame; the destination waits until an operator has set it right.
 */
public final class SetUpException extends Exception {
    /**
     * @param message what is wrong and what to do about it, for an operator; free of secrets
     */
    public SetUpException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
