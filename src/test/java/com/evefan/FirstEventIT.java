package com.evefan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a new user does first, on the embedded defaults. */
class FirstEventIT {
    @TempDir
    Path data;

    @Test
    void anEventBecomesARow() throws Exception {
        try (RunningEvefan evefan = RunningEvefan.start(data, Map.of())) {
            // When
            var response = evefan.post("/v1/track", "{\"userId\":\"ada\",\"event\":\"Hello Evefan\"}");

            // Then
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).isEqualTo("{\"success\":true}");
            await().atMost(Duration.ofSeconds(10))
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(events(evefan)).isEqualTo("hello_evefan"));
        }
    }

    private static String events(RunningEvefan evefan) throws Exception {
        String url = "jdbc:postgresql://127.0.0.1:" + evefan.configuration().embeddedPostgresPort() + "/evefan";
        try (Connection connection = DriverManager.getConnection(url, "evefan", "evefan");
                ResultSet rows = connection
                        .createStatement()
                        .executeQuery("select string_agg(event, ',') from tracks where user_id = 'ada'")) {
            rows.next();
            return rows.getString(1);
        }
    }
}
