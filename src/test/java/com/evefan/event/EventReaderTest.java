package com.evefan.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventReaderTest {
    private static final String HEAD = "{\"type\":\"track\",\"messageId\":\"m\",\"source\":\"web\","
            + "\"timestamp\":\"2026-04-01T12:00:00.000Z\",\"receivedAt\":\"2026-04-01T12:00:00.000Z\"";

    @Test
    void writesTheAcceptedFormWithItsFixedMembersFirst() throws Exception {
        // Given
        String body = "{\"event\":\"x\",\"properties\":{\"n\":1.0E21,\"big\":12345678901234567890,\"u\":\"\\ud800\"},"
                + "\"anonymousId\":\"a\",\"userId\":7,\"writeKey\":\"k\",\"source\":\"theirs\",\"receivedAt\":\"theirs\","
                + "\"integrations\":{\"Segment.io\":{},\"All\":true},\"sentAt\":\"2026-04-01T11:00:10.000Z\","
                + "\"timestamp\":\"2026-04-01T11:00:00.000Z\",\"messageId\":\"m\\u0031\",\"type\":\"track\"}";

        // When
        Event event = Requests.one(body);

        // Then
        assertThat(Requests.json(event))
                .isEqualTo("{\"type\":\"track\",\"messageId\":\"m\\u0031\",\"source\":\"web\","
                        + "\"timestamp\":\"2026-04-01T11:59:50.000Z\",\"receivedAt\":\"2026-04-01T12:00:00.000Z\","
                        + "\"originalTimestamp\":\"2026-04-01T11:00:00.000Z\",\"sentAt\":\"2026-04-01T11:00:10.000Z\","
                        + "\"integrations\":{\"Segment.io\":{},\"All\":true},\"userId\":\"7\",\"anonymousId\":\"a\",\"event\":\"x\","
                        + "\"properties\":{\"n\":1.0E21,\"big\":12345678901234567890,\"u\":\"\\ud800\"}}");
        assertThat(event.messageId()).isEqualTo("m1");
        assertThat(event.integrations()).isSameAs(Integrations.ALL);
    }

    @Test
    void replacesLineBreaksBetweenTokensOnly() throws Exception {
        // When
        Event event = Requests.one(
                "{\r\n\"event\":\"a\\nb\",\n\"messageId\":\"m\",\"userId\":\"u\",\"properties\":{\n\"a\":\r1}\n}\n");

        // Then
        assertThat(Requests.json(event))
                .isEqualTo(HEAD + ",\"userId\":\"u\",\"event\":\"a\\nb\",\"properties\":{ \"a\": 1}}");
    }

    @Test
    void mergesTheBatchUnderItsEvents() throws Exception {
        // Given
        String event = "{\"type\":\"track\",\"event\":\"x\",\"messageId\":\"m\",\"userId\":\"u\"";
        String body =
                "{\"batch\":[" + event + ",\"context\":{\"ip\":\"1.1.1.1\",\"b\":2},\"integrations\":{\"B\":true}},"
                        + event
                        + "}],\"context\":{\"library\":{\"name\":\"l\"},\"b\":1},\"integrations\":{\"A\":false,\"B\":false},"
                        + "\"sentAt\":\"never\"}";

        // When
        List<Event> events = Requests.read(body, Optional.empty(), Optional.of("9.9.9.9"))
                .accepted()
                .events();

        // Then
        String head = HEAD + ",\"sentAt\":\"never\",\"integrations\":{";
        assertThat(Requests.json(events.get(0)))
                .isEqualTo(head + "\"B\":true,\"A\":false},\"userId\":\"u\",\"event\":\"x\","
                        + "\"context\":{\"ip\":\"1.1.1.1\",\"b\":2,\"library\":{\"name\":\"l\"}}}");
        assertThat(events.get(0).integrations().byName())
                .containsEntry("a", false)
                .containsEntry("b", true);
        assertThat(Requests.json(events.get(1)))
                .isEqualTo(head + "\"A\":false,\"B\":false},\"userId\":\"u\",\"event\":\"x\","
                        + "\"context\":{\"library\":{\"name\":\"l\"},\"b\":1,\"ip\":\"9.9.9.9\"}}");
        assertThat(events.get(1).integrations().byName()).containsEntry("b", false);
    }

    @Test
    void addsTheSendersAddressWhereItIsMissing() throws Exception {
        String without = "{\"event\":\"x\",\"messageId\":\"m\",\"userId\":\"u\",\"context\":";
        assertThat(contextOf(without + "{}}")).isEqualTo("{\"ip\":\"2001:db8::1\"}}");
        assertThat(contextOf(without + "null}")).isEqualTo("{\"ip\":\"2001:db8::1\"}}");
        assertThat(contextOf(without + "{\"ip\":null}}")).isEqualTo("{\"ip\":null}}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "UNKNOWN | \"context\":{\"library\":{\"version\":\"1\",\"name\":\"analytics.js\"}}             | true",
                "UNKNOWN | \"context\":{\"library\":{\"name\":\"@segment/analytics-react-native\"}}           | true",
                "UNKNOWN | \"context\":{\"library\":{\"name\":\"com.rudderstack.android.sdk.core\"}}          | true",
                "UNKNOWN | \"context\":{\"library\":{\"name\":\"RudderLabs JavaScript SDK\"}}                 | true",
                "UNKNOWN | \"context\":{\"library\":{\"name\":\"analytics_flutter\"}}                         | true",
                "UNKNOWN | \"context\":{\"library\":{\"name\":\"@segment/analytics-node\"}}                   | false",
                "UNKNOWN | \"context\":{\"library\":{\"name\":\"analytics-node.js\"}}                         | false",
                "UNKNOWN | \"context\":{\"library\":{\"name\":\"acme NodeJS web SDK\"}}                       | false",
                "UNKNOWN | \"context\":{\"library\":{\"name\":\"js-backend\"}}                                | false",
                "UNKNOWN | \"context\":{\"library\":{\"name\":\"analytics-java\"}}                            | false",
                "UNKNOWN | \"context\":{\"library\":{\"name\":\"analytics-python\"}}                          | false",
                "UNKNOWN | \"context\":{\"library\":{\"name\":\"axios\"}}                                     | false",
                "UNKNOWN | \"context\":{\"library\":{\"name\":7}}                                             | false",
                "UNKNOWN | \"context\":{\"library\":[\"analytics.js\"]}                                       | false",
                "UNKNOWN | \"context\":{}                                                                     | false",
                "UNKNOWN | \"context\":null                                                                   | false",
                "UNKNOWN | \"channel\":\"web\"                                                                | true",
                "UNKNOWN | \"context\":{\"channel\":\"Mobile\"}                                               | true",
                "UNKNOWN | \"channel\":\"server\",\"context\":{\"library\":{\"name\":\"analytics.js\"}}         | false",
                "UNKNOWN | \"channel\":3,\"context\":{\"library\":{\"name\":\"analytics.js\"}}                   | true",
                "BROWSER | \"channel\":\"server\"                                                             | true",
                "MOBILE  | \"context\":{}                                                                     | true",
                "SERVER  | \"context\":{\"library\":{\"name\":\"analytics.js\"}}                             | false",
            })
    void takesTheConnectionsAddressOnlyWhereItIsTheUsers(SenderKind sender, String members, boolean taken)
            throws Exception {
        // When
        ReadResult result = Requests.READER
                .parse(("{\"type\":\"page\",\"userId\":\"u\"," + members + "}")
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .read(new Arrival(
                        "web",
                        EventIds.PLAIN,
                        Optional.empty(),
                        "203.0.113.7",
                        sender,
                        null,
                        Enrichment.NONE,
                        Redaction.NONE));

        // Then
        String json = Requests.json(result.accepted().events().get(0));
        assertThat(json.contains("\"ip\":\"203.0.113.7\"")).isEqualTo(taken);
    }

    private static String contextOf(String body) throws Exception {
        ReadResult result = Requests.read(body, Optional.of(EventType.TRACK), Optional.of("2001:db8::1"));
        String json = Requests.json(result.accepted().events().get(0));
        return json.substring(json.indexOf("\"context\":") + 10);
    }

    @Test
    void keepsTheLastOfEqualNames() throws Exception {
        // When
        Event event = Requests.one("{\"type\":\"page\",\"event\":\"a\",\"event\":\"b\",\"\\u0074ype\":\"track\","
                + "\"messageId\":\"m\",\"userId\":1,\"userId\":\"u\",\"\":0,\"__proto__\":{}}");

        // Then
        assertThat(Requests.json(event)).isEqualTo(HEAD + ",\"userId\":\"u\",\"event\":\"b\",\"\":0,\"__proto__\":{}}");
    }

    @Test
    void makesAMessageIdWhereThereIsNone() throws Exception {
        for (String sent : List.of("", "\"messageId\":null,", "\"messageId\":\"\",", "\"messageId\":{},")) {
            Event event = Requests.one("{" + sent + "\"event\":\"x\",\"userId\":\"u\"}");
            assertThat(event.messageId()).startsWith("made-");
            assertThat(Requests.json(event)).contains("\"messageId\":\"" + event.messageId() + "\"");
        }
        assertThat(Requests.one("{\"messageId\":12,\"event\":\"x\",\"userId\":\"u\"}")
                        .messageId())
                .isEqualTo("12");
    }

    @Test
    void findsTheWriteKeyInTheBodyOrItsFirstEventThatHasOne() throws Exception {
        assertThat(writeKey("{\"batch\":[{\"writeKey\":\"inner\"}],\"writeKey\":\"outer\"}"))
                .contains("outer");
        assertThat(writeKey("{\"batch\":[{},1,{\"writeKey\":\"\"},{\"writeKey\":\"in\\u006eer\"}]}"))
                .contains("inner");
        assertThat(writeKey("{\"writeKey\":[\"k\"]}")).isEmpty();
        assertThat(writeKey("{}")).isEmpty();
    }

    private static Optional<String> writeKey(String body) throws Exception {
        return Requests.READER.parse(body.getBytes(UTF_8)).writeKey();
    }

    @Test
    void reportsInvalidEventsBesideTheGoodOnes() throws Exception {
        // Given
        String good = "{\"type\":\"page\",\"userId\":\"u\",\"writeKey\":\"k\"}";
        String bad = "{\"writeKey\":\"secret\",\n\"messageId\":\"m3\",\"type\":\"track\",\"userId\":\"u\"}";

        // When
        ReadResult result =
                Requests.read("{\"batch\":[" + good + "," + bad + ",null," + good + ",{\"writeKey\":\"k\"}]}");

        // Then
        assertThat(result.total()).isEqualTo(5);
        assertThat(result.accepted().size()).isEqualTo(2);
        assertThat(Requests.json(result.accepted().events().get(0))).doesNotContain("writeKey");
        assertThat(result.invalid())
                .extracting(
                        Invalid::index,
                        Invalid::messageId,
                        Invalid::error,
                        invalid -> new String(invalid.json(), UTF_8))
                .containsExactly(
                        tuple(
                                1,
                                "m3",
                                "event is required on a track call",
                                "{\"messageId\":\"m3\",\"type\":\"track\",\"userId\":\"u\"}"),
                        tuple(2, null, "an event must be an object, was null", "null"),
                        tuple(4, null, "type is required: one of track, identify, page, screen, group, alias", "{}"));
    }

    @Test
    void takesAFalsyBatchForNoBatch() throws Exception {
        assertThat(Requests.read("{\"batch\":null,\"type\":\"page\",\"userId\":\"u\"}")
                        .accepted()
                        .size())
                .isEqualTo(1);
        assertThat(Requests.read("{\"batch\":[]}").total()).isZero();
        assertThatThrownBy(() -> Requests.read("{\"batch\":{}}"))
                .isInstanceOf(MalformedRequestException.class)
                .hasMessage("batch must be an array of events, was an object");
    }

    @Test
    void saysWhereABodyBreaks() {
        assertMalformed("", "the body is empty; expected a JSON object in UTF-8");
        assertMalformed(" \n", "the body is empty; expected a JSON object in UTF-8");
        assertMalformed("null", "{\"batch\":[...]} with a list of events, was null");
        assertMalformed("[{}]", "list of events, was an array");
        assertMalformed("42", "was a number");
        assertMalformed("hello", "at line 1, column 1: expected a JSON object in UTF-8");
        assertMalformed("{\"a\":\n\"b", "at line 2, column 1: a string has no end");
        assertMalformed("{\"a\":\n1", "at line 2, column 2: the body ends in the middle");
        assertMalformed("{}{}", "at line 1, column 3: expected the end of the body");
        assertMalformed("{} x", "at line 1");
        assertMalformed("{\"a\":" + "[".repeat(20_000), "the body ends in the middle");
        assertMalformed(new String("{}".getBytes(java.nio.charset.StandardCharsets.UTF_16LE), UTF_8), "in UTF-8");
    }

    private static void assertMalformed(String body, String text) {
        assertThatThrownBy(() -> Requests.read(body))
                .isInstanceOf(MalformedRequestException.class)
                .hasMessageContaining(text)
                .hasMessageNotContainingAny("Source", "StreamRead", "jackson");
    }

    @Test
    void repairsWhatIsNoUtf8() throws Exception {
        // Given
        byte[] body = "{\"event\":\"x1yz\",\"userId\":\"é😀\",\"messageId\":\"m\"}".getBytes(UTF_8);
        body[11] = (byte) 0xED;
        body[12] = (byte) 0xA0;
        body[13] = (byte) 0x80;

        // When
        Event event = Requests.one(body);

        // Then
        assertThat(Requests.json(event)).isEqualTo(HEAD + ",\"userId\":\"é😀\",\"event\":\"x\uFFFD\"}");
    }

    @Test
    void skipsAByteOrderMark() throws Exception {
        assertThat(Requests.one("\uFEFF{\"event\":\"x\",\"userId\":\"u\"}").type())
                .isEqualTo(EventType.TRACK);
    }
}
