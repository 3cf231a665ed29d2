package com.evefan.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventRulesTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "type":"track","userId":"u"                       | event is required on a track call
            "type":"track","userId":"u","event":""            | event is required on a track call
            "type":"track","userId":"u","event":null          | event is required on a track call
            "type":"track","userId":"u","event":5             | event must be a string on a track call, was a number
            "type":"track","event":"x"                        | userId or anonymousId is required on a track call
            "type":"track","event":"x","userId":""            | userId or anonymousId is required on a track call
            "type":"identify"                                 | userId or anonymousId is required on an identify call
            "type":"group","userId":"u"                       | groupId is required on a group call
            "type":"group","groupId":"g"                      | userId or anonymousId is required on a group call
            "type":"alias","previousId":"p"                   | userId is required on an alias call
            "type":"alias","userId":"u"                       | previousId or anonymousId is required on an alias call
            "type":"page","userId":{}                         | userId must be a string, was an object
            "type":"page","userId":"u","anonymousId":true     | anonymousId must be a string, was a boolean
            "type":"group","userId":"u","groupId":[1]         | groupId must be a string, was an array
            "type":"alias","userId":"u","previousId":false    | previousId must be a string, was a boolean
            "type":"page","userId":"u","context":"x"          | context must be an object, was a string
            "type":"page","userId":"u","properties":[1]       | properties must be an object, was an array
            "type":"page","userId":"u","traits":1             | traits must be an object, was a number
            "type":"page","userId":"u","integrations":true    | integrations must be an object, was a boolean
            "userId":"u"                                      | type is required: one of track, identify, page, screen, group, alias
            "type":"foo"                                      | type must be one of track, identify, page, screen, group, alias; was "foo"
            "type":"Track"                                    | type must be one of track, identify, page, screen, group, alias; was "Track"
            "type":7                                          | type must be one of track, identify, page, screen, group, alias; was a number
            """)
    void namesTheMemberAndWhatWasExpected(String members, String error) throws Exception {
        // When
        ReadResult result = Requests.read("{" + members + "}");

        // Then
        assertThat(result.invalid()).extracting(Invalid::error).containsExactly(error);
        assertThat(result.accepted().size()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"type\":\"page\",\"userId\":null,\"anonymousId\":\"a\"",
                "\"type\":\"page\",\"userId\":5",
                "\"type\":\"identify\",\"userId\":\"u\"",
                "\"type\":\"identify\",\"userId\":\"u\",\"traits\":null,\"properties\":null,\"context\":null,\"integrations\":null",
                "\"type\":\"group\",\"userId\":\"u\",\"groupId\":5",
                "\"type\":\"alias\",\"userId\":\"u\",\"previousId\":9",
                "\"type\":\"alias\",\"userId\":\"u\",\"anonymousId\":\"a\"",
                "\"type\":\"screen\",\"userId\":\"u\",\"timestamp\":5,\"sentAt\":{},\"originalTimestamp\":[]",
                "\"type\":\"page\",\"userId\":\"u\",\"name\":1,\"category\":[],\"foo\":null"
            })
    void acceptsWhatNeedNotBeRefused(String members) throws Exception {
        assertThat(Requests.read("{" + members + "}").accepted().size()).isEqualTo(1);
    }

    @Test
    void takesTheTypeFromThePathWhereTheBodyHasNone() throws Exception {
        Optional<EventType> page = Optional.of(EventType.PAGE);
        for (String type : List.of("", "\"type\":null,", "\"type\":\"\",")) {
            ReadResult result = Requests.read("{" + type + "\"userId\":\"u\"}", page, Optional.empty());
            assertThat(result.accepted().events()).extracting(Event::type).containsExactly(EventType.PAGE);
        }
        ReadResult other = Requests.read("{\"type\":\"screen\",\"userId\":\"u\"}", page, Optional.empty());
        assertThat(other.accepted().events()).extracting(Event::type).containsExactly(EventType.SCREEN);
    }

    @Test
    void costsAnOversizedEventOnlyItself() throws Exception {
        // Given
        EventLimits limits = new EventLimits(400, 9, 4_000, 5, 20, 30, 10, 1);
        String good = "{\"type\":\"page\",\"userId\":\"u\"}";
        String body = "{\"batch\":[" + good
                + ",{\"a\":\"" + "é".repeat(300) + "\"}"
                + ",{\"a\":[[{\"b\":[[1]]}]]}"
                + ",{\"a\":" + "1".repeat(21) + "}"
                + ",{\"a\":{\"" + "n".repeat(31) + "\":1}}"
                + ",{\"type\":\"page\",\"userId\":\"u\",\"messageId\":\"12345678901\"}"
                + "," + good + "]}";

        // When
        ReadResult result = Requests.reader(limits)
                .parse(body.getBytes(StandardCharsets.UTF_8))
                .read("web", Optional.empty(), Optional.empty());

        // Then
        assertThat(result.accepted().size()).isEqualTo(2);
        assertThat(result.invalid())
                .extracting(Invalid::error)
                .containsExactly(
                        "the event is 608 bytes; at most 400 are accepted",
                        "objects and arrays are nested 6 levels deep; at most 5 are accepted",
                        "a number is 21 characters long; at most 20 are accepted",
                        "a member name is 31 characters long; at most 30 are accepted",
                        "messageId is 11 bytes long; at most 10 are accepted");
        assertThat(result.invalid().get(0).json()).hasSize(400);
        assertThat(new String(result.invalid().get(0).json(), StandardCharsets.UTF_8))
                .endsWith("é")
                .doesNotContain("\uFFFD");
    }

    @Test
    void refusesARequestOverItsLimits() throws Exception {
        // Given
        EventLimits limits = new EventLimits(4_000, 3, 5_000, 5, 20, 30, 10, 1);
        String event = "{\"type\":\"page\",\"userId\":\"u\"}";

        // Then
        assertThat(Requests.reader(limits)
                        .parse(("{\"context\":{\"a\":\"" + "x".repeat(4_000) + "\"},\"batch\":[" + event + "]}")
                                .getBytes(StandardCharsets.UTF_8))
                        .read("web", Optional.empty(), Optional.empty())
                        .invalid())
                .extracting(Invalid::error)
                .containsExactly("the event with its batch's context is 4036 bytes; at most 4000 are accepted");
        assertTooLarge(limits, "{\"batch\":[1,2,3,4]}", "batch has more than the 3 events a request may have");
        assertTooLarge(
                limits,
                "{\"context\":{\"a\":\"" + "x".repeat(2_000) + "\"},\"batch\":[" + event + "," + event + "," + event
                        + "]}",
                "over the limit of 5000 bytes");
    }

    private static void assertTooLarge(EventLimits limits, String body, String text) {
        assertThatThrownBy(() -> Requests.reader(limits)
                        .parse(body.getBytes(StandardCharsets.UTF_8))
                        .read("web", Optional.empty(), Optional.empty()))
                .isInstanceOf(RequestTooLargeException.class)
                .hasMessageContaining(text);
    }

    @Test
    void namesTheLimitThatMakesNoSense() {
        assertThatThrownBy(() -> EventLimits.of(0, 1, 1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("evefan.ingest.max-event-bytes must be at least 1, was 0");
        assertThatThrownBy(() -> EventLimits.of(1, 1, 100_000, 1)).hasMessageContaining("evefan.ingest.max-depth");
    }
}
