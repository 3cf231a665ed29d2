package com.evefan.destination.postgres;

import com.evefan.delivery.SetUpException;
import com.evefan.files.PrivateFiles;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
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
    /** The name of its database and of the database's owner. */
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
     * @param password of the database's owner; the superuser's is made, and kept in {@code postgres.password}
     * @throws SetUpException when it cannot start; the message says what to do
     */
    public static EmbeddedPostgresServer start(Path dataDirectory, int port, String password) throws SetUpException {
        Path data = dataDirectory.resolve("postgres").toAbsolutePath();
        EmbeddedPostgresPreconditions.check(data, port);
        EmbeddedPostgres server = startPatiently(dataDirectory, port);
        try (Connection connection = server.getPostgresDatabase().getConnection()) {
            createDatabase(connection, password);
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
    private static EmbeddedPostgres startPatiently(Path dataDirectory, int port) throws SetUpException {
        Path data = dataDirectory.resolve("postgres").toAbsolutePath();
        Path programs = dataDirectory.resolve("postgres-server").toAbsolutePath();
        for (int attempt = 1; ; attempt++) {
            try {
                EmbeddedPostgresAccess access =
                        EmbeddedPostgresAccess.of(data, dataDirectory.resolve("postgres.password"));
                access.stopWhatLetsInEverybody();
                return start(data, programs, port, access);
            } catch (IOException | IllegalStateException | UncheckedIOException e) {
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
    private static EmbeddedPostgres start(Path data, Path programs, int port, EmbeddedPostgresAccess access)
            throws IOException {
        PrivateFiles.createDirectory(data);
        PrivateFiles.createDirectory(programs);
        ProcessBuilder.Redirect log =
                ProcessBuilder.Redirect.appendTo(log(programs).toFile());
        return EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setOverrideWorkingDirectory(programs.toAbsolutePath().toFile())
                .setPort(port)
                .setLocaleConfig("locale", "C")
                .setConnectConfig("password", access.password())
                .setDataDirectoryCustomizer(made -> close(access, programs))
                // In the data directory, which is the server's working directory; not in /tmp, where all may write.
                .setServerConfig("unix_socket_directories", ".")
                .setServerConfig("unix_socket_permissions", "0700")
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

    private static void close(EmbeddedPostgresAccess access, Path programs) {
        try {
            access.close(programs);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path log(Path programs) {
        return programs.resolve("postgres.log");
    }

    private static void createDatabase(Connection connection, String password) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (!exists(statement, "SELECT 1 FROM pg_roles WHERE rolname = '" + NAME + "'")) {
                statement.execute("CREATE ROLE " + NAME + " LOGIN");
            }
            statement.execute("ALTER ROLE " + NAME + " PASSWORD '" + password.replace("'", "''") + "'");
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
