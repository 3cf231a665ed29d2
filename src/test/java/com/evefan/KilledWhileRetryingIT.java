package com.evefan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed while it redelivers and while it replays. */
class KilledWhileRetryingIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int DEAD = 1250;

    /** As many of them are delivered before the destination fails again. */
    private static final int SOME = 100;

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
                await().atMost(LIMIT).until(() -> operator.count("flaky", "pending") == 300);

                // When
                first.kill();
            }
            // As if it had been killed before it saved its counters for the first time.
            Files.deleteIfExists(directory.resolve("data").resolve("counters.json"));
            try (EvefanProcess second = EvefanProcess.start(properties, directory.resolve("second.log"))) {

                // Then
                assertThat(operator.count("flaky", "pending")).isEqualTo(300L);
                operator.send("kill", 300, 310);
                hook.answer(events -> 200);
                await().atMost(LIMIT).until(() -> new HashSet<>(hook.taken()).size() == 310);
                assertThat(hook.taken().stream().distinct().toList()).isEqualTo(TwoDestinations.ids("kill", 310));

                // When
                replayAndKill(hook, operator, second);
            }
            try (EvefanProcess third = EvefanProcess.start(properties, directory.resolve("third.log"))) {

                // Then
                assertThat(operator.count("flaky", "deadLetters")).isPositive();
                operator.json("POST", "/v1/dead-letters/flaky/replay");
                await().atMost(LIMIT).until(() -> dead(hook) == DEAD);
                await().atMost(LIMIT).until(() -> operator.count("flaky", "deadLetters") == 0);
                assertThat(third.output()).doesNotContain("Exception");
            }
        }
    }

    @Test
    void makesNoDeadLetterTwiceOfWhatComesTwice() throws Exception {
        try (WebHook hook = WebHook.start("flaky")) {
            hook.routeTo(directory);
            Properties properties = properties();
            Operator operator = new Operator(properties);
            Path data = directory.resolve("data");
            Path aside = Files.createDirectory(directory.resolve("aside"));
            List<String> saved = List.of("counters.json", "journal/places", "journal/places.safe");
            try (EvefanProcess first = EvefanProcess.start(properties, directory.resolve("first.log"))) {
                operator.send("fine", 0, 3);
                await().atMost(LIMIT).until(() -> operator.count("flaky", "delivered") == 3);
                await().atMost(LIMIT)
                        .until(() ->
                                Files.readString(data.resolve("counters.json")).contains("flaky"));
                await().pollDelay(Duration.ofMillis(500)).until(() -> true); // places are saved every 100 ms
                for (String name : saved) {
                    Files.copy(data.resolve(name), aside.resolve(Path.of(name).getFileName()));
                }
                hook.answer(events -> 422);
                operator.send("bad", 0, 5);
                await().atMost(LIMIT).until(() -> operator.count("flaky", "deadLetters") == 5);
                first.kill();
            }
            int requests = hook.requests();
            // As if it had been killed when the letters were kept, and that not saved.
            for (String name : saved) {
                Files.copy(
                        aside.resolve(Path.of(name).getFileName()),
                        data.resolve(name),
                        StandardCopyOption.REPLACE_EXISTING);
            }
            try (EvefanProcess second = EvefanProcess.start(properties, directory.resolve("second.log"))) {
                operator.send("bad", 5, 6);
                await().atMost(LIMIT).until(() -> operator.count("flaky", "pending") == 0);

                assertThat(hook.requests()).isGreaterThanOrEqualTo(requests + 6); // all were tried again
                assertThat(operator.count("flaky", "rejected")).isEqualTo(6);
                assertThat(operator.count("flaky", "deadLetters")).isEqualTo(6);
                assertThat(operator.json("GET", "/v1/dead-letters/flaky")
                                .toString()
                                .split("\"messageId\":\"bad"))
                        .hasSize(7);
                assertThat(second.output()).doesNotContain("Exception");
            }
        }
    }

    private static void replayAndKill(WebHook hook, Operator operator, EvefanProcess evefan) throws Exception {
        hook.answer(events -> 422);
        operator.send("dead", 0, DEAD);
        await().atMost(LIMIT).until(() -> operator.count("flaky", "deadLetters") == DEAD);
        CountDownLatch hangs = new CountDownLatch(1);
        hook.answer(events -> dead(hook) < SOME || hangs.await(1, TimeUnit.MINUTES) ? 200 : 500);
        CompletableFuture<?> replay =
                CompletableFuture.supplyAsync(() -> attempt(operator, "/v1/dead-letters/flaky/replay?reason=422"));
        await().atMost(LIMIT).until(() -> dead(hook) >= SOME);
        assertThat(replay).isNotDone();
        evefan.kill();
        hook.answer(events -> 200);
        hangs.countDown();
    }

    /** Nobody is there any more to answer. */
    private static int attempt(Operator operator, String path) {
        try {
            return operator.request("POST", path).statusCode();
        } catch (Exception e) {
            return 0;
        }
    }

    private static long dead(WebHook hook) {
        return TwoDestinations.taken(hook, "dead").stream().distinct().count();
    }

    private Properties properties() throws Exception {
        return RunningEvefan.overrides(directory.resolve("data"), TwoDestinations.properties(directory, Map.of()));
    }
}
