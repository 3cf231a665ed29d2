package com.evefan.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.warehouse.WarehouseRows;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EventIdsTest {
    @Test
    void keepsTheMessageIdOfOneSourceAndNamesTheSourceOfAllOthers() {
        assertThat(EventIds.PLAIN.of("dev", "order-4711")).isEqualTo("order-4711");
        assertThat(EventIds.NAMED.of("web", "order-4711")).isEqualTo("web:order-4711");
    }

    @Test
    void givesNoTwoEventsTheSameId() {
        // Given
        List<String> messageIds = List.of("1", "web:1", "dev:1", "dev:web:1", "web:web:1", ":1", "Web:1", "a-b:1", "");
        Set<String> ids = new HashSet<>();

        // When
        for (String messageId : messageIds) {
            ids.add(EventIds.PLAIN.of("dev", messageId));
            ids.add(EventIds.NAMED.of("web", messageId));
            ids.add(EventIds.NAMED.of("a-b", messageId));
        }

        // Then
        assertThat(ids).hasSize(3 * messageIds.size());
    }

    @Test
    void goesWithTheEventFromItsAcceptanceOn() throws Exception {
        // When
        Event accepted = accept(EventIds.NAMED, "{\"userId\":\"u\",\"event\":\"E\",\"messageId\":\"4\\u0037\"}");
        Event read = EventCodec.decode(EventCodec.encode(List.of(accepted))).get(0);

        // Then
        assertThat(accepted.id()).isEqualTo("web:47");
        assertThat(read.id()).isEqualTo("web:47");
        assertThat(read.messageId()).isEqualTo("47");
        assertThat(WarehouseRows.row(read).value("id")).isEqualTo("web:47");
        assertThat(WarehouseRows.row(read).value("extra_fields")).asString().doesNotContain("evefan.id");
    }

    @Test
    void isTheMessageIdOfAnEventThatCarriesNone() throws Exception {
        Event accepted = accept(EventIds.PLAIN, "{\"userId\":\"u\",\"event\":\"E\",\"messageId\":\"47\"}");
        assertThat(new String(accepted.json(), UTF_8)).doesNotContain("evefan.");
        assertThat(EventCodec.decode(EventCodec.encode(List.of(accepted)))
                        .get(0)
                        .id())
                .isEqualTo("47");
    }

    @Test
    void cannotBeToldByASender() throws Exception {
        // When
        Event accepted = accept(
                EventIds.PLAIN,
                "{\"userId\":\"u\",\"event\":\"E\",\"messageId\":\"47\",\"evefan.id\":\"shop:1\","
                        + "\"evefan.mixpanel.taken\":[\"import\"]}");

        // Then
        assertThat(new String(accepted.json(), UTF_8)).doesNotContain("evefan.");
        assertThat(accepted.id()).isEqualTo("47");
    }

    private static Event accept(EventIds ids, String body) throws Exception {
        EventReader reader = new EventReader(EventLimits.DEFAULT, Clock.systemUTC(), () -> "made");
        return reader.parse(body.getBytes(UTF_8))
                .read(new Arrival(
                        "web",
                        ids,
                        Optional.of(EventType.TRACK),
                        null,
                        SenderKind.SERVER,
                        null,
                        Enrichment.NONE,
                        Redaction.NONE))
                .accepted()
                .events()
                .get(0);
    }
}
