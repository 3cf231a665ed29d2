package com.evefan;

import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.destination.postgres.PostgresExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Stopping and starting again, with the user's own PostgreSQL. */
class StopIT {
    @RegisterExtension
    static final PostgresExtension POSTGRES = PostgresExtension.embedded();

    @TempDir
    Path directory;

    @Test
    void flushesWhatIsBatchedAndLeavesTheEmbeddedServerUnpacked() throws Exception {
        Path data = directory.resolve("data");
        Properties properties = RunningEvefan.overrides(
                data,
                Map.of(
                        "evefan.postgres.url", POSTGRES.settings().url(),
                        "evefan.postgres.schema", POSTGRES.schema(),
                        "evefan.postgres.batch.max-age-ms", "3600000"));
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
}
