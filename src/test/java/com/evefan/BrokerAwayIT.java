package com.evefan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An external broker that is away at the start, comes, is killed and comes back with its store. */
class BrokerAwayIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private String url;
    private TwoDestinations both;
    private Operator operator;

    @BeforeEach
    void start() throws Exception {
        url = "tcp://127.0.0.1:" + RunningEvefan.freePort();
        both = TwoDestinations.start(directory, Map.of("evefan.activemq.url", "failover:(" + url + ")"));
        operator = both.operator();
    }

    @AfterEach
    void stop() {
        both.close();
    }

    @Test
    void eventsStayInTheJournalUntilTheBrokerIsBack() throws Exception {
        both.flaky().answer(events -> 500);
        operator.send("away", 0, 100);
        await().atMost(LIMIT).until(() -> broker("status").equals("down"));
        assertThat(operator.count("flaky", "pending")).isEqualTo(100);
        await().atMost(LIMIT).until(() -> operator.count("steady", "delivered") == 100);
        both.evefan().post("/v1/track", "{\"event\":\"nobody\"}");
        await().atMost(LIMIT)
                .until(() -> operator.json("GET", "/v1/health")
                                .path("refused")
                                .path("kept")
                                .asInt()
                        == 1);

        // When
        try (ExternalBroker first = broker()) {
            await().atMost(LIMIT).until(() -> broker("status").equals("up"));
            await().atMost(LIMIT)
                    .until(() -> operator.json("GET", "/v1/dead-letters/ingest")
                                    .path("deadLetters")
                                    .size()
                            == 1);
            first.kill();
        }
        await().atMost(LIMIT).until(() -> broker("status").equals("down"));
        operator.send("away", 100, 200);
        await().atMost(LIMIT).until(() -> operator.count("steady", "delivered") == 200);

        // Then
        try (ExternalBroker second = broker()) {
            await().atMost(LIMIT).until(() -> broker("status").equals("up"));
            both.flaky().answer(events -> 200);
            await().atMost(LIMIT).until(() -> operator.count("flaky", "delivered") == 200);
            assertThat(both.flaky().taken().stream().distinct().toList()).isEqualTo(TwoDestinations.ids("away", 200));
            assertThat(second).isNotNull();
        }
    }

    @Test
    void onlyABatchWithRejectedEventsWaitsForTheBroker() throws Exception {
        both.flaky()
                .answer(events -> events.stream()
                                .anyMatch(event ->
                                        event.path("messageId").asText().equals("bad2"))
                        ? 422
                        : 200);

        // When
        operator.send("good", 0, 5);
        await().atMost(LIMIT).until(() -> operator.count("flaky", "delivered") == 5);
        operator.send("bad", 0, 5);

        // Then
        await().atMost(LIMIT)
                .until(() -> operator.health("flaky").path("message").asText().contains("wait for the broker"));
        assertThat(operator.count("flaky", "delivered")).isEqualTo(9);
        try (ExternalBroker back = broker()) {
            await().atMost(LIMIT).until(() -> operator.count("flaky", "rejected") == 1);
            operator.send("after", 0, 5);
            await().atMost(LIMIT).until(() -> operator.count("flaky", "delivered") == 14);
            assertThat(both.flaky().taken()).doesNotHaveDuplicates();
            assertThat(operator.health("flaky").path("status").asText()).isEqualTo("up");
            assertThat(back).isNotNull();
        }
    }

    private String broker(String member) throws Exception {
        return operator.json("GET", "/v1/health").path("broker").path(member).asText();
    }

    private ExternalBroker broker() throws IOException {
        return ExternalBroker.start(directory, url);
    }
}
