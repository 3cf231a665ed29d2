package com.evefan.destination.postgres;

import com.evefan.destination.postgres.PostgresPartitions.Period;
import com.evefan.warehouse.EventViews;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How PostgreSQL is reached.
 *
 * @param url {@code evefan.postgres.url}, as the JDBC driver takes it
 * @param user {@code evefan.postgres.user}
 * @param password {@code evefan.postgres.password}; may be empty
 * @param schema {@code evefan.postgres.schema}, in which the tables stand; made where it is missing
 * @param poolSize {@code evefan.postgres.pool-size}, connections at most; 1 to 1,000
 * @param connectTimeoutMs {@code evefan.postgres.connect-timeout-ms}, for a connection from the pool; at least 1,000
 * @param socketTimeoutMs {@code evefan.postgres.socket-timeout-ms}, for an answer of the server; at least 1,000
 * @param embedded whether the server is the one that Evefan brings
 * @param extraFields {@code evefan.postgres.extra-fields}: whether that column has all it always had, also in
 *     tables that this version made
 * @param indexes {@code evefan.postgres.indexes}: columns that have one
 * @param views {@code evefan.postgres.views.*}
 * @param partitions {@code evefan.postgres.partitions.*}
 */
public record PostgresSettings(
        String url,
        String user,
        String password,
        String schema,
        int poolSize,
        int connectTimeoutMs,
        int socketTimeoutMs,
        boolean embedded,
        boolean extraFields,
        List<String> indexes,
        EventViews.Limits views,
        Partitions partitions) {
    private static final List<String> INDEXED = List.of("received_at", "timestamp", "event", "user_id", "anonymous_id");
    private static final int LONGEST_IDENTIFIER = 63;

    /**
     * The partitions of tables that are made from now on.
     *
     * @param period how long each is; null for tables without partitions
     * @param keepDays of rows, by {@code received_at}; 0 for ever
     */
    public record Partitions(@Nullable Period period, int keepDays) {
        public static final Partitions NONE = new Partitions(null, 0);

        /**
         * As the settings say it.
         *
         * @param period {@code none}, {@code day} or {@code month}
         */
        public static Partitions of(String period, int keepDays) {
            return switch (period) {
                case "none" -> new Partitions(null, keepDays);
                case "day" -> new Partitions(Period.DAY, keepDays);
                case "month" -> new Partitions(Period.MONTH, keepDays);
                default ->
                    throw new IllegalArgumentException(
                            "evefan.postgres.partitions.period must be none, day or month, was " + period);
            };
        }
    }

    /** Without views, and with {@code extra_fields}. */
    PostgresSettings(
            String url,
            String user,
            String password,
            String schema,
            int poolSize,
            int connectTimeoutMs,
            int socketTimeoutMs,
            boolean embedded) {
        this(
                url,
                user,
                password,
                schema,
                poolSize,
                connectTimeoutMs,
                socketTimeoutMs,
                embedded,
                true,
                List.of(),
                EventViews.Limits.NONE,
                Partitions.NONE);
    }

    public PostgresSettings {
        check(url.startsWith("jdbc:postgresql:"), "url", "must begin with jdbc:postgresql:");
        check(!user.isBlank(), "user", "must not be empty");
        check(!schema.isBlank() && schema.length() <= LONGEST_IDENTIFIER, "schema", "must have 1 to 63 characters");
        check(poolSize >= 1 && poolSize <= 1000, "pool-size", "must be 1 to 1000, was " + poolSize);
        check(connectTimeoutMs >= 1000, "connect-timeout-ms", "must be at least 1000, was " + connectTimeoutMs);
        indexes = List.copyOf(indexes);
        check(INDEXED.containsAll(indexes), "indexes", "must be some of " + String.join(", ", INDEXED));
        check(socketTimeoutMs >= 1000, "socket-timeout-ms", "must be at least 1000, was " + socketTimeoutMs);
    }

    /** How long to wait for a table that somebody has locked: less than for an answer. */
    int lockTimeoutMs() {
        return socketTimeoutMs / 2;
    }

    /** Without the password, which may also stand in the parameters of the URL. */
    @Override
    public String toString() {
        int parameters = url.indexOf('?');
        return (parameters < 0 ? url : url.substring(0, parameters)) + " as " + user;
    }

    private static void check(boolean right, String key, String problem) {
        if (!right) {
            throw new IllegalArgumentException("evefan.postgres." + key + " " + problem);
        }
    }
}
