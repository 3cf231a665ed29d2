package com.evefan.destination.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresKeeperIT {
    @TempDir
    Path data;

    @Test
    void startsAServerAgainThatHasDiedAndStopsOneThatWasClosed() throws Exception {
        // Given
        int port = PostgresExtension.freePort();
        try (EmbeddedPostgresKeeper keeper =
                EmbeddedPostgresKeeper.start(() -> EmbeddedPostgresServer.start(data, port), port)) {
            assertThat(keeper).isNotNull();
            query(port, "CREATE TABLE kept AS SELECT 42 AS answer; SELECT answer FROM kept");

            // When
            Path pid = data.resolve("postgres/postmaster.pid");
            long postmaster = Long.parseLong(Files.readAllLines(pid).get(0).strip());
            assertThat(ProcessHandle.of(postmaster).orElseThrow().destroyForcibly())
                    .isTrue();

            // Then
            await().atMost(Duration.ofSeconds(90))
                    .ignoreExceptions()
                    .untilAsserted(() ->
                            assertThat(query(port, "SELECT answer FROM kept")).isEqualTo("42"));
            assertThat(Long.parseLong(Files.readAllLines(pid).get(0).strip())).isNotEqualTo(postmaster);
        }
        assertThat(data.resolve("postgres/postmaster.pid")).doesNotExist();
    }

    private static String query(int port, String sql) throws Exception {
        String url = "jdbc:postgresql://127.0.0.1:" + port + "/evefan?connectTimeout=2&socketTimeout=5";
        try (Connection connection = DriverManager.getConnection(url, "evefan", "evefan");
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
