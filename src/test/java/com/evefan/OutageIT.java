package com.evefan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.evefan.destination.postgres.EmbeddedPostgresServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PostgreSQL stopped under load and started again. {@code -Devefan.test.outage-seconds} says for how long; 20 if not. */
class OutageIT {
    private static final Duration OUTAGE = Duration.ofSeconds(Integer.getInteger("evefan.test.outage-seconds", 20));

    @TempDir
    Path directory;

    @Test
    void losesNothingAndCatchesUpByItself() throws Exception {
        int port = RunningEvefan.freePort();
        Path server = directory.resolve("server");
        EmbeddedPostgresServer postgres = EmbeddedPostgresServer.start(server, port);
        Map<String, String> properties =
                Map.of("evefan.postgres.url", postgres.url(), "evefan.retry.max-delay-ms", "2000");
        try (RunningEvefan evefan = RunningEvefan.start(directory.resolve("data"), properties)) {
            Set<String> acknowledged;
            try (Load load = Load.on(evefan.url(), "o-", 200_000)) {
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> load.acknowledged().size() > 100);

                // When
                postgres.close();
                int before = load.acknowledged().size();
                await().pollDelay(OUTAGE).atMost(OUTAGE.plusSeconds(30)).until(() -> true);
                assertThat(load.acknowledged().size()).as("accepted meanwhile").isGreaterThan(before);
                postgres = EmbeddedPostgresServer.start(server, port);
                load.close();
                acknowledged = new HashSet<>(load.acknowledged());
            }

            // Then
            String url = postgres.url();
            await().atMost(Duration.ofSeconds(60))
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(Tracks.missing(acknowledged, url, "public"))
                            .isEmpty());
            List<String> ids = Tracks.ids(url, "public");
            assertThat(new HashSet<>(ids)).hasSameSizeAs(ids);
        } finally {
            postgres.close();
        }
    }
}
