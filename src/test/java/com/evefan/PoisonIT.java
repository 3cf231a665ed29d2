package com.evefan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.evefan.destination.postgres.PostgresExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One event that PostgreSQL refuses among a thousand that it takes. */
class PoisonIT {
    @RegisterExtension
    static final PostgresExtension POSTGRES = PostgresExtension.embedded();

    @TempDir
    Path data;

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void costsOnlyItself(int lanes) throws Exception {
        POSTGRES.execute("drop table if exists tracks");
        List<String> good = IntStream.range(0, 999).mapToObj(i -> "good-" + i).toList();
        Map<String, String> properties = Map.of(
                "evefan.postgres.url", POSTGRES.settings().url(),
                "evefan.postgres.schema", POSTGRES.schema(),
                "evefan.postgres.parallel", String.valueOf(lanes),
                "evefan.postgres.pool-size", "4");
        try (RunningEvefan evefan = RunningEvefan.start(data.resolve("of-" + lanes), properties)) {
            // Given
            evefan.post("/v1/track", Load.event("first"));
            await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> ids().size() == 1);
            POSTGRES.execute("alter table tracks add constraint no_poison check (id <> 'poison')");

            // When
            List<String> ids = Stream.of(good.subList(0, 500), List.of("poison"), good.subList(500, 999))
                    .flatMap(List::stream)
                    .toList();
            assertThat(evefan.post("/v1/batch", Load.batch(ids)).statusCode()).isEqualTo(200);

            // Then
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(ids()).containsAll(good).doesNotContain("poison"));
        }
    }

    private static List<String> ids() throws Exception {
        return Tracks.ids(POSTGRES.settings().url(), POSTGRES.schema());
    }
}
