package com.evefan.destination.bigquery;

import com.evefan.warehouse.EventViews;
import java.time.Duration;

/**
 * The {@code evefan.bigquery.*} keys.
 *
 * @param project the Google Cloud project; empty switches the destination off
 * @param dataset created where it is missing
 * @param location where the dataset is created, such as {@code EU}; empty leaves it to BigQuery
 * @param credentials the path of a service account's key file, {@code default} for application-default credentials,
 *     {@code none} for an emulator
 * @param endpoint the root URL of the REST API; empty for Google's own
 * @param parallelRequests how many requests of one batch are under way at once
 * @param views {@code evefan.bigquery.views.*}
 */
public record BigQuerySettings(
        String project,
        String dataset,
        String location,
        String credentials,
        String endpoint,
        Request request,
        int parallelRequests,
        Partitioning partitioning,
        Timeouts timeouts,
        EventViews.Limits views) {

    /** The application-default credentials of the environment. */
    public static final String DEFAULT_CREDENTIALS = "default";

    /** No credentials: an emulator. */
    public static final String NO_CREDENTIALS = "none";

    public BigQuerySettings {
        // Dataset names: letters, digits, underscores, up to 1,024 of them (BigQuery, "Name datasets").
        if (!dataset.matches("[A-Za-z0-9_]{1,1024}")) {
            throw new IllegalArgumentException(
                    "evefan.bigquery.dataset must be letters, digits and _, was \"" + dataset + "\"");
        }
        if (credentials.isEmpty()) {
            throw new IllegalArgumentException(
                    "evefan.bigquery.credentials must be a path, default or none, was empty");
        }
        if (!endpoint.isEmpty() && !endpoint.matches("https?://[^@]+")) {
            throw new IllegalArgumentException(
                    "evefan.bigquery.endpoint must be an http or https URL without a user, or empty");
        }
        atLeast("parallel-requests", parallelRequests, 1);
    }

    /** The settings of a project with everything else at its default. */
    public static BigQuerySettings of(String project) {
        return new BigQuerySettings(
                project,
                "evefan",
                "",
                DEFAULT_CREDENTIALS,
                "",
                Request.DEFAULT,
                4,
                Partitioning.DAY,
                Timeouts.DEFAULT,
                EventViews.Limits.NONE);
    }

    /** Whether a project is named. */
    public boolean enabled() {
        return !project.isEmpty();
    }

    /** Short and free of secrets: fit for logs and health. */
    @Override
    public String toString() {
        return enabled() ? "BigQuery " + project + "." + dataset : "BigQuery (off)";
    }

    /**
     * What one insertAll request may hold.
     *
     * @param maxRows 500 is what BigQuery recommends, 50,000 what it takes
     * @param maxBytes of the body as encoded, before compression; BigQuery takes 10 MB. A row above it is rejected
     */
    public record Request(int maxRows, long maxBytes) {
        static final int MOST_ROWS = 50_000;
        static final Request DEFAULT = new Request(500, 9_500_000);

        public Request {
            atLeast("request.max-rows", maxRows, 1);
            if (maxRows > MOST_ROWS) {
                throw new IllegalArgumentException("evefan.bigquery.request.max-rows must be at most 50000, BigQuery's"
                        + " own limit, was " + maxRows);
            }
            atLeast("request.max-bytes", maxBytes, 1024);
        }
    }

    /**
     * How long to wait.
     *
     * @param connect for a connection
     * @param read for an answer
     * @param visible for a table or column that BigQuery says it has made, until inserts see it, which may take minutes:
     *     so long everything waits
     */
    public record Timeouts(Duration connect, Duration read, Duration visible) {
        static final Timeouts DEFAULT =
                new Timeouts(Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(10));

        public Timeouts {
            atLeast("connect-timeout-ms", connect.toMillis(), 1);
            atLeast("read-timeout-ms", read.toMillis(), 1);
            atLeast("visible-timeout-ms", visible.toMillis(), 0);
        }
    }

    private static void atLeast(String key, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(
                    "evefan.bigquery." + key + " must be at least " + least + ", was " + value);
        }
    }
}
