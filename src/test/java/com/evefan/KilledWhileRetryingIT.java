package com.evefan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed while it redelivers and while it replays. */
class KilledWhileRetryingIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int DEAD = 1250;

    /** A replay moves 500 at a time and goes on when fewer than two such batches wait for the destination. */
    private static final int MOVED = 1000;

    @TempDir
    Path directory;

    @Test
    void losesNothingAndKeepsTheOrder() throws Exception {
        try (WebHook hook = WebHook.start("flaky")) {
            hook.routeTo(directory);
            hook.answer(events -> 500);
            Properties properties = properties();
            Operator operator = new Operator(properties);
            try (EvefanProcess first = EvefanProcess.start(properties, directory.resolve("first.log"))) {
                operator.send("kill", 0, 300);
                await().atMost(LIMIT).until(() -> operator.count("flaky", "retrying") == 300);

                // When
                first.kill();
            }
            // As if it had been killed before it saved its counters for the first time.
            Files.deleteIfExists(directory.resolve("data").resolve("counters.json"));
            try (EvefanProcess second = EvefanProcess.start(properties, directory.resolve("second.log"))) {

                // Then
                // Twice where the kill came before the journal had written the acknowledgement.
                assertThat(operator.count("flaky", "retrying")).isIn(300L, 600L);
                operator.send("kill", 300, 310);
                hook.answer(events -> 200);
                await().atMost(LIMIT).until(() -> new HashSet<>(hook.taken()).size() == 310);
                assertThat(hook.taken().stream().distinct().toList()).isEqualTo(TwoDestinations.ids("kill", 310));

                // When
                replayAndKill(hook, operator, second);
            }
            try (EvefanProcess third = EvefanProcess.start(properties, directory.resolve("third.log"))) {

                // Then
                await().atMost(LIMIT).until(() -> dead(hook) == MOVED);
                operator.json("POST", "/v1/dead-letters/flaky/replay");
                await().atMost(LIMIT).until(() -> dead(hook) == DEAD);
                await().atMost(LIMIT).until(() -> operator.count("flaky", "deadLetters") == 0);
                assertThat(third.output()).doesNotContain("Exception");
            }
        }
    }

    private static void replayAndKill(WebHook hook, Operator operator, EvefanProcess evefan) throws Exception {
        hook.answer(events -> 422);
        operator.send("dead", 0, DEAD);
        await().atMost(LIMIT).until(() -> operator.count("flaky", "deadLetters") == DEAD);
        hook.answer(events -> 500);
        JsonNode replay = operator.json("POST", "/v1/dead-letters/flaky/replay?reason=422");
        assertThat(replay.path("moved").asInt()).as(replay.toString()).isEqualTo(MOVED);
        assertThat(replay.path("finished").asBoolean()).isFalse();
        evefan.kill();
        hook.answer(events -> 200);
    }

    private static long dead(WebHook hook) {
        return TwoDestinations.taken(hook, "dead").stream().distinct().count();
    }

    private Properties properties() throws Exception {
        return RunningEvefan.overrides(directory.resolve("data"), TwoDestinations.properties(directory, Map.of()));
    }
}
