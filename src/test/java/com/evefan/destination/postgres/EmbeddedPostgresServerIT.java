package com.evefan.destination.postgres;

import static com.evefan.warehouse.Events.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.evefan.delivery.RetryableException;
import com.evefan.delivery.SetUpException;
import com.evefan.event.EventBatch;
import com.evefan.event.EventType;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddedPostgresServerIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path data;

    @Test
    void keepsDataOverStopsHoweverOld() throws Exception {
        // Given
        int port = PostgresExtension.freePort();
        try (EmbeddedPostgresServer server = EmbeddedPostgresServer.start(data, port, "evefan")) {
            query(server, "CREATE TABLE kept AS SELECT 42 AS answer; SELECT 1");
        }
        Files.setLastModifiedTime(data.resolve("postgres/epg-lock"), FileTime.from(Instant.EPOCH));

        // When
        try (EmbeddedPostgresServer server = EmbeddedPostgresServer.start(data, port, "evefan")) {
            // Then
            assertThat(query(server, "SELECT answer FROM kept")).isEqualTo("42");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fsync", "synchronous_commit", "full_page_writes"})
    void isDurable(String setting) throws Exception {
        try (EmbeddedPostgresServer server =
                EmbeddedPostgresServer.start(data, PostgresExtension.freePort(), "evefan")) {
            assertThat(query(server, "SHOW " + setting)).isEqualTo("on");
        }
    }

    @Test
    void saysThatItsPortIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatExceptionOfType(SetUpException.class)
                    .isThrownBy(() -> EmbeddedPostgresServer.start(data, taken.getLocalPort(), "evefan"))
                    .withMessageContaining("port " + taken.getLocalPort() + " is in use")
                    .withMessageContaining("evefan.postgres.embedded.port");
        }
    }

    @Test
    void takesOverTheServerOfAKilledProcess() throws Exception {
        // Given
        int port = PostgresExtension.freePort();
        Process killed = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        LeftBehind.class.getName(),
                        data.toString(),
                        Integer.toString(port))
                .redirectErrorStream(true)
                .redirectOutput(data.resolve("child.log").toFile())
                .start();
        await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(data.resolve("started")));
        killed.destroyForcibly().waitFor();

        // When
        try (EmbeddedPostgresServer server = EmbeddedPostgresServer.start(data, port, "evefan")) {
            // Then
            assertThat(query(server, "SELECT 42")).isEqualTo("42");
        }
        assertThat(data.resolve("postgres/postmaster.pid")).doesNotExist();
    }

    /** A process that starts a server and is killed. */
    static final class LeftBehind {
        public static void main(String[] arguments) throws Exception {
            EmbeddedPostgresServer.start(Path.of(arguments[0]), Integer.parseInt(arguments[1]), "evefan");
            Files.createFile(Path.of(arguments[0], "started"));
            new java.util.concurrent.CountDownLatch(1).await();
        }
    }

    @Test
    void isWrittenToAgainAfterItWasAway() throws Exception {
        // Given
        int port = PostgresExtension.freePort();
        PostgresSettings settings = new PostgresSettings(
                "jdbc:postgresql://127.0.0.1:" + port + "/evefan", "evefan", "evefan", "public", 2, 1000, 5000, true);
        try (HikariDataSource pool = PostgresPool.open(settings)) {
            PostgresWriter writer = new PostgresWriter(pool, settings);
            try (EmbeddedPostgresServer server = EmbeddedPostgresServer.start(data, port, "evefan")) {
                writer.write(EventBatch.of(List.of(event(EventType.TRACK, "m-1", ""))));
            }
            EventBatch batch = EventBatch.of(List.of(event(EventType.TRACK, "m-2", "")));
            assertThatExceptionOfType(RetryableException.class).isThrownBy(() -> writer.write(batch));
            assertThatExceptionOfType(RetryableException.class)
                    .isThrownBy(() -> writer.write(batch))
                    .withMessageContaining("postgres.log")
                    .satisfies(e -> assertThat(e.getMessage()).doesNotContain("hostname"));

            // When
            try (EmbeddedPostgresServer server = EmbeddedPostgresServer.start(data, port, "evefan")) {
                await().atMost(SOON)
                        .ignoreExceptionsInstanceOf(RetryableException.class)
                        .until(() -> {
                            writer.write(batch); // the pool takes its time after failures
                            return true;
                        });

                // Then
                assertThat(query(server, "SELECT string_agg(id, ' ' ORDER BY id) FROM tracks"))
                        .isEqualTo("m-1 m-2");
            }
        }
    }

    @Test
    void refusesAWrongPasswordInWords() throws Exception {
        // Given
        int port = PostgresExtension.freePort();
        try (EmbeddedPostgresServer server = EmbeddedPostgresServer.start(data, port, "evefan")) {
            PostgresSettings wrong =
                    new PostgresSettings(server.url(), "evefan", "wrong", "public", 1, 1000, 5000, true);

            // When / Then
            try (HikariDataSource pool = PostgresPool.open(wrong)) {
                PostgresWriter writer = new PostgresWriter(pool, wrong);
                assertThatExceptionOfType(SetUpException.class)
                        .isThrownBy(() -> writer.write(EventBatch.of(List.of(event(EventType.TRACK, "m", "")))))
                        .withMessageContaining("evefan.postgres.password");
            }
        }
    }

    @Test
    void letsInNobodyWithoutAPasswordNorShowsItsFiles() throws Exception {
        // When
        try (EmbeddedPostgresServer server =
                EmbeddedPostgresServer.start(data, PostgresExtension.freePort(), "evefan")) {
            // Then
            isClosed(server);
            String socket = ".s.PGSQL." + URI.create(server.url().substring(5)).getPort();
            assertThat(data.resolve("postgres").resolve(socket)).exists();
            assertThat(Path.of("/tmp", socket)).doesNotExist();
        }
        assertThat(openToOthers(data.resolve("postgres"))).isEmpty();
        assertThat(openToOthers(data.resolve("postgres-server"))).isEmpty();
    }

    /** A kill in the middle of it leaves the same state. */
    @Test
    void closesADataDirectoryOfAFormerVersion() throws Exception {
        // Given
        int port = PostgresExtension.freePort();
        try (EmbeddedPostgresServer server = EmbeddedPostgresServer.start(data, port, "evefan")) {
            query(server, "CREATE TABLE kept AS SELECT 42 AS answer; SELECT 1");
        }
        letInEverybody();

        // When
        try (EmbeddedPostgresServer server = EmbeddedPostgresServer.start(data, port, "evefan")) {
            // Then
            isClosed(server);
            assertThat(query(server, "SELECT answer FROM kept")).isEqualTo("42");
        }
    }

    @Test
    void stopsAServerOfAFormerVersionThatAKilledProcessLeftBehind() throws Exception {
        // Given
        int port = PostgresExtension.freePort();
        try (EmbeddedPostgresServer left = EmbeddedPostgresServer.start(data, port, "evefan")) {
            letInEverybody();

            // When
            EmbeddedPostgresAccess access =
                    EmbeddedPostgresAccess.of(data.resolve("postgres"), data.resolve("postgres.password"));
            access.stopWhatLetsInEverybody();

            // Then
            assertThat(data.resolve("postgres/postmaster.pid")).doesNotExist();
        }
    }

    @Test
    void givesItsUserTheConfiguredPassword() throws Exception {
        // Given
        int port = PostgresExtension.freePort();
        EmbeddedPostgresServer.start(data, port, "evefan").close();

        // When
        try (EmbeddedPostgresServer server = EmbeddedPostgresServer.start(data, port, "it's mine")) {
            // Then
            DriverManager.getConnection(server.url(), "evefan", "it's mine").close();
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> DriverManager.getConnection(server.url(), "evefan", "evefan"));
        }
    }

    private void letInEverybody() throws Exception {
        Files.delete(data.resolve("postgres.password"));
        Files.writeString(
                data.resolve("postgres/pg_hba.conf"),
                "local all all trust\nhost all all 127.0.0.1/32 trust\nhost all all ::1/128 trust\n");
    }

    private void isClosed(EmbeddedPostgresServer server) throws Exception {
        for (String[] guess : new String[][] {
            {"postgres", ""}, {"postgres", "postgres"}, {"postgres", "evefan"}, {"evefan", ""}, {"evefan", "postgres"}
        }) {
            assertThatExceptionOfType(SQLException.class)
                    .as(String.join(":", guess))
                    .isThrownBy(() -> DriverManager.getConnection(server.url(), guess[0], guess[1]));
        }
        assertThat(Files.readAllLines(data.resolve("postgres/pg_hba.conf")))
                .filteredOn(line -> !line.startsWith("#"))
                .isNotEmpty()
                .allMatch(line -> line.endsWith(" scram-sha-256"));
        Path password = data.resolve("postgres.password");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(password)))
                .isEqualTo("rw-------");
        DriverManager.getConnection(
                        server.url(), "postgres", Files.readString(password).strip())
                .close();
    }

    private static List<Path> openToOthers(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> open = new ArrayList<>();
            for (Path file : files.filter(path -> !Files.isSymbolicLink(path)).toList()) {
                if (!PosixFilePermissions.toString(Files.getPosixFilePermissions(file))
                        .endsWith("------")) {
                    open.add(file);
                }
            }
            return open;
        }
    }

    private static String query(EmbeddedPostgresServer server, String sql) throws Exception {
        try (Connection connection = DriverManager.getConnection(server.url(), "evefan", "evefan");
                Statement statement = connection.createStatement()) {
            String[] parts = sql.split("; ");
            for (int i = 0; i < parts.length - 1; i++) {
                statement.execute(parts[i]);
            }
            try (ResultSet rows = statement.executeQuery(parts[parts.length - 1])) {
                rows.next();
                return rows.getString(1);
            }
        }
    }
}
