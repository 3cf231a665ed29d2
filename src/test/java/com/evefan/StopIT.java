package com.evefan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.evefan.destination.postgres.PostgresExtension;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Stopping and starting again, with the user's own PostgreSQL. */
class StopIT {
    @RegisterExtension
    static final PostgresExtension POSTGRES = PostgresExtension.embedded();

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    void flushesWhatIsBatchedAndLeavesTheEmbeddedServerUnpacked() throws Exception {
        Path data = directory.resolve("data");
        Properties properties = RunningEvefan.overrides(
                data,
                Map.of(
                        "evefan.postgres.url",
                        POSTGRES.settings().url(),
                        "evefan.postgres.schema",
                        POSTGRES.schema(),
                        "evefan.postgres.batch.max-age-ms",
                        "3600000",
                        "evefan.postgres.batch.at-once",
                        "false"));
        try (EvefanProcess evefan = EvefanProcess.start(properties, directory.resolve("log"))) {
            assertThat(RunningEvefan.post(evefan.url(), "/v1/track", Load.event("batched"))
                            .statusCode())
                    .isEqualTo(200);

            // When
            int exitCode = evefan.stop();

            // Then
            assertThat(exitCode).as(evefan.output()).isZero();
            assertThat(Tracks.ids(POSTGRES.settings().url(), POSTGRES.schema())).containsExactly("batched");
            assertThat(Files.list(data))
                    .noneMatch(path -> path.getFileName().toString().startsWith("postgres"));
        }
    }

    @Test
    void refusesMoreWhileItStopsAndEndsInTimeThoughADestinationHangs() throws Exception {
        // Given
        CountDownLatch hanging = new CountDownLatch(1);
        TwoDestinations both = TwoDestinations.start(directory, Map.of("evefan.shutdown.timeout-ms", "8000"));
        both.flaky().answer(events -> {
            hanging.await();
            return 500;
        });
        both.operator().send("last", 0, 100);
        await().atMost(LIMIT).until(() -> both.flaky().requests() > 0);

        // When
        Thread stop = new Thread(both::close);
        stop.start();

        // Then
        await().atMost(LIMIT).untilAsserted(() -> {
            HttpResponse<String> refused = RunningEvefan.post(both.evefan().url(), "/v1/track", Load.event("late"));
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        });
        assertThat(both.operator().request("GET", "/observe/health/ready").statusCode())
                .isEqualTo(503);
        stop.join(LIMIT.toMillis());
        assertThat(stop.isAlive()).isFalse();
        assertThat(both.steady().taken()).hasSize(100);
        hanging.countDown();
    }
}
