package com.evefan.destination.mixpanel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.evefan.WholeRun;
import com.evefan.destination.mixpanel.MixpanelServer.Fault;
import com.evefan.destination.postgres.PostgresExtension;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The whole of Evefan against a Mixpanel that fails often, killed in the middle. */
class MixpanelWholeRunIT {
    private static final int ONE_BAD_IN = 500;
    private static final Fault[] FAULTS = {
        Fault.RATE_LIMITED, Fault.ERROR, Fault.UNAVAILABLE, Fault.RESET, Fault.TAKE_AND_RESET, Fault.SHORT_COUNT
    };

    @RegisterExtension
    static final PostgresExtension POSTGRES = PostgresExtension.embedded();

    @TempDir
    Path directory;

    @Test
    void bringsEveryGoodEventOnceAndKeepsEveryBadOneWithItsReason() throws Exception {
        Random random = new Random(7);
        try (MixpanelServer server = new MixpanelServer("the-token")) {
            Map<String, String> properties = Map.of(
                    "evefan.postgres.url", POSTGRES.settings().url(),
                    "evefan.postgres.schema", POSTGRES.schema(),
                    "evefan.mixpanel.token", "the-token",
                    "evefan.mixpanel.base-url", server.url(),
                    "evefan.retry.max-delay-ms", "1000");
            try (WholeRun run = WholeRun.start(directory, properties)) {
                // When
                run.send(i -> {
                    if (i % (WholeRun.EVENTS / 10) == 0) {
                        server.fail("/import", FAULTS[random.nextInt(FAULTS.length)]);
                    }
                    return event(i);
                });

                // Then
                int bad = WholeRun.EVENTS / ONE_BAD_IN;
                await().atMost(Duration.ofSeconds(120 + WholeRun.EVENTS / 500))
                        .untilAsserted(() -> assertThat(server.store.events).hasSize(WholeRun.EVENTS - bad));
                List<JsonNode> letters = run.deadLetters("mixpanel");
                assertThat(letters)
                        .allSatisfy(letter ->
                                assertThat(letter.path("reason").asText()).contains("time"));
                assertThat(letters.stream()
                                .map(letter ->
                                        letter.path("event").path("messageId").asText())
                                .collect(Collectors.toSet()))
                        .hasSize(bad)
                        .allMatch(id -> id.startsWith("bad-"));
            }
        }
    }

    private static String event(int i) {
        boolean bad = i % ONE_BAD_IN == 250;
        return "{\"type\":\"track\",\"messageId\":\"" + (bad ? "bad-" : "m-") + i + "\",\"userId\":\"u-" + i
                + "\",\"event\":\"Order Completed\",\"properties\":{\"revenue\":" + i + "}"
                + (bad ? ",\"timestamp\":\"1960-01-01T00:00:00Z\"}" : "}");
    }
}
