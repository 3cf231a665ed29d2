package com.evefan.destination.postgres;

import com.evefan.delivery.SetUpException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * A real PostgreSQL that keeps its data in a directory: what runs when {@code evefan.postgres.url} names no server.
 * Takes over a server that a killed process left behind on the same directory.
 */
public final class EmbeddedPostgresServer implements AutoCloseable {
    /** The name of its database and of the database's owner, and the owner's password. */
    public static final String NAME = "evefan";

    private static final int ATTEMPTS = 8;
    private static final Duration START_LIMIT = Duration.ofSeconds(10);

    private final EmbeddedPostgres server;

    private EmbeddedPostgresServer(EmbeddedPostgres server) {
        this.server = server;
    }

    /**
     * Starts the server, and on the first start makes the database and its owner.
     *
     * @param dataDirectory of Evefan; the server's data goes to {@code postgres} in it, its programs and its log to
     *     {@code postgres-server}
     * @param port on the loopback interface
     * @throws SetUpException when it cannot start; the message says what to do
     */
    public static EmbeddedPostgresServer start(Path dataDirectory, int port) throws SetUpException {
        Path data = dataDirectory.resolve("postgres").toAbsolutePath();
        EmbeddedPostgresPreconditions.check(data, port);
        EmbeddedPostgres server = startPatiently(data, dataDirectory.resolve("postgres-server"), port);
        try (Connection connection = server.getPostgresDatabase().getConnection()) {
            createDatabase(connection);
            return new EmbeddedPostgresServer(server);
        } catch (SQLException e) {
            throw new SetUpException("the embedded PostgreSQL does not make its database: " + e.getMessage(), e);
        }
    }

    /** As the JDBC driver takes it. */
    public String url() {
        return "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/" + NAME;
    }

    /** Stops the server; what is committed stays. */
    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** After a kill -9 the old processes may hold the lock file until they are gone for good. */
    private static EmbeddedPostgres startPatiently(Path data, Path programs, int port) throws SetUpException {
        for (int attempt = 1; ; attempt++) {
            try {
                return start(data, programs, port);
            } catch (IOException | IllegalStateException e) {
                if (attempt == ATTEMPTS) {
                    throw new SetUpException(
                            "the embedded PostgreSQL does not start on " + data + ", see " + log(programs)
                                    + ", or name a server in evefan.postgres.url: " + e.getMessage(),
                            e);
                }
            }
        }
    }

    /**
     * The library deletes what it takes for old data directories among the children of its working directory: the data
     * must never stand there.
     */
    private static EmbeddedPostgres start(Path data, Path programs, int port) throws IOException {
        Files.createDirectories(data);
        Files.createDirectories(programs);
        ProcessBuilder.Redirect log =
                ProcessBuilder.Redirect.appendTo(log(programs).toFile());
        return EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setOverrideWorkingDirectory(programs.toAbsolutePath().toFile())
                .setPort(port)
                .setLocaleConfig("locale", "C")
                // The library is made for tests and would switch durability off.
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("max_connections", "30")
                .setServerConfig("shared_buffers", "32MB")
                // Statements and values of events have no place in a log.
                .setServerConfig("log_min_error_statement", "panic")
                .setServerConfig("log_error_verbosity", "terse")
                .setOutputRedirector(log)
                .setErrorRedirector(log)
                .setPGStartupWait(START_LIMIT)
                .start();
    }

    private static Path log(Path programs) {
        return programs.resolve("postgres.log");
    }

    private static void createDatabase(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (!exists(statement, "SELECT 1 FROM pg_roles WHERE rolname = '" + NAME + "'")) {
                statement.execute("CREATE ROLE " + NAME + " LOGIN PASSWORD '" + NAME + "'");
            }
            if (!exists(statement, "SELECT 1 FROM pg_database WHERE datname = '" + NAME + "'")) {
                statement.execute("CREATE DATABASE " + NAME + " OWNER " + NAME);
            }
        }
    }

    private static boolean exists(Statement statement, String sql) throws SQLException {
        try (ResultSet rows = statement.executeQuery(sql)) {
            return rows.next();
        }
    }
}
