package com.evefan.bench;

import java.io.ByteArrayOutputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;

/**
 * The yardstick for deliveries: rows that Evefan wrote, ready in memory in PostgreSQL's binary format, go back into the
 * same table a thousand at a time, through a staging table that drops what is there already.
 */
final class StagingCopy {
    private static final int ROWS = 1000;
    private static final int MOST_CHUNKS = 20;

    private final Database database;
    private final List<byte[]> chunks = new ArrayList<>();

    /** Reads rows of {@code tracks}, of which there have to be a thousand. */
    StagingCopy(Database database) throws Exception {
        this.database = database;
        try (Connection connection = database.connect()) {
            CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
            for (int i = 0; i < MOST_CHUNKS; i++) {
                ByteArrayOutputStream chunk = new ByteArrayOutputStream();
                long rows = copy.copyOut(
                        "COPY (SELECT * FROM tracks ORDER BY id LIMIT " + ROWS + " OFFSET " + i * ROWS
                                + ") TO STDOUT (FORMAT binary)",
                        chunk);
                if (rows == ROWS) {
                    chunks.add(chunk.toByteArray());
                }
            }
        }
        if (chunks.isEmpty()) {
            throw new IllegalStateException("fewer than " + ROWS + " tracks to copy");
        }
    }

    /** Rows per second over all {@code connections}. */
    double perSecond(int connections, double seconds) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(connections);
        try {
            long start = System.nanoTime();
            List<Future<Long>> copies = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                String prefix = "copy" + i + "-" + start + "-";
                copies.add(threads.submit(() -> copy(prefix, start + (long) (seconds * 1e9))));
            }
            long rows = 0;
            for (Future<Long> copy : copies) {
                rows += copy.get();
            }
            return rows / ((System.nanoTime() - start) / 1e9);
        } finally {
            threads.shutdown();
        }
    }

    private long copy(String prefix, long deadline) throws SQLException {
        long rows = 0;
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("CREATE TEMPORARY TABLE staging (LIKE tracks) ON COMMIT DELETE ROWS");
            String columns = columns(statement);
            while (System.nanoTime() < deadline) {
                byte[] chunk = chunks.get((int) (rows / ROWS % chunks.size()));
                CopyIn copy = connection
                        .unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyIn("COPY staging FROM STDIN (FORMAT binary)");
                copy.writeToCopy(chunk, 0, chunk.length);
                copy.endCopy();
                statement.execute("INSERT INTO tracks (id, " + columns + ") SELECT '" + prefix + rows + "' || id, "
                        + columns + " FROM staging ON CONFLICT (id) DO NOTHING");
                connection.commit();
                rows += ROWS;
            }
        }
        return rows;
    }

    private static String columns(Statement statement) throws SQLException {
        try (var result = statement.executeQuery("SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum)"
                + " FROM pg_attribute WHERE attrelid = 'tracks'::regclass AND attnum > 0 AND attname <> 'id'")) {
            result.next();
            return result.getString(1);
        }
    }
}
