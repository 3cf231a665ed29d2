package com.evefan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.evefan.destination.postgres.EmbeddedPostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The password of Evefan's role in PostgreSQL is changed, and changed back. */
class PasswordRotatedIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String PASSWORD = "first-secret";

    @TempDir
    Path directory;

    private EmbeddedPostgresServer postgres;

    @BeforeEach
    void start() throws Exception {
        postgres = EmbeddedPostgresServer.start(directory, RunningEvefan.freePort(), "evefan");
        sql(
                "create role app login password '" + PASSWORD + "'",
                "alter database evefan owner to app",
                "grant app to evefan");
    }

    @AfterEach
    void stop() {
        postgres.close();
    }

    @Test
    void isASetUpErrorInWordsAndCostsNoEvent() throws Exception {
        Map<String, String> properties = Map.of(
                "evefan.postgres.url",
                postgres.url(),
                "evefan.postgres.user",
                "app",
                "evefan.postgres.password",
                PASSWORD);
        try (RunningEvefan evefan = RunningEvefan.start(directory.resolve("data"), properties)) {
            Operator operator = new Operator(evefan);
            operator.send("before", 0, 10);
            await().atMost(LIMIT).until(() -> operator.count("postgres", "delivered") == 10);

            // When
            sql(
                    "alter role app password 'rotated'",
                    "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'app'");
            operator.send("meanwhile", 0, 10);

            // Then
            await().atMost(LIMIT)
                    .until(() -> operator.health("postgres").path("status").asText(), "set-up error"::equals);
            String health = operator.request("GET", "/v1/health").body();
            assertThat(operator.health("postgres").path("message").asText()).contains("evefan.postgres.password");
            assertThat(health).doesNotContain(PASSWORD).doesNotContain("rotated");
            assertThat(operator.count("postgres", "deadLetters")).isZero();

            // When
            sql("alter role app password '" + PASSWORD + "'");
            operator.request("POST", "/v1/destinations/postgres/retry");

            // Then
            await().atMost(LIMIT).until(() -> operator.count("postgres", "delivered") == 20);
            await().atMost(LIMIT)
                    .until(() -> operator.health("postgres").path("status").asText(), "up"::equals);
            assertThat(Tracks.ids(postgres.url(), "public"))
                    .doesNotHaveDuplicates()
                    .hasSize(20);
        }
    }

    private void sql(String... statements) throws SQLException, IOException {
        String superuser =
                Files.readString(directory.resolve("postgres.password")).strip();
        try (Connection connection = DriverManager.getConnection(postgres.url(), "postgres", superuser);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
