package com.evefan.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.event.EventType;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LaterColumnsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '#', textBlock = """
            TRACK    | "event":"x"                                              | source | dev
            TRACK    | "context":{"app":{"name":"n","version":2}}               | context_app_version | 2
            TRACK    | "context":{"device":{"id":"d","model":"m"}}              | context_device_id | d
            PAGE     | "context":{"os":{"name":"iOS"}}                          | context_os_name | iOS
            SCREEN   | "context":{"network":{"wifi":true}}                      | context_network_wifi | true
            SCREEN   | "context":{"network":{"wifi":"yes"}}                     | context_network_wifi |
            SCREEN   | "context":{"network":{"carrier":"T"}}                    | context_network_carrier | T
            GROUP    | "context":{"screen":{"density":1.5,"width":"320"}}       | context_screen_density | 1.5
            GROUP    | "context":{"screen":{"density":1.5,"width":"320"}}       | context_screen_width |
            ALIAS    | "context":{"timezone":"Europe/Berlin"}                   | context_timezone | Europe/Berlin
            IDENTIFY | "context":{"referrer":{"type":"ad","id":"7"}}            | context_referrer_type | ad
            TRACK    | "context":{"groupId":"g","sessionId":1700000000}         | context_group_id | g
            TRACK    | "context":{"groupId":"g","sessionId":1700000000}         | context_session_id | 1700000000
            TRACK    | "context":{"app":"x"}                                    | context_app_name |
            TRACK    | "context":{"app":{"name":"a"},"app":"x"}                 | context_app_name |
            TRACK    | "context":{"app":{"name":"a"}},"context":{"os":{}}       | context_app_name | a
            """)
    void putsMembersOfTheContextIntoTheirColumns(EventType type, String members, String column, String expected) {
        // When
        Object value = row(type, members).value(column);

        // Then
        assertThat(value == null ? null : value.toString()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '#', textBlock = """
            TRACK | "event":"e" |
            TRACK | "context":{"ip":"i","locale":"l","app":{"name":"a"},"library":{"name":"n"}} |
            TRACK | "context":{"app":{"name":"a","build":"7"},"os":{"name":[1]}} | {"app":{"build":"7"},"os":{"name":[1]}}
            TRACK | "context":{"library":{"name":"n","lang":"js"},"page":{"search":"?q"}} | {"library":{"lang":"js"},"page":{"search":"?q"}}
            TRACK | "context":{"foo":{"a":1},"app":"x","network":{"wifi":"yes"}} | {"foo":{"a":1},"app":"x","network":{"wifi":"yes"}}
            TRACK | "context":{"traits":{"a":1}} | {"traits":{"a":1}}
            IDENTIFY | "context":{"traits":{"a":1},"x":2} | {"x":2}
            PAGE | "context":{"page":{"search":"?q","tab":1}} | {"page":{"tab":1}}
            """)
    void keepsInContextAllThatHasNoColumn(EventType type, String members, String expected)
            throws JsonProcessingException {
        // When
        Object value = row(type, members).value("context");

        // Then
        assertThat(value == null ? null : JSON.readTree((String) value))
                .isEqualTo(expected == null ? null : JSON.readTree(expected));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '#', textBlock = """
            TRACK  | "properties":{"revenue":5,"ip":"x"},"context":{"ip":"c"} | {"revenue":5,"ip":"x"}
            PAGE   | "properties":{"path":"/","title":"t"}                    | {"path":"/","title":"t"}
            SCREEN | "properties":{"name":"\\u0000n"}                         | {"name":"n"}
            TRACK  | "properties":{"a":1},"properties":{"b":2}                | {"b":2}
            TRACK  | "properties":{}                                          | {}
            TRACK  | "event":"e"                                              |
            TRACK  | "properties":"none"                                      |
            """)
    void keepsAllPropertiesInOnePlace(EventType type, String members, String expected) throws JsonProcessingException {
        // When
        Object value = row(type, members).value("properties");

        // Then
        assertThat(value == null ? null : JSON.readTree((String) value))
                .isEqualTo(expected == null ? null : JSON.readTree(expected));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '#', textBlock = """
            IDENTIFY | "context":{"traits":{"email":"c"}} | {"email":"c"}
            IDENTIFY | "traits":{},"context":{"traits":{"firstName":"c"}} | {"first_name":"c"}
            IDENTIFY | "context":{"traits":{"email":"c","age":1}},"traits":{"email":"own"} | {"email":"own","age":1}
            IDENTIFY | "traits":{"a":{"b":1}},"context":{"traits":{"a":{"b":2,"c":3}}} | {"a_b":1,"a_c":3}
            GROUP    | "traits":{"name":"g"},"context":{"traits":{"email":"c"}} | {"name":"g"}
            """)
    void takesTraitsOfTheContextThatTheEventDoesNotName(EventType type, String members, String expected)
            throws JsonProcessingException {
        assertThat(JSON.readTree((String) row(type, members).value("traits"))).isEqualTo(JSON.readTree(expected));
    }

    @Test
    void keepsInExtraFieldsOnlyWhatHasNoOtherPlaceWhereItIsSwitchedOff() throws JsonProcessingException {
        // Given
        RowAssembler assembler = new RowAssembler(false, Instant.EPOCH, null);

        // When
        Row ordinary =
                assembler.row(Events.event(EventType.TRACK, "m", "\"properties\":{\"a\":1},\"context\":{\"b\":2}"));
        Row odd = assembler.row(Events.event(EventType.TRACK, "m", "\"channel\":\"web\",\"context\":\"c\""));

        // Then
        assertThat(ordinary.value("extra_fields")).isNull();
        assertThat(ordinary.value("context")).isEqualTo("{\"b\":2}");
        assertThat(ordinary.value("loaded_at")).isEqualTo(Instant.EPOCH);
        assertThat(JSON.readTree((String) odd.value("extra_fields")))
                .isEqualTo(JSON.readTree("{\"channel\":\"web\",\"context\":\"c\"}"));
    }

    private static Row row(EventType type, String members) {
        return WarehouseRows.row(Events.event(type, "m-1", members));
    }
}
