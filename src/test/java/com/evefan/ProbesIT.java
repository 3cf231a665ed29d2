package com.evefan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Camel's probes on the management port, and the health route, while a destination fails. */
class ProbesIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    void tellThatADestinationFailsAndThatEventsAreTakenAllTheSame() throws Exception {
        try (TwoDestinations both = TwoDestinations.start(directory, Map.of("evefan.health.max-outage-ms", "0"))) {
            Operator operator = both.operator();
            assertThat(status(operator, "/observe/health")).isEqualTo(200);
            both.flaky().answer(events -> 401);

            // When
            operator.send("probe", 0, 5);

            // Then
            await().atMost(LIMIT).until(() -> status(operator, "/v1/health") == 503);
            await().atMost(LIMIT).until(() -> status(operator, "/observe/health") == 503);
            JsonNode down = operator.json("GET", "/observe/health?exposureLevel=default");
            assertThat(down.path("status").asText()).isEqualTo("DOWN");
            assertThat(down.toString())
                    .contains("evefan-destination-flaky", "check its address and credentials")
                    .doesNotContain("evefan-destination-steady", "evefan-journal", "evefan-broker");
            assertThat(status(operator, "/observe/health/ready")).isEqualTo(200);
            assertThat(status(operator, "/observe/health/live")).isEqualTo(200);

            // When
            both.flaky().answer(events -> 200);

            // Then
            await().atMost(LIMIT).until(() -> status(operator, "/observe/health") == 200);
            await().atMost(LIMIT).until(() -> status(operator, "/v1/health") == 200);
        }
    }

    private static int status(Operator operator, String path) throws Exception {
        return operator.request("GET", path).statusCode();
    }
}
