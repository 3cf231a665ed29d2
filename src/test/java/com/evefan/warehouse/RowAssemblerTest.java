package com.evefan.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.event.EventType;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowAssemblerTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RowAssembler assembler = new RowAssembler();

    @Test
    void leavesEarlierRowsAsTheyAre() {
        // Given
        Row first = row(EventType.IDENTIFY, "\"userId\":\"one\",\"traits\":{\"a\":{\"b\":1}}");

        // When
        row(EventType.IDENTIFY, "\"userId\":\"two\",\"traits\":{\"c\":{\"d\":2}},\"more\":3");

        // Then
        assertThat(first.value("user_id")).isEqualTo("one");
        assertThat(first.value("traits")).isEqualTo("{\"a_b\":1}");
        assertThat(first.value("extra_fields")).isEqualTo("{\"context\":{\"campaign\":{}}}");
    }

    @Test
    void takesNothingOfOneEventIntoTheNext() {
        // Given
        row(
                EventType.PAGE,
                "\"name\":\"n\",\"k\":1,\"context\":{\"x\":1,\"page\":{\"path\":\"/\",\"y\":1}},"
                        + "\"properties\":{\"p\":1}");
        row(EventType.GROUP, "\"traits\":{\"a_b\":1,\"a\":{\"b\":2}}");

        // When
        Row row = row(EventType.PAGE, "\"userId\":\"u\"");

        // Then
        assertThat(row.value("name")).isNull();
        assertThat(row.value("path")).isNull();
        assertThat(row.value("extra_fields")).isEqualTo("{\"context\":{\"campaign\":{}}}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '#', textBlock = """
            "properties":{"Aa":1,"BB":2}                              | {"context":{"campaign":{},"Aa":1,"BB":2}}
            "properties":{"a":1,"b":2,"a":3}                          | {"context":{"campaign":{},"a":3,"b":2}}
            "properties":{"a":1},"properties":{"b":2}                 | {"context":{"campaign":{},"b":2}}
            "properties":{"\\u0061":1,"a":2}                          | {"context":{"campaign":{},"a":2}}
            "properties":{"a\\u0000":1,"a":2}                         | {"context":{"campaign":{},"a":2}}
            "context":{"a":1},"context":{"b":2}                       | {"context":{"campaign":{},"a":1,"b":2}}
            "context":{"library":{"a":1},"library":{"b":2}}           | {"context":{"campaign":{},"library":{"b":2}}}
            "context":{"library":"x","library":{"b":2}}               | {"context":{"campaign":{},"library":{"b":2}}}
            "context":{"library":"x","library":{}}                    | {"context":{"campaign":{},"library":"x"}}
            "context":{"campaign":"x"}                                | {"context":{"campaign":"x"}}
            "context":"x"                                             | {"context":{"campaign":{}}}
            "context":{},"properties":{},"traits":{}                  | {"context":{"campaign":{}},"traits":{}}
             "context" : { "a" : [ 1 , 2 ] } , "k" : { }              | {"context":{"campaign":{},"a":[1,2]},"k":{}}
            "properties":{"s":"\\ud83d\\ude00\\n\\"\\\\é"}            | {"context":{"campaign":{},"s":"\\ud83d\\ude00\\n\\"\\\\é"}}
            "properties":{"n":1e400,"s":"\\u0000"}                    | {"context":{"campaign":{},"n":"1e400","s":""}}
            """)
    void keepsOneMemberOfEachName(String members, String expected) throws JsonProcessingException {
        // When
        Row row = row(EventType.TRACK, members);

        // Then
        assertThat(json(row, "extra_fields")).isEqualTo(JSON.readTree(expected));
    }

    @ParameterizedTest
    @CsvSource({"10", "23", "24", "25", "26", "1000"})
    void keepsOneMemberOfEachNameAmongMany(int count) throws JsonProcessingException {
        // Given
        String properties = IntStream.range(0, 2 * count)
                .mapToObj(i -> "\"p" + i % count + "\":" + i)
                .collect(Collectors.joining(","));

        // When
        JsonNode context = json(row(EventType.TRACK, "\"properties\":{" + properties + "}"), "extra_fields")
                .get("context");

        // Then
        assertThat(context).hasSize(count + 1);
        assertThat(context.get("p0").asInt()).isEqualTo(count);
        assertThat(context.get("p" + (count - 1)).asInt()).isEqualTo(2 * count - 1);
    }

    @Test
    void takesNothingOfManyMembersIntoTheNext() throws JsonProcessingException {
        // Given
        row(EventType.TRACK, "\"properties\":{" + numbered("old", 30) + "}");

        // When
        Row row = row(EventType.TRACK, "\"properties\":{" + numbered("new", 30) + ",\"old0\":-1}");

        // Then
        JsonNode context = json(row, "extra_fields").get("context");
        assertThat(context).hasSize(30 + 1 + 1);
        assertThat(context.get("new0").asInt()).isZero();
        assertThat(context.get("old0").asInt()).isEqualTo(-1);
    }

    private static String numbered(String name, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "\"" + name + i + "\":" + i)
                .collect(Collectors.joining(","));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '#', textBlock = """
            {"a":{"b":"é"},"a_b":"\\u00e9"} | {"a_b":"é"} |
            {"a":{"b":1},"a_b":"1"}         | {"a_b":"1"} | {"a_b":1}
            {"a":{"b":true},"a_b":true}     | {"a_b":true} |
            """)
    void displacesTraitsThatSaySomethingElse(String traits, String expected, String displaced)
            throws JsonProcessingException {
        // When
        Row row = row(EventType.IDENTIFY, "\"traits\":" + traits);

        // Then
        assertThat(json(row, "traits")).isEqualTo(JSON.readTree(expected));
        assertThat(json(row, "extra_fields").get("traits"))
                .isEqualTo(displaced == null ? null : JSON.readTree(displaced));
    }

    @ParameterizedTest
    @CsvSource({"308, true", "309, false"})
    void writesNumbersBeyondADoubleAsStrings(int digits, boolean number) throws JsonProcessingException {
        // Given
        String digitsOnly = "9".repeat(digits);

        // When
        Row row = row(EventType.TRACK, "\"userId\":" + digitsOnly + ",\"properties\":{\"n\":[" + digitsOnly + "]}");

        // Then
        JsonNode n = json(row, "extra_fields").at("/context/n/0");
        assertThat(row.value("user_id")).isEqualTo(digitsOnly);
        assertThat(n.isNumber()).isEqualTo(number);
        assertThat(n.asText()).isEqualTo(digitsOnly);
    }

    private Row row(EventType type, String members) {
        return assembler.row(Events.event(type, "m-1", members));
    }

    private static JsonNode json(Row row, String column) throws JsonProcessingException {
        return JSON.readTree((String) row.value(column));
    }
}
