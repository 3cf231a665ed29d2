package com.evefan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SIGKILL under load. {@code -Devefan.test.kill-rounds=100} makes it the long run of the release; the default is short.
 */
class KillIT {
    private static final int ROUNDS = Integer.getInteger("evefan.test.kill-rounds", 3);
    private static final int EVENTS_PER_ROUND = 20_000;

    @TempDir
    Path directory;

    @Test
    void losesNothingThatWasAcknowledgedAndDoublesNothing() throws Exception {
        Properties properties = RunningEvefan.overrides(
                directory.resolve("data"), Map.of("evefan.postgres.parallel", "2", "evefan.postgres.pool-size", "3"));
        Path temporary = Files.createDirectory(directory.resolve("tmp"));
        properties.put("java.io.tmpdir", temporary.toString());
        Path log = directory.resolve("log");
        Random random = new Random(1);
        Set<String> acknowledged = new HashSet<>();

        // When
        for (int round = 0; round < ROUNDS; round++) {
            try (EvefanProcess evefan = EvefanProcess.start(properties, log);
                    Load load = Load.on(evefan.url(), "r" + round + "-", EVENTS_PER_ROUND)) {
                int enough = 50 + random.nextInt(400);
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> load.acknowledged().size() >= enough);
                evefan.kill();
                load.join();
                acknowledged.addAll(load.acknowledged());
            }
        }

        // Then
        try (EvefanProcess evefan = EvefanProcess.start(properties, log)) {
            String database =
                    "jdbc:postgresql://127.0.0.1:" + properties.get("evefan.postgres.embedded.port") + "/evefan";
            await().atMost(Duration.ofSeconds(60))
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(Tracks.missing(acknowledged, database, "public"))
                            .isEmpty());
            List<String> ids = Tracks.ids(database, "public");
            assertThat(new HashSet<>(ids)).hasSameSizeAs(ids);
            assertThat(evefan.isAlive()).isTrue();
            assertThat(temporary).isDirectoryNotContaining("glob:**vertx*");
        }
        System.out.println(ROUNDS + " kills, " + acknowledged.size() + " events acknowledged, none lost");
    }
}
