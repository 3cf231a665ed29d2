package com.evefan.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.evefan.admin.ApiException;
import com.evefan.event.Invalid;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.apache.activemq.command.ActiveMQBytesMessage;
import org.apache.activemq.command.ActiveMQMapMessage;
import org.apache.activemq.command.ActiveMQMessage;
import org.apache.activemq.command.ActiveMQObjectMessage;
import org.apache.activemq.command.ActiveMQTextMessage;
import org.apache.activemq.util.ByteSequence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeadLetterTest {
    private static final Instant NOW = Instant.parse("2026-11-23T03:00:00Z");
    private static final String EVENT =
            "{\"type\":\"track\",\"messageId\":\"m1\",\"source\":\"web\",\"timestamp\":\"2026-11-23T02:00:00.000Z\","
                    + "\"receivedAt\":\"2026-11-23T02:00:01.000Z\",\"userId\":\"u\",\"event\":\"Order\","
                    + "\"properties\":{\"n\":1.0E21,\"half\":\"\\ud800\",\"x\":\",\\\"event\\\":\"}}";

    private static Envelope envelope(String reason, String error) {
        return new Envelope("postgres", reason, error, 2, NOW, NOW, EVENT.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void givesTheEventBackByteByByte() {
        String reason = "bad \",\"event\":\" value}";

        // When
        DeadLetter letter = DeadLetter.of(envelope(reason, "22P02").toJson());

        // Then
        assertThat(new String(letter.event().json(), StandardCharsets.UTF_8)).isEqualTo(EVENT);
        assertThat(letter.eventName()).isEqualTo("Order");
        assertThat(letter.reason()).isEqualTo(reason);
        assertThat(letter.attempts()).isEqualTo(2);
        assertThat(letter.isForeign()).isFalse();
    }

    @Test
    void readsBytesAsWell() {
        ActiveMQBytesMessage message = new ActiveMQBytesMessage();
        message.setContent(new ByteSequence(envelope("r", "e").toJson().getBytes(StandardCharsets.UTF_8)));
        message.setReadOnlyBody(true);

        // Then
        assertThat(DeadLetter.of(message).messageId()).isEqualTo("m1");
    }

    @Test
    void keepsWhatIsNoJsonAsText() {
        Invalid invalid = new Invalid(0, null, "too large", "{\"a\":".getBytes(StandardCharsets.UTF_8));

        // When
        DeadLetter letter = DeadLetter.of(Envelope.refused(invalid, null, NOW).toJson());

        // Then
        assertThat(letter.json().path("event").asText()).isEqualTo("{\"a\":");
        assertThat(letter.isForeign()).isFalse();
    }

    @Test
    void namesWhoSentWhatWasRefused() {
        Invalid.Sender sender = new Invalid.Sender("web", "203.0.113.9", "curl/8");
        Invalid known = new Invalid(
                0,
                "m",
                "event is required",
                "{\"context\":{\"library\":{\"name\":\"analytics.js\",\"version\":\"4.1.2\"}}}"
                        .getBytes(StandardCharsets.UTF_8));
        Invalid unknown = new Invalid(1, "m", "event is required", "{\"type\":".getBytes(StandardCharsets.UTF_8));

        // When
        DeadLetter first = DeadLetter.of(Envelope.refused(known, sender, NOW).toJson());
        DeadLetter second = DeadLetter.of(Envelope.refused(unknown, sender, NOW).toJson());

        // Then
        assertThat(first.json().path("source").asText()).isEqualTo("web");
        assertThat(first.json().path("address").asText()).isEqualTo("203.0.113.9");
        assertThat(first.json().path("sdk").asText()).isEqualTo("analytics.js 4.1.2");
        assertThat(first.lastFailure()).isEqualTo(NOW);
        assertThat(second.json().path("sdk").asText()).isEqualTo("curl/8");
    }

    @Test
    void looksAtForeignMessagesFromOutside() throws Exception {
        ActiveMQObjectMessage object = new ActiveMQObjectMessage();
        // No class at all: whoever deserialises it fails.
        object.setContent(new ByteSequence(new byte[] {1, 2, 3}));
        object.setStringProperty("who", "somebody");
        ActiveMQTextMessage garbage = new ActiveMQTextMessage();
        garbage.setText("{\"version\":1,\"destination\":\"postgres\",\"reason\":\"no event\"");
        ActiveMQTextMessage other = new ActiveMQTextMessage();
        other.setText("{\"order\":1}");
        ActiveMQMessage compressed = new ActiveMQTextMessage();
        compressed.setContent(new ByteSequence(new byte[] {9, 9}));
        compressed.setCompressed(true);

        // Then
        for (ActiveMQMessage message : new ActiveMQMessage[] {
            object, garbage, other, compressed, new ActiveMQMapMessage(), new ActiveMQMessage()
        }) {
            DeadLetter letter = DeadLetter.of(message);
            assertThat(letter.isForeign()).as(letter.text()).isTrue();
            assertThat(letter.text()).doesNotContain("\n").contains("\"foreign\":true");
        }
        assertThat(DeadLetter.of(object).json().path("messageType").asText()).isEqualTo("object");
        assertThat(DeadLetter.of(object).json().path("properties").path("who").asText())
                .isEqualTo("somebody");
        assertThat(DeadLetter.of(other).json().path("text").asText()).isEqualTo("{\"order\":1}");
    }

    @Test
    void filtersByReasonErrorNameUserAndTime() throws Exception {
        DeadLetter letter = DeadLetter.of(envelope("Bad Number", "22P02").toJson());

        // Then
        assertThat(matches(letter, null)).isTrue();
        assertThat(matches(
                        letter,
                        "reason=number&error=22P02&event=Order&messageId=m1&userId=u&since=" + NOW + "&until="
                                + NOW.plusSeconds(1)))
                .isTrue();
        assertThat(matches(letter, "error=23505")).isFalse();
        assertThat(matches(letter, "userId=x")).isFalse();
        assertThat(matches(letter, "until=" + NOW)).isFalse();
        assertThat(matches(letter, "reason=%42ad+Number")).isTrue();
    }

    private static boolean matches(DeadLetter letter, String query) throws ApiException {
        return Filter.of(Filter.parameters(query)).matches(letter);
    }

    @ParameterizedTest
    @ValueSource(strings = {"eror=22003", "error", "error=", "error=1&error=2", "Error=1", "%zz=1", "&", "since=now"})
    void refusesWhatIsNoFilter(String query) {
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> Filter.of(Filter.parameters(query)))
                .satisfies(e -> assertThat(e.status()).isEqualTo(400));
    }

    @Test
    void namesTheFiltersThatThereAre() throws Exception {
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> Filter.parameters("eror=22003", "limit"))
                .withMessage(
                        "there is no filter eror; known are reason, error, event, messageId, userId, since, until, id, group, limit");
        assertThat(Filter.parameters("limit=5", "limit")).isEqualTo(Map.of("limit", "5"));
    }

    @Test
    void isNamedByItsTextAndItsGroupByWhy() {
        // Given
        DeadLetter one =
                letter("22003", "numeric overflow: column \"price\"\nDETAIL: 1", "{\"properties\":{\"price\":1}}");
        DeadLetter same =
                letter("22003", "numeric overflow: column \"price\"\nDETAIL: 2", "{\"properties\":{\"price\":2}}");
        DeadLetter other = letter("22003", "numeric overflow: column \"tax\"", "{}");

        // Then
        assertThat(one.id())
                .isNotEqualTo(same.id())
                .isEqualTo(DeadLetter.of(one.text()).id());
        assertThat(one.group()).isEqualTo(same.group()).isNotEqualTo(other.group());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "overflow of column \"price\" | properties.price",
                "ERROR: column price takes less | properties.price",
                "{\"error\":\"properties.price must be a number\"} | properties.price",
                "column \"context_page_url\" is too long | context.page.url",
                "messageId must be a string | messageId",
                "HTTP 400 of crm.example.com | ''",
                "'constructor.prototype.__proto__' | ''"
            })
    void namesTheGuiltyFieldWhereTheReasonDoes(String reason, String field) {
        assertThat(letter(
                                "e",
                                reason,
                                "{\"messageId\":\"m\",\"properties\":{\"price\":1},\"context\":{\"page\":{\"url\":\"x\"}}}")
                        .field())
                .isEqualTo(field);
    }

    private static DeadLetter letter(String error, String reason, String event) {
        java.time.Instant now = java.time.Instant.parse("2026-11-28T03:00:00Z");
        return DeadLetter.of(
                new Envelope("crm", reason, error, 1, now, now, event.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                        .toJson());
    }
}
