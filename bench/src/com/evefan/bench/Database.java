package com.evefan.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The tables into which Evefan delivers. */
final class Database implements AutoCloseable {
    static final List<String> TABLES = List.of("tracks", "identifies", "pages", "screens", "groups", "aliases");

    private static final String UNDEFINED_TABLE = "42P01";

    private final String url;
    private final Connection connection;

    /** @param password of the superuser, which Evefan has made */
    Database(int port, String password) throws SQLException {
        this.url = "jdbc:postgresql://127.0.0.1:" + port + "/evefan";
        this.connection = DriverManager.getConnection(url, "postgres", password);
    }

    String url() {
        return url;
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(url, "evefan", "evefan");
    }

    long rows() throws SQLException {
        long rows = 0;
        for (String table : TABLES) {
            try (Statement statement = connection.createStatement();
                    ResultSet result = statement.executeQuery("SELECT count(*) FROM " + table)) {
                result.next();
                rows += result.getLong(1);
            }
        }
        return rows;
    }

    void empty() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("TRUNCATE " + String.join(", ", TABLES));
            statement.execute("CHECKPOINT"); // left to itself it would come in the middle of a measurement
        }
    }

    /** Waits until the track with {@code id} is a row; the nanoTime at which it was seen. */
    long await(String id, double seconds) throws SQLException, InterruptedException {
        long deadline = System.nanoTime() + (long) (seconds * 1e9);
        while (System.nanoTime() < deadline) {
            if (!present(Set.of(id)).isEmpty()) {
                return System.nanoTime();
            }
            TimeUnit.MILLISECONDS.sleep(2);
        }
        throw new IllegalStateException("no row with id " + id + " after " + seconds + " s");
    }

    /** Those of {@code ids} whose tracks are rows by now. */
    Set<String> present(Collection<String> ids) throws SQLException {
        Set<String> present = new HashSet<>();
        try (PreparedStatement query = connection.prepareStatement("SELECT id FROM tracks WHERE id = ANY (?)")) {
            query.setArray(1, connection.createArrayOf("text", ids.toArray()));
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    present.add(rows.getString(1));
                }
            }
        } catch (SQLException e) {
            if (!UNDEFINED_TABLE.equals(e.getSQLState())) {
                throw e;
            }
        }
        return present;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
