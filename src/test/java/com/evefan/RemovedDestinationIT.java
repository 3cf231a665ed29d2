package com.evefan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A destination whose file is deleted while events still wait for it. */
class RemovedDestinationIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    void isReportedWithItsEventsAndGetsThemWhenItIsBack() throws Exception {
        try (WebHook hook = WebHook.start("gone")) {
            hook.routeTo(directory);
            hook.answer(events -> 500);
            try (RunningEvefan evefan = evefan()) {
                Operator operator = new Operator(evefan);
                operator.send("gone", 0, 20);
                await().atMost(LIMIT).until(() -> operator.count("gone", "pending") == 20);
            }

            // When
            Files.delete(directory.resolve("gone.camel.yaml"));
            WebHook other = WebHook.start("other");
            other.routeTo(directory);

            // Then
            try (RunningEvefan evefan = evefan();
                    other) {
                Operator operator = new Operator(evefan);
                assertThat(operator.health("gone").path("status").asText()).isEqualTo("removed");
                assertThat(operator.count("gone", "pending")).isEqualTo(20);
                assertThat(operator.health("gone").path("message").asText()).contains("20 events wait");
                assertThat(operator.request("GET", "/v1/health").statusCode()).isEqualTo(200);
            }

            // When
            hook.routeTo(directory);
            hook.answer(events -> 200);

            // Then
            try (RunningEvefan evefan = evefan()) {
                Operator operator = new Operator(evefan);
                await().atMost(LIMIT).until(() -> operator.count("gone", "delivered") == 20);
                assertThat(hook.taken()).isEqualTo(TwoDestinations.ids("gone", 20));
            }
        }
    }

    private RunningEvefan evefan() throws Exception {
        return RunningEvefan.start(directory.resolve("data"), TwoDestinations.properties(directory, Map.of()));
    }
}
