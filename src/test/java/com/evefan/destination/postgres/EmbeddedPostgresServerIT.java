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
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
        try (EmbeddedPostgresServer server = EmbeddedPostgresServer.start(data, port)) {
            query(server, "CREATE TABLE kept AS SELECT 42 AS answer; SELECT 1");
        }
        Files.setLastModifiedTime(data.resolve("postgres/epg-lock"), FileTime.from(Instant.EPOCH));

        // When
        try (EmbeddedPostgresServer server = EmbeddedPostgresServer.start(data, port)) {
            // Then
            assertThat(query(server, "SELECT answer FROM kept")).isEqualTo("42");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fsync", "synchronous_commit", "full_page_writes"})
    void isDurable(String setting) throws Exception {
        try (EmbeddedPostgresServer server = EmbeddedPostgresServer.start(data, PostgresExtension.freePort())) {
            assertThat(query(server, "SHOW " + setting)).isEqualTo("on");
        }
    }

    @Test
    void saysThatItsPortIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatExceptionOfType(SetUpException.class)
                    .isThrownBy(() -> EmbeddedPostgresServer.start(data, taken.getLocalPort()))
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
        try (EmbeddedPostgresServer server = EmbeddedPostgresServer.start(data, port)) {
            // Then
            assertThat(query(server, "SELECT 42")).isEqualTo("42");
        }
        assertThat(data.resolve("postgres/postmaster.pid")).doesNotExist();
    }

    /** A process that starts a server and is killed. */
    static final class LeftBehind {
        public static void main(String[] arguments) throws Exception {
            EmbeddedPostgresServer.start(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
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
            try (EmbeddedPostgresServer server = EmbeddedPostgresServer.start(data, port)) {
                writer.write(EventBatch.of(List.of(event(EventType.TRACK, "m-1", ""))));
            }
            EventBatch batch = EventBatch.of(List.of(event(EventType.TRACK, "m-2", "")));
            assertThatExceptionOfType(RetryableException.class).isThrownBy(() -> writer.write(batch));
            assertThatExceptionOfType(RetryableException.class)
                    .isThrownBy(() -> writer.write(batch))
                    .withMessageContaining("postgres.log")
                    .satisfies(e -> assertThat(e.getMessage()).doesNotContain("hostname"));

            // When
            try (EmbeddedPostgresServer server = EmbeddedPostgresServer.start(data, port)) {
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
        try (EmbeddedPostgresServer server = EmbeddedPostgresServer.start(data, port)) {
            Path rules = data.resolve("postgres/pg_hba.conf");
            Files.writeString(rules, "host all postgres all trust\nhost all all all scram-sha-256\n");
            reload(port);
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

    private static void reload(int port) throws Exception {
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:postgresql://127.0.0.1:" + port + "/postgres", "postgres", "");
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_reload_conf()");
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
