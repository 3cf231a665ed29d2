package com.evefan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More fails than the store of the embedded broker holds. */
class FullBrokerIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final int REQUESTS = 90;
    private static final int EVENTS = 10;
    private static final String PADDING = "x".repeat(100_000);

    @TempDir
    Path directory;

    @Test
    void leavesTheRestInTheJournalAndTheOtherDestinationAlone() throws Exception {
        try (TwoDestinations both =
                TwoDestinations.start(directory, Map.of("evefan.activemq.store-bytes", "67108864"))) {
            Operator operator = both.operator();
            both.flaky().answer(events -> 422);

            // When
            for (int request = 0; request < REQUESTS; request++) {
                assertThat(both.evefan().post("/v1/batch", megabyte(request)).statusCode())
                        .isEqualTo(200);
            }

            // Then
            int all = REQUESTS * EVENTS;
            await().atMost(LIMIT).until(() -> operator.count("steady", "delivered") == all);
            assertThat(both.steady().taken()).isEqualTo(TwoDestinations.ids("big", all));
            await().atMost(LIMIT)
                    .until(() ->
                            operator.health("flaky").path("message").asText().contains("wait for the broker"));
            long kept = operator.count("flaky", "rejected");
            assertThat(kept).isPositive().isLessThan(all);
            assertThat(operator.count("flaky", "pending")).isEqualTo(all - kept);

            // When
            both.flaky().answer(events -> 200);
            operator.json("DELETE", "/v1/dead-letters/flaky?all=true");

            // Then
            await().atMost(LIMIT).until(() -> operator.count("flaky", "pending") == 0);
            assertThat(operator.count("flaky", "rejected") + operator.count("flaky", "delivered"))
                    .isEqualTo(all);
            assertThat(both.flaky().taken()).doesNotHaveDuplicates().isSubsetOf(TwoDestinations.ids("big", all));
        }
    }

    private static String megabyte(int request) {
        return IntStream.range(request * EVENTS, (request + 1) * EVENTS)
                .mapToObj(i -> "{\"type\":\"track\",\"userId\":\"u\",\"event\":\"Big\",\"messageId\":\"big" + i
                        + "\",\"properties\":{\"padding\":\"" + PADDING + "\"}}")
                .collect(Collectors.joining(",", "{\"batch\":[", "]}"));
    }
}
