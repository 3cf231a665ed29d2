package com.evefan.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.evefan.event.Event;
import com.evefan.event.EventType;
import com.evefan.event.Integrations;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WarehouseRowsTest {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '#', textBlock = """
            TRACK    | "event":"Signed Up"                                  | event        | signed_up
            TRACK    | "event":"Signed Up"                                  | event_text   | Signed Up
            TRACK    | "userId":"u","anonymousId":"a"                       | user_id      | u
            TRACK    | "userId":"u","anonymousId":"a"                       | anonymous_id | a
            TRACK    | "userId":null                                        | user_id      |
            TRACK    | "userId":42                                          | user_id      | 42
            TRACK    | "userId":{"a":1}                                     | user_id      |
            GROUP    | "groupId":"g"                                        | group_id     | g
            ALIAS    | "previousId":"p"                                     | previous_id  | p
            PAGE     | "name":"n","properties":{"name":"m"}                 | name         | n
            PAGE     | "properties":{"name":"m"}                            | name         | m
            PAGE     | "context":{"page":{"name":"c"}}                      | name         | c
            PAGE     | "properties":{"path":"/p"},"context":{"page":{"path":"/c"}} | path  | /p
            PAGE     | "properties":{"path":"/p"},"context":{"page":{"path":"/c"}} | context_page_path | /c
            PAGE     | "context":{"page":{"path":"/c","search":"?q"}}       | path         | /c
            PAGE     | "context":{"page":{"path":"/c","search":"?q"}}       | search       | ?q
            SCREEN   | "name":"n","category":"k"                            | category     | k
            TRACK    | "context":{"locale":7}                               | context_locale | 7
            TRACK    | "context":{"locale":true}                            | context_locale | true
            TRACK    | "context":{"locale":{"l":1}}                         | context_locale |
            TRACK    | "context":{"ip":"1.2.3.4"}                           | context_ip   | 1.2.3.4
            TRACK    | "context":{"library":{"name":"js","version":"1"}}    | context_library_version | 1
            TRACK    | "context":{"userAgent":"ua"}                         | context_user_agent | ua
            TRACK    | "context":{"userAgentData":{"mobile":true}}          | context_user_agent_data_mobile | true
            TRACK    | "context":{"userAgentData":{"mobile":"yes"}}         | context_user_agent_data_mobile |
            TRACK    | "context":{"userAgentData":{"platform":"W"}}         | context_user_agent_data_platform | W
            TRACK    | "context":{"userAgentData":{"brands":[{"b":1}]}}     | context_user_agent_data_brands | [{"b":1}]
            TRACK    | "context":{"campaign":{"term":"t"}}                  | context_campaign_term | t
            TRACK    | "originalTimestamp":"2026-03-04T03:00:00Z"           | original_timestamp | 2026-03-04T03:00:00Z
            TRACK    | "event":"x"                                          | original_timestamp | 2026-03-04T03:13:23.211Z
            TRACK    | "originalTimestamp":"yesterday"                      | original_timestamp |
            TRACK    | "sentAt":"2026-03-04T04:00:00.500Z"                  | sent_at      | 2026-03-04T04:00:00.500Z
            TRACK    | "event":"x"                                          | received_at  | 2026-04-01T12:00:01Z
            TRACK    | "event":"x"                                          | timestamp    | 2026-03-04T03:13:23.211Z
            TRACK    | "event":"a\\u0000b\\ud800c"                          | event_text   | abc
            TRACK    | "event":"\\ud83d\\ude00"                             | event_text   | \ud83d\ude00
            TRACK    | "event":"a\\\\u0000"                                 | event_text   | a\\u0000
            """)
    void putsMembersIntoTheirColumns(EventType type, String members, String column, String expected) {
        // When
        Object value = row(type, members).value(column);

        // Then
        assertThat(value == null ? null : value.toString()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '#', textBlock = """
            IDENTIFY | {"address":{"city":"X","postalCode":"1"}} | {"address_city":"X","address_postal_code":"1"}
            IDENTIFY | {"firstName":"F","lastName":"L","lastSeen":1,"createdAt":2} | {"first_name":"F","last_name":"L","last_seen":1,"created_at":2}
            IDENTIFY | {"tags":["a",{"b":1}]} | {"tags_0":"a","tags_1_b":1}
            IDENTIFY | {"none":{},"empty":[],"null":null} | {"null":null}
            GROUP    | {"firstName":"F","createdAt":2} | {"firstName":"F","created_at":2}
            IDENTIFY | {} | {}
            """)
    void flattensTraits(EventType type, String traits, String expected) throws JsonProcessingException {
        // When
        Object value = row(type, "\"traits\":" + traits).value("traits");

        // Then
        assertThat(JSON.readTree((String) value)).isEqualTo(JSON.readTree(expected));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '#', textBlock = """
            TRACK | "event":"e" | {"context":{"campaign":{}}}
            TRACK | "properties":{"revenue":5,"currency":"USD","value":6.50} | {"context":{"campaign":{},"revenue":5,"currency":"USD","value":6.50}}
            TRACK | "properties":{"a":{"b":[1,{"c":null}]}} | {"context":{"campaign":{},"a":{"b":[1,{"c":null}]}}}
            TRACK | "context":{"campaign":{"name":"n","x":"y"}} | {"context":{"campaign":{"x":"y"}}}
            TRACK | "context":{"foo":{"a":1},"ip":"i"} | {"context":{"foo":{"a":1},"ip":"i","campaign":{}}}
            TRACK | "context":{"library":{"name":"n","lang":"js"},"page":{"search":"?q"}} | {"context":{"campaign":{},"library":{"lang":"js"},"page":{"search":"?q"}}}
            TRACK | "properties":{"ip":"P","campaign":"pc","x":1},"context":{"ip":"C"} | {"context":{"ip":"C","campaign":{},"x":1},"properties":{"ip":"P","campaign":"pc"}}
            TRACK | "context":{"locale":{"l":1},"userAgentData":{"mobile":"yes"}} | {"context":{"campaign":{},"locale":{"l":1},"userAgentData":{"mobile":"yes"}}}
            TRACK | "userId":{"a":1},"originalTimestamp":"yesterday" | {"context":{"campaign":{}},"userId":{"a":1},"originalTimestamp":"yesterday"}
            TRACK | "channel":"web","traits":{"a":1},"integrations":{"All":false} | {"context":{"campaign":{}},"channel":"web","traits":{"a":1}}
            PAGE  | "name":"n","properties":{"name":"m","path":"/"} | {"context":{"campaign":{},"name":"m"}}
            PAGE  | "name":"n","properties":{"name":"n"},"context":{"page":{"path":"/"}} | {"context":{"campaign":{}}}
            IDENTIFY | "traits":{"a":{"b":1},"a_b":2} | {"context":{"campaign":{}},"traits":{"a_b":1}}
            ALIAS | "context":{"timezone":"UTC"} | {"context":{"campaign":{},"timezone":"UTC"}}
            TRACK | "properties":{"big":1e400,"small":-1e-400,"ok":12345678901234567890,"zero":0e9} | {"context":{"campaign":{},"big":"1e400","small":"-1e-400","ok":12345678901234567890,"zero":0e9}}
            TRACK | "properties":{"k\\u0000":"\\u0000\\ud800\\"\\\\\\t\\u001f"} | {"context":{"campaign":{},"k":"\\"\\\\\\t\\u001f"}}
            """)
    void losesNothing(EventType type, String members, String expected) throws JsonProcessingException {
        // When
        Object value = row(type, members).value("extra_fields");

        // Then
        assertThat(JSON.readTree((String) value)).isEqualTo(JSON.readTree(expected));
    }

    @Test
    void leavesOutTimesThatNoWarehouseHolds() {
        // Given
        Event event = new Event(
                EventType.TRACK,
                "m",
                "dev",
                Instant.parse("+12000-01-01T00:00:00Z"),
                Instant.parse("-0044-03-15T00:00:00Z"),
                Integrations.ALL,
                "{}".getBytes(StandardCharsets.UTF_8));

        // When
        Row row = WarehouseRows.row(event);

        // Then
        assertThat(row.value("timestamp")).isNull();
        assertThat(row.value("received_at")).isNull();
    }

    @Test
    void copiesJsonOfAnyDepthAndLength() throws JsonProcessingException {
        // Given
        String deep = "[".repeat(20_000) + "]".repeat(20_000);
        String name = "n".repeat(100_000);

        // When
        String extra = (String) row(EventType.TRACK, "\"properties\":{\"deep\":" + deep + ",\"" + name + "\":1}")
                .value("extra_fields");

        // Then
        assertThat(extra).contains(deep).contains(name);
    }

    @Test
    void boundsTheNamesOfFlattenedTraits() {
        // Given
        String traits = "{\"" + "p".repeat(1000) + "\":{" + "\"k\":1,".repeat(500) + "\"last\":{}}}";

        // When
        String value = (String) row(EventType.IDENTIFY, "\"traits\":" + traits).value("traits");

        // Then
        assertThat(value).hasSizeLessThanOrEqualTo(traits.length());
    }

    @Test
    void refusesWhatIsNoObject() {
        // Given
        Event event = new Event(
                EventType.TRACK,
                "m",
                "dev",
                Events.TIMESTAMP,
                Events.RECEIVED_AT,
                Integrations.ALL,
                "[1]".getBytes(StandardCharsets.UTF_8));

        // When / Then
        assertThatIllegalArgumentException().isThrownBy(() -> WarehouseRows.row(event));
    }

    private static Row row(EventType type, String members) {
        return WarehouseRows.row(Events.event(type, "m-1", members));
    }
}
