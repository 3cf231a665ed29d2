package com.evefan.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DeadLetterTest {
    private static final Instant NOW = Instant.parse("2026-11-23T03:00:00Z");
    private static final String EVENT =
            "{\"type\":\"track\",\"messageId\":\"m1\",\"source\":\"web\",\"timestamp\":\"2026-11-23T02:00:00.000Z\","
                    + "\"receivedAt\":\"2026-11-23T02:00:01.000Z\",\"userId\":\"u\",\"event\":\"Order\","
                    + "\"properties\":{\"n\":1.0E21,\"half\":\"\\ud800\",\"x\":\",\\\"event\\\":\"}}";

    @Test
    void givesTheEventBackByteByByte() {
        String reason = "bad \",\"event\":\" value}";
        String json =
                new Envelope("postgres", reason, "22P02", 2, NOW, NOW, EVENT.getBytes(StandardCharsets.UTF_8)).toJson();

        // When
        DeadLetter letter = DeadLetter.of(json);

        // Then
        assertThat(new String(letter.event().json(), StandardCharsets.UTF_8)).isEqualTo(EVENT);
        assertThat(letter.eventName()).isEqualTo("Order");
        assertThat(letter.reason()).isEqualTo(reason);
        assertThat(letter.json().path("attempts").asInt()).isEqualTo(2);
    }

    @Test
    void keepsWhatIsNoJsonAsText() {
        String json = new Envelope(
                        "ingest", "too large", "invalid", 1, NOW, NOW, "{\"a\":".getBytes(StandardCharsets.UTF_8))
                .toJson();

        // Then
        assertThat(DeadLetter.of(json).json().path("event").asText()).isEqualTo("{\"a\":");
    }

    @Test
    void filtersByReasonErrorNameAndTime() throws Exception {
        DeadLetter letter = DeadLetter.of(
                new Envelope("postgres", "Bad Number", "22P02", 1, NOW, NOW, EVENT.getBytes(StandardCharsets.UTF_8))
                        .toJson());

        // Then
        assertThat(Filter.ALL.matches(letter)).isTrue();
        assertThat(new Filter("number", "22P02", "Order", "m1", NOW, NOW.plusSeconds(1)).matches(letter))
                .isTrue();
        assertThat(new Filter(null, "23505", null, null, null, null).matches(letter))
                .isFalse();
        assertThat(new Filter(null, null, null, null, null, NOW).matches(letter))
                .isFalse();
    }
}
