package com.evefan.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no JSON costs its event. */
class MendingTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String GOOD =
            "{\"type\":\"track\",\"event\":\"E\",\"userId\":\"u\",\"messageId\":\"good\",\"properties\":{\"v\":\"]}\\\"\"}}";

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "Infinity", "-Infinity", "-NaN", "nan", "+Inf"})
    void makesNullOfWhatIsNoNumber(String value) throws Exception {
        // Given
        String bad = event("v\":" + value + ",\"w\":[" + value + "]");
        int column = "{\"batch\":[,".length() + GOOD.length() + bad.indexOf(value) + 1;

        // When
        ReadResult result = Requests.read("{\"batch\":[" + GOOD + "," + bad + "," + GOOD + "]}");

        // Then
        assertThat(result.invalid()).isEmpty();
        assertThat(result.accepted().size()).isEqualTo(3);
        assertThat(Requests.json(result.accepted().events().get(1)))
                .contains("\"properties\":{\"v\":null,\"w\":[null]}");
        assertThat(result.warnings())
                .extracting(
                        Warning::index,
                        Warning::messageId,
                        warning -> warning.cause().text())
                .containsExactly(tuple(
                        1, "bad", value + " at line 1, column " + column + " is no JSON; null stands in its place"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            v":007               | a number begins with a 0 too many: 007
            v":.5                | a number has digits on both sides of its point, was .5
            v":-1.               | a number has digits on both sides of its point, was -1.
            v":+1                | a number has no plus sign, was +1
            v":undefined         | expected a value, was undefined
            v":'x'               | expected a value, was 'x'
            v":1,                | a comma has nothing behind it
            v":[1,]              | a comma has nothing behind it
            v":[,1]              | a comma has nothing before it
            v":[1 2]             | expected a comma, or the end of the array
            v":"a" "w":1         | expected a comma, or the end of the object
            v" 1                 | expected a colon behind a member's name
            v":                  | expected a value behind the colon
            v":1,w:2             | expected a member's name in double quotes, was w
            v":1,:2              | expected a member's name
            v":"a\tb"            | a string has a raw control character, U+0009; it has to be escaped
            v":"\\x"             | a string has a backslash that escapes nothing
            v":"\\u12"           | a string has a backslash that escapes nothing
            v":1,"\\ud800":1     | a member's name has half of a surrogate pair
            """)
    void costsOneEventWhatIsWrongInIt(String wrong, String reason) throws Exception {
        // When
        ReadResult result = Requests.read("{\"batch\":[" + GOOD + "," + event(wrong) + "," + GOOD + "]}");

        // Then
        assertThat(result.accepted().size()).isEqualTo(2);
        assertThat(Requests.json(result.accepted().events().get(1))).contains("\"properties\":{\"v\":\"]}\\\"\"}");
        assertThat(result.invalid()).hasSize(1);
        Invalid invalid = result.invalid().get(0);
        assertThat(invalid.index()).isEqualTo(1);
        assertThat(invalid.messageId()).isEqualTo("bad");
        assertThat(invalid.error())
                .startsWith("the event is no valid JSON at line 1, column ")
                .endsWith(": " + reason);
        assertThat(MAPPER.readTree(invalid.json()).path("event").asText()).isEqualTo("E");
        assertThat(new String(invalid.json(), UTF_8)).doesNotContain("writeKey", "secret");
    }

    private static String event(String properties) {
        return "{\"type\":\"track\",\"event\":\"E\",\"messageId\":\"bad\",\"userId\":\"u\",\"writeKey\":\"secret\","
                + "\"properties\":{\"" + properties + "}}";
    }

    @Test
    void takesEventsBetweenWhichACommaIsMissingOrTooMuch() throws Exception {
        ReadResult result = Requests.read("{\"batch\":[," + GOOD + GOOD + ",," + GOOD + ",],\"sentAt\":NaN}");

        assertThat(result.accepted().size()).isEqualTo(3);
        assertThat(result.invalid()).isEmpty();
    }

    @Test
    void namesEachBadEventWithItsOwnMistake() throws Exception {
        ReadResult result = Requests.read(
                "{\"batch\":[" + event("v\":007,\"w\":.5") + ",\n" + GOOD + ",bad,\n" + event("v\":01") + "]}");

        assertThat(result.accepted().size()).isEqualTo(1);
        assertThat(result.invalid()).extracting(Invalid::index).containsExactly(0, 2, 3);
        assertThat(result.invalid().get(1).error()).contains("line 2, column 88", "was bad");
        assertThat(result.invalid().get(2).error()).contains("line 3, column ");
    }

    @Test
    void refusesOneEventAloneAndKeepsIt() throws Exception {
        ReadResult result = Requests.read(event("v\":007"));

        assertThat(result.invalid())
                .singleElement()
                .satisfies(invalid ->
                        assertThat(invalid.error()).startsWith("the body is no valid JSON at line 1, column "));
    }

    @Test
    void keepsTheEventsBesideOneThatIsNestedWithoutEnd() throws Exception {
        String deep = "[".repeat(50_000) + "]".repeat(50_000);

        ReadResult result = Requests.read("{\"batch\":[" + GOOD + "," + event("v\":" + deep) + "," + GOOD + "]}");

        assertThat(result.accepted().size()).isEqualTo(2);
        assertThat(result.invalid().get(0).error()).contains("nested deeper than 10000 levels");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"batch":[{"event":"E"}               | at line 1, column 24: the body ends in the middle; is it cut off?
            {"batch":[{"event":"E]}               | at line 1, column 20: a string has no end; is the body cut off, or a quote inside a string not escaped?
            {"batch":[{"event":"E"]}              | at line 1, column 23: a ] closes what a { has opened
            {"batch":[{"event":"E"}}              | at line 1, column 24: a } closes what a [ has opened
            {"event":"E"} {}                      | at line 1, column 15: expected the end of the body after its JSON object
            event=E&userId=u                      | at line 1, column 1: expected a JSON object
            {"batch":[],"context":{"a":007}}      | at line 1, column 28: a number begins with a 0 too many: 007
            """)
    void refusesTheRequestWhereEventsCannotBeToldApart(String body, String error) {
        assertThatThrownBy(() -> Requests.read(body))
                .isInstanceOf(MalformedRequestException.class)
                .hasMessageStartingWith("the body is no valid JSON " + error);
    }

    @Test
    void boundsWhatHostileBodiesCost() {
        byte[] bad = new byte[4 << 20];
        Arrays.fill(bad, (byte) ',');
        byte[] head = "{\"batch\":[x".getBytes(UTF_8);
        System.arraycopy(head, 0, bad, 0, head.length);
        assertThatThrownBy(() -> Requests.READER.parse(bad)).isInstanceOf(MalformedRequestException.class);
        byte[] many = "{\"batch\":[".concat("x,".repeat(2 << 20)).getBytes(UTF_8);
        assertThatThrownBy(() -> Requests.READER.parse(many)).isInstanceOf(RequestTooLargeException.class);
    }

    /** Whatever one event says between balanced brackets and quotes, the other two arrive. */
    @Property(tries = 2_000)
    void neverCostsOtherEvents(@ForAll("wrongs") List<String> wrong) throws Exception {
        ReadResult result = Requests.read("{\"batch\":[" + GOOD + ",{" + String.join("", wrong) + "}," + GOOD + "]}");

        assertThat(result.total()).isEqualTo(3);
        assertThat(result.accepted().events())
                .filteredOn(event -> event.messageId().equals("good"))
                .hasSize(2);
        for (Invalid invalid : result.invalid()) {
            MAPPER.readTree(invalid.json());
        }
    }

    @Provide
    Arbitrary<List<String>> wrongs() {
        return Arbitraries.of(
                        "\"a\"",
                        ":",
                        ",",
                        "1",
                        "007",
                        ".5",
                        "NaN",
                        "-Infinity",
                        "null",
                        "tru",
                        "\"\\x\"",
                        "\"\t\"",
                        "\"\u0000\"",
                        "\"\\ud800\"",
                        "[]",
                        "[,]",
                        "{}",
                        "{:}",
                        "[{\"b\"}]",
                        " ",
                        "\n",
                        "\\",
                        "'",
                        "\"]\"",
                        "é",
                        "\u0001",
                        "1e",
                        "--")
                .list()
                .ofMaxSize(12);
    }
}
