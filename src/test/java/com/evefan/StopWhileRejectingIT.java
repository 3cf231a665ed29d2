package com.evefan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stop while a destination rejects events. */
class StopWhileRejectingIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int ROUNDS = 2;
    private static final int EVENTS = 200;

    @TempDir
    Path directory;

    @Test
    void everyRejectedEventIsADeadLetterAfterTheNextStart() throws Exception {
        try (WebHook hook = WebHook.start("picky")) {
            hook.routeTo(directory);
            hook.answer(events -> events.stream()
                            .anyMatch(event -> event.path("messageId").asText().endsWith("7"))
                    ? 422
                    : 200);
            Properties properties =
                    RunningEvefan.overrides(directory.resolve("data"), TwoDestinations.properties(directory, Map.of()));
            Operator operator = new Operator(properties);

            // When
            for (int round = 0; round < ROUNDS; round++) {
                try (EvefanProcess evefan = EvefanProcess.start(properties, directory.resolve("log" + round))) {
                    operator.send("r", round * EVENTS, (round + 1) * EVENTS);
                    int sent = round;
                    await().atMost(LIMIT).until(() -> hook.requests() > sent * 100 + 5);
                    assertThat(evefan.stop()).isZero();
                }
            }

            // Then
            try (EvefanProcess evefan = EvefanProcess.start(properties, directory.resolve("log"))) {
                int all = ROUNDS * EVENTS;
                await().atMost(LIMIT).until(() -> new HashSet<>(hook.taken()).size() == all * 9 / 10);
                await().atMost(LIMIT)
                        .until(() -> new HashSet<>(operator.json("GET", "/v1/dead-letters/picky?limit=1000")
                                                .findValuesAsText("messageId"))
                                        .size()
                                == all / 10);
                assertThat(evefan.output()).doesNotContain("Exception");
            }
        }
    }
}
