package com.evefan.destination.bigquery;

import com.evefan.delivery.RetryAfter;
import com.evefan.destination.bigquery.Failure.Kind;
import com.google.api.client.http.HttpResponseException;
import com.google.auth.Retryable;
import com.google.cloud.bigquery.BigQueryException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The class of each error of a whole request, decided here once (Google, "BigQuery error messages"). The client's own
 * {@code isRetryable()} is no help: it says no to 429 and to 403 rateLimitExceeded.
 */
final class Classifier {
    /** For a quota: it is counted by the minute at the least, by the day at the most. */
    static final Duration SLOWLY = Duration.ofMinutes(1);

    private final BigQuerySettings settings;

    Classifier(BigQuerySettings settings) {
        this.settings = settings;
    }

    Failure classify(BigQueryException e, Operation operation) {
        String reason = e.getReason() == null ? "" : e.getReason();
        return switch (e.getCode()) {
            case 0, -1 -> unreachable(e);
            case 400 -> failure(Kind.INVALID, e, "");
            case 401 -> failure(Kind.SET_UP, e, "the credentials are refused (evefan.bigquery.credentials)");
            case 403 -> forbidden(e, reason, operation);
            case 404 -> failure(Kind.NOT_FOUND, e, "");
            case 413 -> failure(Kind.TOO_LARGE, e, "");
            case 408, 409, 412, 429 -> failure(Kind.RETRYABLE, e, "");
            default -> failure(e.getCode() >= 500 ? Kind.RETRYABLE : Kind.SET_UP, e, "");
        };
    }

    private Failure forbidden(BigQueryException e, String reason, Operation operation) {
        return switch (reason) {
            case "rateLimitExceeded", "jobRateLimitExceeded", "userRateLimitExceeded" -> failure(Kind.RETRYABLE, e, "");
            case "quotaExceeded" -> new Failure(Kind.RETRYABLE, words(e, ""), error(e), SLOWLY, e);
            case "billingNotEnabled" ->
                failure(Kind.SET_UP, e, "project " + settings.project() + " has no billing account");
            default -> failure(Kind.SET_UP, e, operation.lacking(settings));
        };
    }

    /** No answer at all: the network, or the server that hands out access tokens. */
    private static Failure unreachable(BigQueryException e) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof Retryable token && !token.isRetryable()) {
                return failure(
                        Kind.SET_UP, e, "no access token for the credentials given (evefan.bigquery.credentials)");
            }
        }
        return failure(Kind.RETRYABLE, e, "no answer");
    }

    private static Failure failure(Kind kind, BigQueryException e, String meaning) {
        return new Failure(kind, words(e, meaning), error(e), retryAfter(e), e);
    }

    private static String words(BigQueryException e, String meaning) {
        String answer = e.getCode() > 0 ? e.getCode() + " " + error(e) + ": " + e.getMessage() : e.getMessage();
        return meaning.isEmpty() ? "BigQuery: " + answer : "BigQuery: " + meaning + " (" + answer + ")";
    }

    private static String error(BigQueryException e) {
        return e.getReason() != null ? e.getReason() : String.valueOf(e.getCode());
    }

    private static Duration retryAfter(BigQueryException e) {
        for (@Nullable Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof HttpResponseException answer && answer.getHeaders() != null) {
                return RetryAfter.of(answer.getHeaders().getRetryAfter(), Instant.now());
            }
        }
        return Duration.ZERO;
    }
}
