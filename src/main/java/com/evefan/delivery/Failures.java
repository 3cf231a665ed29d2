package com.evefan.delivery;

import com.evefan.counters.SafeText;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.jspecify.annotations.Nullable;

/**
 * Which kind of failure an exception is, for the destinations that do not say so themselves: those that are nothing but
 * a Camel endpoint. What is not known to be anybody's fault is retryable.
 */
public final class Failures {
    private static final List<Integer> SET_UP = List.of(401, 403, 404, 405, 407, 410);
    private static final List<Integer> RETRYABLE = List.of(408, 421, 423, 425, 429);

    private Failures() {}

    static Exception classify(Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RetryableException
                    || cause instanceof RejectedException
                    || cause instanceof SetUpException
                    || cause instanceof PartialDeliveryException) {
                return (Exception) cause;
            }
            if (cause instanceof HttpOperationFailedException http) {
                return ofStatus(http);
            }
            Exception known = KnownFailures.classify(cause);
            if (known != null) {
                return known;
            }
        }
        return new RetryableException(words(failure), failure);
    }

    /** Its own message and that of what is beneath it all, which says what really happened. */
    private static String words(Exception failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String own = failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        String beneath = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
        return own.contains(beneath) ? own : own + ": " + beneath;
    }

    private static Exception ofStatus(HttpOperationFailedException http) {
        int status = http.getStatusCode();
        String quote = SafeText.quote(http.getResponseBody());
        if (status >= 300 && status < 400) {
            return new SetUpException(
                    quoting(
                            "the destination answered HTTP " + status
                                    + SetUpException.redirect(http.getRedirectLocation()),
                            quote),
                    http);
        }
        return ofStatus(status, quote, retryAfter(http.getResponseHeaders()), http);
    }

    /**
     * What an HTTP status that is no success says of what was sent, whether it is that of an answer or of one item in it.
     *
     * @param quote the other side's words, without secrets; may be empty
     * @param retryAfter how long it asked to be left alone; zero where it did not ask
     */
    public static Exception ofStatus(int status, String quote, Duration retryAfter, @Nullable Throwable cause) {
        String error = "HTTP " + status;
        String message = "the destination answered " + error;
        if (SET_UP.contains(status)) {
            return new SetUpException(quoting(message + "; check its address and credentials", quote), cause);
        }
        if (status >= 400 && status < 500 && !RETRYABLE.contains(status)) {
            return new RejectedException(quoting(message, quote), error, cause);
        }
        return new RetryableException(quoting(message, quote), cause, retryAfter);
    }

    /** On lines of their own, so that failures can be counted by the first one. */
    private static String quoting(String message, String quote) {
        return quote.isEmpty() ? message : message + "\n" + quote;
    }

    private static Duration retryAfter(@Nullable Map<String, String> headers) {
        if (headers != null) {
            for (Map.Entry<String, String> header : headers.entrySet()) {
                if (header.getKey().equalsIgnoreCase("Retry-After")) {
                    return RetryAfter.of(header.getValue(), Instant.now());
                }
            }
        }
        return Duration.ZERO;
    }

    /** How long the destination asked to be left alone. */
    static Duration retryAfter(Exception failure) {
        return failure instanceof RetryableException retryable ? retryable.retryAfter() : Duration.ZERO;
    }

    /** The reason to count a failure under: a status, an SQLSTATE, or the name of the exception beneath. */
    static String reason(Exception failure) {
        Throwable last = failure;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof HttpOperationFailedException http) {
                return "HTTP " + http.getStatusCode();
            }
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return "SQLSTATE " + sql.getSQLState();
            }
            last = cause;
        }
        return last == failure && failure instanceof RetryableException
                ? "retryable"
                : last == failure && failure instanceof SetUpException
                        ? "set-up error"
                        : last.getClass().getSimpleName();
    }
}
