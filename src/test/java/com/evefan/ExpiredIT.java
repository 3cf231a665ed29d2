package com.evefan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An outage that lasts longer than events are kept for it. */
class ExpiredIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    void makesDeadLettersOfWhatIsTooOldAndReplaysThem() throws Exception {
        try (TwoDestinations both = TwoDestinations.start(directory, Map.of("evefan.retry.max-age-ms", "1000"))) {
            Operator operator = both.operator();
            both.flaky().answer(events -> 500);

            // When
            operator.send("old", 0, 200);

            // Then
            await().atMost(LIMIT).until(() -> operator.count("flaky", "dead") == 200);
            assertThat(operator.count("flaky", "pending")).isZero();
            JsonNode letter = operator.json("GET", "/v1/dead-letters/flaky?limit=1")
                    .path("deadLetters")
                    .get(0);
            assertThat(letter.path("error").asText()).isEqualTo("expired");
            assertThat(letter.path("reason").asText())
                    .startsWith("not delivered within")
                    .contains("HTTP 500");
            assertThat(letter.path("attempts").asInt()).isGreaterThan(1);
            assertThat(operator.count("steady", "delivered")).isEqualTo(200);

            // When
            both.flaky().answer(events -> 200);
            operator.json("POST", "/v1/dead-letters/flaky/replay");

            // Then
            await().atMost(LIMIT).until(() -> operator.count("flaky", "delivered") == 200);
            assertThat(both.flaky().taken()).isEqualTo(TwoDestinations.ids("old", 200));
            assertThat(operator.count("flaky", "deadLetters")).isZero();
        }
    }

    @Test
    void keepsEventsOfAWrongSetUpWithoutEnd() throws Exception {
        try (TwoDestinations both = TwoDestinations.start(directory, Map.of("evefan.retry.max-age-ms", "1000"))) {
            Operator operator = both.operator();
            both.flaky().answer(events -> 401);
            operator.send("kept", 0, 10);
            await().atMost(LIMIT).until(() -> operator.count("flaky", "pending") == 10);

            // When
            int requests = both.flaky().requests();
            await().pollDelay(Duration.ofMillis(1500))
                    .atMost(LIMIT)
                    .until(() -> both.flaky().requests() > requests + 2);

            // Then
            assertThat(operator.count("flaky", "deadLetters")).isZero();
            both.flaky().answer(events -> 200);
            await().atMost(LIMIT).until(() -> operator.count("flaky", "delivered") == 10);
        }
    }
}
