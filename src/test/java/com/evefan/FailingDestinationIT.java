package com.evefan;

import static com.evefan.TwoDestinations.ids;
import static com.evefan.TwoDestinations.taken;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two destinations over HTTP, of which one fails in every way. */
class FailingDestinationIT {
    private static final Duration LIMIT = Duration.ofSeconds(45);

    @TempDir
    static Path directory;

    private static TwoDestinations both;
    private static WebHook flaky;
    private static WebHook steady;
    private static Operator operator;

    @BeforeAll
    static void start() throws Exception {
        both = TwoDestinations.start(directory, Map.of());
        flaky = both.flaky();
        steady = both.steady();
        operator = both.operator();
    }

    @AfterAll
    static void stop() {
        both.close();
    }

    @AfterEach
    void mend() {
        flaky.answer(events -> 200);
        await().atMost(LIMIT)
                .until(() -> operator.health("flaky").path("status").asText().equals("up")
                        && operator.count("flaky", "pending") == 0);
    }

    @Test
    void keepsTheOrderOverAnOutageThatTheOtherDestinationDoesNotFeel() throws Exception {
        flaky.answer(events -> 500);

        // When
        operator.send("order", 0, 500);
        await().atMost(LIMIT)
                .until(() -> operator.health("flaky").path("status").asText(), "retrying"::equals);
        operator.send("order", 500, 1000);

        // Then
        await().atMost(LIMIT).until(() -> taken(steady, "order").size() == 1000);
        assertThat(operator.health("flaky").path("errors").get(0).path("reason").asText())
                .startsWith("HTTP");
        flaky.answer(events -> 200);
        await().atMost(LIMIT).until(() -> taken(flaky, "order").size() >= 1000);
        assertThat(taken(flaky, "order")).isEqualTo(ids("order", 1000)).isEqualTo(taken(steady, "order"));
    }

    @Test
    void leavesADestinationAloneForAsLongAsItAsks() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        flaky.answer(events -> asked.incrementAndGet() == 1 ? 429 : 200);

        // When
        long begin = System.nanoTime();
        operator.send("patience", 0, 1);

        // Then
        await().atMost(LIMIT).until(() -> taken(flaky, "patience").size() == 1);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(Duration.ofSeconds(3));
        assertThat(asked).hasValue(2);
    }

    @Test
    void waitsForAnOperatorWhenTheSetUpIsWrong() throws Exception {
        flaky.answer(events -> 401);

        // When
        operator.send("password", 0, 10);

        // Then
        await().atMost(LIMIT)
                .until(() -> operator.health("flaky").path("status").asText(), "set-up error"::equals);
        assertThat(operator.health("flaky").path("message").asText()).contains("check its address and credentials");
        assertThat(operator.count("flaky", "deadLetters")).isZero();
        flaky.answer(events -> 200);
        assertThat(operator.request("POST", "/v1/destinations/flaky/retry").statusCode())
                .isEqualTo(200);
        await().atMost(LIMIT).until(() -> taken(flaky, "password").size() == 10);
    }

    @Test
    void survivesADestinationThatHangsUp() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        flaky.answer(events -> calls.incrementAndGet() <= 2 ? 0 : 200);

        // When
        operator.send("hangup", 0, 3);

        // Then
        await().atMost(LIMIT).until(() -> taken(flaky, "hangup").size() == 3);
    }

    @Test
    void goesOnWhenADestinationHangs() throws Exception {
        CountDownLatch hanging = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        flaky.answer(events -> calls.incrementAndGet() <= 2 && hanging.await(1, TimeUnit.MINUTES) ? 500 : 200);

        // When
        operator.send("stuck", 0, 10);

        // Then
        await().atMost(LIMIT).until(() -> taken(steady, "stuck").size() == 10);
        await().atMost(LIMIT).until(() -> taken(flaky, "stuck").equals(ids("stuck", 10)));
        assertThat(calls).hasValue(3);
        assertThat(operator.health("flaky").path("errors").findValuesAsText("reason"))
                .contains("SocketTimeoutException");
        hanging.countDown();
    }

    @Test
    void findsTheGuiltyEventAndReplaysItWhenTheDestinationIsMended() throws Exception {
        int before = flaky.requests();
        flaky.answer(events -> events.stream()
                        .anyMatch(event -> event.path("messageId").asText().equals("split17"))
                ? 422
                : 200);

        // When
        operator.send("split", 0, 64);

        // Then
        await().atMost(LIMIT).until(() -> operator.count("flaky", "rejected") == 1);
        assertThat(taken(flaky, "split")).hasSize(63);
        assertThat(flaky.requests() - before).isLessThanOrEqualTo(14);
        JsonNode letter = operator.json("GET", "/v1/dead-letters/flaky?error=HTTP%20422")
                .path("deadLetters")
                .get(0);
        assertThat(letter.path("event").path("messageId").asText()).isEqualTo("split17");
        assertThat(letter.path("attempts").asInt()).isEqualTo(1);

        // When
        flaky.answer(events -> 200);
        JsonNode replayed = operator.json("POST", "/v1/dead-letters/flaky/replay?event=split");

        // Then
        assertThat(replayed.path("moved").asInt()).as(replayed.toString()).isEqualTo(1);
        await().atMost(LIMIT).until(() -> taken(flaky, "split").contains("split17"));
        await().atMost(LIMIT).until(() -> operator.count("flaky", "rejected") == 0);
    }

    @Test
    void deletesOnlyWhatIsAskedFor() throws Exception {
        flaky.answer(events -> 422);
        operator.send("unwanted", 0, 3);
        await().atMost(LIMIT).until(() -> operator.count("flaky", "deadLetters") == 3);

        // When
        int unsaid = operator.request("DELETE", "/v1/dead-letters/flaky").statusCode();
        JsonNode one = operator.json("DELETE", "/v1/dead-letters/flaky?messageId=unwanted1");

        // Then
        assertThat(unsaid).isEqualTo(400);
        assertThat(one.path("deleted").asInt()).isEqualTo(1);
        assertThat(operator.request("GET", "/v1/dead-letters/flaky/export")
                        .body()
                        .lines())
                .hasSize(2);
        operator.json("DELETE", "/v1/dead-letters/flaky?all=true");
        assertThat(operator.count("flaky", "deadLetters")).isZero();
    }

    @Test
    void keepsTheEventsOfAStoppedDestination() throws Exception {
        var routes = both.evefan().camelContext().getRouteController();
        routes.stopRoute("flaky");

        // When
        operator.send("stopped", 0, 5);

        // Then
        await().atMost(LIMIT).until(() -> operator.count("flaky", "pending") == 5);
        assertThat(operator.health("flaky").path("status").asText()).isEqualTo("disabled");
        routes.startRoute("flaky");
        await().atMost(LIMIT).until(() -> taken(flaky, "stopped").size() == 5);
    }

    @Test
    void keepsWhatWasNotAccepted() throws Exception {
        // When
        both.evefan().post("/v1/track", "{\"event\":\"nobody\"}");

        // Then
        await().atMost(LIMIT)
                .until(() -> operator.json("GET", "/v1/dead-letters/ingest")
                                .path("deadLetters")
                                .size()
                        == 1);
        assertThat(operator.json("DELETE", "/v1/dead-letters/ingest?all=true")
                        .path("deleted")
                        .asInt())
                .isEqualTo(1);
        assertThat(operator.json("GET", "/v1/health").path("destinations").has("ingest"))
                .isFalse();
    }
}
