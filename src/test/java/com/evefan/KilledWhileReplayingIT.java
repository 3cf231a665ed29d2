package com.evefan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A replay survives kill -9; a new destination begins with what is kept. */
class KilledWhileReplayingIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final int PERSONS = 20;
    private static final int EVENTS = 2_000;

    @TempDir
    Path directory;

    @Test
    void leavesNothingOutAndANewDestinationGetsEverythingOnce() throws Exception {
        Properties properties =
                RunningEvefan.overrides(directory.resolve("data"), TwoDestinations.properties(directory, Map.of()));
        properties.setProperty("replayed.batch.max-events", "64");
        properties.setProperty("late.batch.max-age-ms", "100");
        properties.setProperty("late.start", "earliest");
        Operator operator = new Operator(properties);
        try (WebHook hook = WebHook.start("replayed");
                WebHook late = WebHook.start("late")) {
            hook.routeTo(directory);
            try (EvefanProcess first = EvefanProcess.start(properties, directory.resolve("first.log"))) {
                operator.send("r", 0, EVENTS);
                for (int i = 0; i < PERSONS; i++) {
                    RunningEvefan.post(
                            "http://127.0.0.1:" + properties.getProperty("evefan.http.port"),
                            "/v1/track",
                            "{\"userId\":\"private" + i + "\",\"event\":\"r\",\"messageId\":\"p" + i + "\"}");
                }
                await().atMost(LIMIT).until(() -> operator.count("replayed", "delivered") == EVENTS + PERSONS);
                hook.answer(events -> {
                    Thread.sleep(30);
                    return 200;
                });
                operator.post("/v1/replays", "{\"destination\":\"replayed\"}");
                await().atMost(LIMIT).until(() -> hook.taken().size() > EVENTS + 300);

                List<CompletableFuture<Integer>> erasures = IntStream.range(0, PERSONS)
                        .mapToObj(i -> CompletableFuture.supplyAsync(() -> erase(operator, i)))
                        .toList();
                await().atMost(LIMIT).until(() -> saved().contains("\"queued\""));

                // When
                first.kill();
                erasures.forEach(CompletableFuture::join);
            }
            String asked = saved();
            assertThat(asked).contains("\"userId\":[\"private");
            assertThat(hook.taken().size()).isLessThan(2 * EVENTS);
            hook.answer(events -> 200);
            late.routeTo(directory);
            try (EvefanProcess second = EvefanProcess.start(properties, directory.resolve("second.log"))) {
                operator.send("live", 0, 10);

                // Then
                await().atMost(LIMIT)
                        .until(() -> operator.json("GET", "/v1/replays")
                                .at("/replays/0/state")
                                .asText()
                                .equals("done"));
                List<String> all = TwoDestinations.taken(hook, "r");
                for (String id : TwoDestinations.ids("r", EVENTS)) {
                    assertThat(Collections.frequency(all, id)).as(id).isBetween(2, 3);
                }
                assertThat(TwoDestinations.taken(hook, "live")).isEqualTo(TwoDestinations.ids("live", 10));
                await().atMost(LIMIT).until(() -> late.taken().size() >= EVENTS + 10);
                assertThat(TwoDestinations.taken(late, "r")).isEqualTo(TwoDestinations.ids("r", EVENTS));
                assertThat(TwoDestinations.taken(late, "live")).isEqualTo(TwoDestinations.ids("live", 10));
                await().atMost(LIMIT).until(() -> !saved().contains("private"));
                assertThat(saved()).contains("\"done\"").doesNotContain("queued", "running");
                String journal = journal();
                for (int i = 0; i < PERSONS; i++) {
                    String person = "\"private" + i + "\"";
                    assertThat(asked.contains("[" + person + "]") && journal.contains(person))
                            .as(person)
                            .isFalse();
                }
                assertThat(second.output()).contains("End of replay 1 to replayed (done");
            }
        }
    }

    private int erase(Operator operator, int person) {
        try {
            return operator.post("/v1/erasures", "{\"userId\":\"private" + person + "\"}")
                    .statusCode();
        } catch (Exception e) {
            return 0; // killed
        }
    }

    private String saved() throws IOException {
        Path file = directory.resolve("data").resolve("erasures.json");
        return Files.exists(file) ? Files.readString(file) : "";
    }

    private String journal() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.list(directory.resolve("data").resolve("journal"))) {
            for (Path file : files.toList()) {
                all.append(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        return all.toString();
    }
}
