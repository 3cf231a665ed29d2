package com.evefan.destination.bigquery;

import com.evefan.delivery.RetryableException;
import com.evefan.delivery.SetUpException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Why a request failed as a whole.
 *
 * @param message for an operator; free of secrets and of what events say
 * @param error the class of the error in BigQuery's terms: its reason, or else the HTTP status
 * @param retryAfter how long BigQuery asked to be left alone; zero where it did not
 */
record Failure(
        Kind kind,
        String message,
        String error,
        Duration retryAfter,
        @Nullable Throwable cause) {
    /** What to do about it; the later, the graver. */
    enum Kind {
        /** The same again, later. */
        RETRYABLE,
        /** The rows alone may be too many bytes: halves. */
        TOO_LARGE,
        /** A row makes the whole request invalid: halves, until it stands alone. */
        INVALID,
        /** No such table, dataset or project, or not to be seen yet. */
        NOT_FOUND,
        /** This one table takes no row of ours; the others do. */
        TABLE,
        /** An operator has to act. */
        SET_UP
    }

    static Failure retryable(String message, String error) {
        return new Failure(Kind.RETRYABLE, message, error, Duration.ZERO, null);
    }

    static Failure setUp(String message, String error) {
        return new Failure(Kind.SET_UP, message, error, Duration.ZERO, null);
    }

    /** Of one table alone. */
    static Failure table(String message, String error) {
        return new Failure(Kind.TABLE, message, error, Duration.ZERO, null);
    }

    /** An answer that the client cannot make anything of, or a bug in it. */
    static Failure unreadable(RuntimeException e) {
        return new Failure(
                Kind.RETRYABLE, "BigQuery's answer cannot be read: " + rootWords(e), "unreadable", Duration.ZERO, e);
    }

    private static String rootWords(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String words = root.getClass().getSimpleName() + (root.getMessage() == null ? "" : ": " + root.getMessage());
        return root.getStackTrace().length == 0 ? words : words + " at " + root.getStackTrace()[0];
    }

    /** The one that an operator should hear of, or that asks for more patience. */
    Failure orGraver(@Nullable Failure other) {
        if (other == null) {
            return this;
        }
        int graver = kind.compareTo(other.kind);
        return graver > 0 || (graver == 0 && retryAfter.compareTo(other.retryAfter) > 0) ? this : other;
    }

    Exception toException() {
        return kind == Kind.SET_UP
                ? new SetUpException(message, cause)
                : new RetryableException(message, cause, retryAfter);
    }
}
