package com.evefan.destination.postgres;

import com.evefan.delivery.SetUpException;
import com.evefan.files.PrivateFiles;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A real PostgreSQL that keeps its data in a directory: what runs when {@code evefan.postgres.url} names no server.
 * Takes over a server that a killed process left behind on the same directory.
 */
public final class EmbeddedPostgresServer implements AutoCloseable {
    /** The name of its database and of the database's owner. */
    public static final String NAME = "evefan";

    private static final int ATTEMPTS = 8;
    /** One file of its log. */
    private static final long LEAST_ROOM = 16 << 20;
    /** Its programs, and a new directory of data. */
    private static final long ROOM_AT_FIRST = 150 << 20;

    private static final int END_OF_LOG = 2_000;
    private static final String DISK_FULL = "53100";
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
        checkRoom(dataDirectory);
        EmbeddedPostgres server = startPatiently(dataDirectory, port);
        try (Connection connection = server.getPostgresDatabase().getConnection()) {
            createDatabase(connection, password);
            return new EmbeddedPostgresServer(server);
        } catch (SQLException e) {
            close(server);
            String message = "the embedded PostgreSQL does not make its database: " + e.getMessage();
            throw new SetUpException(message, DISK_FULL.equals(e.getSQLState()) ? new NoRoomException(e) : e);
        }
    }

    /** As the JDBC driver takes it. */
    public String url() {
        return "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/" + NAME;
    }

    /** Why it cannot start where the disk has no room for it: it may later. */
    static final class NoRoomException extends IOException {
        private static final long serialVersionUID = 1;

        NoRoomException(@Nullable Exception cause) {
            super(cause);
        }
    }

    /** Stops the server; what is committed stays. */
    @Override
    public void close() {
        close(server);
    }

    private static void close(EmbeddedPostgres server) {
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
                boolean noRoom = lacksRoom(dataDirectory, log(programs), e);
                if (noRoom || attempt == ATTEMPTS) {
                    throw new SetUpException(
                            "the embedded PostgreSQL does not start on " + data + (noRoom ? ", whose disk is full" : "")
                                    + ", see " + log(programs) + ", or name a server in evefan.postgres.url: "
                                    + e.getMessage(),
                            noRoom ? new NoRoomException(e) : e);
                }
            }
        }
    }

    /** Before it has filled the disk for nothing: the journal beside it needs what is left. */
    private static void checkRoom(Path dataDirectory) throws SetUpException {
        boolean first = !Files.exists(dataDirectory.resolve("postgres").resolve("PG_VERSION"));
        long free;
        try {
            free = Files.getFileStore(dataDirectory).getUsableSpace();
        } catch (IOException e) {
            return; // nothing is known of it
        }
        if (free < (first ? ROOM_AT_FIRST : LEAST_ROOM)) {
            throw new SetUpException(
                    "the embedded PostgreSQL does not start in " + dataDirectory + ", whose disk is full: " + free
                            + " bytes are left. Make room, or name a server in evefan.postgres.url",
                    new NoRoomException(null));
        }
    }

    /** By its own words, or where there is no room for what it makes first. */
    private static boolean lacksRoom(Path directory, Path log, Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (saysNoRoom(String.valueOf(cause.getMessage()))) {
                return true;
            }
        }
        try {
            return Files.getFileStore(directory).getUsableSpace() < LEAST_ROOM || saysNoRoom(end(log));
        } catch (IOException e) {
            return false; // nothing is known of it
        }
    }

    private static boolean saysNoRoom(String words) {
        return words.contains("No space left on device") || words.contains("Disk quota exceeded");
    }

    private static String end(Path log) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            byte[] end = new byte[(int) Math.min(file.length(), END_OF_LOG)];
            file.seek(file.length() - end.length);
            file.readFully(end);
            return new String(end, StandardCharsets.UTF_8);
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
