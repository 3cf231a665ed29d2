package com.evefan.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedactionTest {
    private static final String EMAIL_HASH =
            Redaction.of(List.of(), List.of("x"), "pepper").hash("ada@example.org".getBytes(UTF_8));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '#',
            value = {
                "a        | {\"a\":1,\"b\":2}                   | {\"b\":2}",
                "b        | {\"a\":1,\"b\":2}                   | {\"a\":1}",
                "b        | {\"a\":1 , \"b\" : [1,{\"b\":2}] }  | {\"a\":1  }",
                "a        | {\"a\":1}                           | {}",
                "a b      | {\"x\":0,\"a\":1,\"b\":2}           | {\"x\":0}",
                "p.e      | {\"p\":{\"e\":1,\"f\":2},\"e\":3}   | {\"p\":{\"f\":2},\"e\":3}",
                "p.e      | {\"p\":[{\"e\":1},{\"e\":2,\"f\":3}]} | {\"p\":[{},{\"f\":3}]}",
                "p.e      | {\"p\":{\"e\":1,\"\\u0065\":2}}     | {\"p\":{}}",
                "p.e      | {\"p\":\"e\"}                       | {\"p\":\"e\"}",
                "nothing  | {\"a\":1}                           | {\"a\":1}",
            })
    void dropsMembersByTheirPath(String paths, String event, String expected) {
        // When
        byte[] kept = Redaction.of(List.of(paths.split(" ")), List.of(), "").apply(event.getBytes(UTF_8));

        // Then
        assertThat(new String(kept, UTF_8)).isEqualTo(expected);
    }

    @Test
    void keepsTheSaltedHashOfMembersInTheirPlace() throws Exception {
        // Given
        Redaction redaction = Redaction.of(List.of("context.ip"), List.of("traits.email", "userId"), "pepper");
        String body = "{\"type\":\"identify\",\"userId\":\"ada@example.org\","
                + "\"traits\":{\"email\":\"ada@example.org\",\"n\":1.0E21,\"emails\":[\"x\"]},\"context\":{}}";

        // When
        Event event = accepted(body, redaction);

        // Then
        String json = new String(event.json(), UTF_8);
        assertThat(json).doesNotContain("ada@", "203.0.113.7").contains("1.0E21");
        var tree = new ObjectMapper().readTree(json);
        assertThat(tree.at("/traits/email").asText()).isEqualTo(EMAIL_HASH).hasSize(64);
        assertThat(tree.at("/userId").asText()).isEqualTo(EMAIL_HASH);
        assertThat(tree.at("/context").isEmpty()).isTrue();
        assertThat(EventCodec.decode(EventCodec.encode(List.of(event)))).hasSize(1);
    }

    @Test
    void hashesWithAnotherSaltToAnotherHash() {
        assertThat(Redaction.of(List.of(), List.of("x"), "salt").hash("ada@example.org".getBytes(UTF_8)))
                .isNotEqualTo(EMAIL_HASH);
    }

    @Test
    void keepsNothingOfItInRejectedEventsEither() throws Exception {
        // Given
        Redaction redaction = Redaction.of(List.of("properties.email"), List.of(), "");

        // When
        ReadResult result = read("{\"type\":\"track\",\"properties\":{\"email\":\"ada@example.org\"}}", redaction);

        // Then
        assertThat(new String(result.invalid().get(0).json(), UTF_8))
                .isEqualTo("{\"type\":\"track\",\"properties\":{}}");
    }

    @ParameterizedTest
    @CsvSource({"type", "messageId", "context", "integrations.All", "a..b", "a."})
    void refusesPathsThatEvefanNeedsOrThatAreNone(String path) {
        assertThatThrownBy(() -> Redaction.of(List.of(path), List.of(), ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(path);
    }

    @Test
    void needsASaltToHash() {
        assertThatThrownBy(() -> Redaction.of(List.of(), List.of("userId"), ""))
                .hasMessageContaining("evefan.privacy.salt");
    }

    private static Event accepted(String body, Redaction redaction) throws Exception {
        return read(body, redaction).accepted().events().get(0);
    }

    private static ReadResult read(String body, Redaction redaction) throws Exception {
        return Requests.READER
                .parse(body.getBytes(UTF_8))
                .read(new Arrival(
                        "web",
                        EventIds.PLAIN,
                        Optional.empty(),
                        "203.0.113.7",
                        SenderKind.BROWSER,
                        null,
                        Enrichment.NONE,
                        redaction));
    }
}
