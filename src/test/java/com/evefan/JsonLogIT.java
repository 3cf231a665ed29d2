package com.evefan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code evefan.log.format=json}, as a collector of logs reads it. */
class JsonLogIT {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path directory;

    @Test
    void everyLineIsAnObjectFromTheStartToTheEnd() throws Exception {
        // Given
        Properties properties = RunningEvefan.overrides(
                directory.resolve("data"),
                Map.of(
                        "evefan.log.format", "json",
                        "evefan.redelivery.max-attempts", "0",
                        "evefan.postgres.url", "jdbc:postgresql://127.0.0.1:1/none"));
        try (EvefanProcess evefan = EvefanProcess.start(properties, directory.resolve("log"))) {
            // When
            RunningEvefan.post(evefan.url(), "/v1/track", "{\"userId\":\"secret-ada\",\"event\":\"Logged\"}");
            await().atMost(Duration.ofSeconds(60)).until(() -> evefan.output().contains("Destination postgres fails"));
            evefan.stop();

            // Then
            List<JsonNode> lines = lines(evefan.output());
            assertThat(lines)
                    .extracting(line -> line.path("level").asText() + " "
                            + line.path("message").asText())
                    .satisfiesExactly(
                            start -> assertThat(start).startsWith("INFO Evefan is running"),
                            failure -> assertThat(failure).startsWith("WARN Destination postgres fails"),
                            end -> assertThat(end).isEqualTo("INFO Evefan is stopping"));
            assertThat(lines).allMatch(line -> Instant.parse(line.path("time").asText()) != null);
            assertThat(evefan.output()).doesNotContain("secret-ada");
        }
    }

    private static List<JsonNode> lines(String output) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : output.lines().toList()) {
            lines.add(JSON.readTree(line));
        }
        return lines;
    }
}
