package com.evefan.destination.bigquery;

import com.evefan.delivery.Rejected;
import com.google.cloud.bigquery.BigQueryError;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The {@code insertErrors} of an answer with status 200, sorted by what to do about each row. */
final class RowErrors {
    private final InsertRequest request;
    private final List<Rejected> rejected = new ArrayList<>();
    private final List<EncodedRow> stopped = new ArrayList<>();
    private final List<EncodedRow> transients = new ArrayList<>();
    private final List<EncodedRow> unseen = new ArrayList<>();
    private @Nullable Failure transientCause;

    RowErrors(InsertRequest request, Map<Long, List<BigQueryError>> insertErrors) {
        this.request = request;
        insertErrors.forEach((index, errors) -> sort(request.rows().get(Math.toIntExact(index)), errors));
    }

    /** No row of {@code request} went in, as inserts do not see the table. */
    static RowErrors tableUnseen(InsertRequest request) {
        RowErrors errors = new RowErrors(request, Map.of());
        errors.unseen.addAll(request.rows());
        return errors;
    }

    /** The rows that BigQuery will never take. */
    List<Rejected> rejected() {
        return rejected;
    }

    /** Good rows that did not go in because of others in the request. */
    List<EncodedRow> stopped() {
        return stopped;
    }

    /** Rows that failed by no fault of their own. */
    List<EncodedRow> transients() {
        return transients;
    }

    Failure transientCause() {
        return transientCause != null
                ? transientCause
                : Failure.retryable("BigQuery stopped " + request + " and blamed none", "stopped");
    }

    /** Rows refused for a column that is in the schema: inserts do not see it yet. */
    List<EncodedRow> unseen() {
        return unseen;
    }

    private void sort(EncodedRow row, List<BigQueryError> errors) {
        if (errors.stream().anyMatch(RowErrors::isNoSuchField)) {
            unseen.add(row); // rows have the warehouse's columns and no other
        } else if (errors.stream().allMatch(error -> "stopped".equals(error.getReason()))) {
            stopped.add(row);
        } else if (errors.stream().anyMatch(RowErrors::isTransient)) {
            transients.add(row);
            transientCause = Failure.retryable("BigQuery: rows failed with " + reason(errors), error(errors));
        } else {
            rejected.add(new Rejected(row.event(), reason(errors), error(errors)));
        }
    }

    private static boolean isNoSuchField(BigQueryError error) {
        String message = error.getMessage();
        return message != null && message.toLowerCase(Locale.ROOT).startsWith("no such field");
    }

    private static boolean isTransient(BigQueryError error) {
        String reason = error.getReason() == null ? "" : error.getReason();
        return switch (reason) {
            case "timeout", "backendError", "internalError", "rateLimitExceeded", "quotaExceeded" -> true;
            default -> false;
        };
    }

    private static String error(List<BigQueryError> errors) {
        for (BigQueryError error : errors) {
            if (error.getReason() != null && !"stopped".equals(error.getReason())) {
                return error.getReason();
            }
        }
        return "unknown";
    }

    /** All of the row's errors, each as {@code location: message}. */
    private static String reason(List<BigQueryError> errors) {
        StringBuilder words = new StringBuilder();
        for (BigQueryError error : errors) {
            if (!"stopped".equals(error.getReason())) {
                words.append(words.isEmpty() ? "" : "; ");
                if (error.getLocation() != null && !error.getLocation().isEmpty()) {
                    words.append(error.getLocation()).append(": ");
                }
                words.append(error.getMessage() == null ? error.getReason() : error.getMessage());
            }
        }
        return words.toString();
    }
}
