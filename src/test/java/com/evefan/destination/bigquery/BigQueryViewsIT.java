package com.evefan.destination.bigquery;

import static com.evefan.warehouse.Events.event;
import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.event.Event;
import com.evefan.event.EventBatch;
import com.evefan.event.EventType;
import com.evefan.event.Integrations;
import com.evefan.warehouse.EventViews;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BigQueryViewsIT {
    private BigQueryRoutes routes;
    private BigQueryServer server;

    @BeforeEach
    void start() throws Exception {
        routes = new BigQueryRoutes(new EventViews.Limits(5, 80, 3_600_000));
        server = routes.server;
    }

    @AfterEach
    void stop() {
        routes.close();
    }

    @Test
    void makesAViewOfEachEventWithAColumnForEachProperty() throws Exception {
        // When
        deliver(track(
                "a", "Order Completed", "\"total\":12.5,\"isGift\":true,\"it's \\\"\\\\\\n\":\"x\",\"partition\":1"));
        routes.writer.views().refresh();

        // Then
        assertThat(server.view("order_completed"))
                .contains("FROM `proj.evefan.tracks` WHERE `event` IN ('order_completed')")
                .contains("`event_text` IN ('Order Completed') QUALIFY ROW_NUMBER() OVER (PARTITION BY `id`")
                .contains("IF(JSON_TYPE(t.__p['total']) = 'number', SAFE_CAST(JSON_VALUE(t.__p['total']) AS NUMERIC)"
                        + ", NULL) AS `total`")
                .contains("'boolean', SAFE_CAST(JSON_VALUE(t.__p['isGift']) AS BOOL), NULL) AS `is_gift`")
                .contains("t.__p['it\\'s \"\\\\\\u000a']")
                .contains("AS `property_partition`")
                .doesNotContain("AS `extra_fields`");
        assertThat(server.view("tracks_view"))
                .endsWith("SELECT * FROM `proj.evefan.tracks` WHERE TRUE QUALIFY ROW_NUMBER() OVER (PARTITION BY `id`"
                        + " ORDER BY `received_at`, `loaded_at`) = 1");
        assertThat(server.tables.keySet())
                .containsExactlyInAnyOrder("evefan/tracks", "evefan/tracks_view", "evefan/order_completed");
    }

    @Test
    void makesViewsOfUsersAndAccounts() throws Exception {
        // When
        deliver(
                event(EventType.IDENTIFY, "i", "\"userId\":\"u\",\"traits\":{\"plan\":\"pro\"}"),
                event(EventType.GROUP, "g", "\"groupId\":\"g\",\"traits\":{\"employees\":3}"));
        routes.writer.views().refresh();

        // Then
        assertThat(server.view("users"))
                .contains("FROM `proj.evefan.identifies` WHERE `user_id` IS NOT NULL GROUP BY `user_id`")
                .contains("AS `plan`");
        assertThat(server.view("accounts")).contains("GROUP BY `group_id`").contains("AS `employees`");
        assertThat(server.tables).containsKeys("evefan/identifies_view", "evefan/groups_view");
    }

    @Test
    void extendsAViewAndGoesOnAfterARestart() throws Exception {
        // Given
        deliver(track("a", "Signed Up", "\"age\":1"));
        routes.writer.views().refresh();
        int calls = server.calls("POST", "/tables").size();

        // When
        try (BigQueryWriter restarted = routes.another()) {
            deliver(restarted, track("b", "Signed Up", "\"age\":\"old\",\"new\":\"n\""));
            restarted.views().refresh();
            restarted.views().refresh();
        }

        // Then
        assertThat(server.view("signed_up"))
                .contains("AS NUMERIC), NULL) AS `age`")
                .contains("AS `_new`");
        assertThat(server.calls("POST", "/tables")).hasSize(calls);
        assertThat(server.calls("PATCH", "/tables/signed_up")).hasSize(1);
    }

    @Test
    void leavesWhatOthersHaveMadeAlone() throws Exception {
        // Given
        ExistingTables.put(server, "order_completed", "id:STRING");
        ExistingTables.put(server, "tracks_view", "id:STRING");
        ExistingTables.view(server, "signed_up", "SELECT 1 AS mine");

        // When
        deliver(track("a", "Order Completed", ""), track("b", "Signed Up", ""), track("c", "Tracks View", ""));
        routes.writer.views().refresh();

        // Then
        assertThat(server.view("signed_up")).isEqualTo("SELECT 1 AS mine");
        assertThat(server.tables)
                .containsKeys("evefan/event_order_completed", "evefan/event_signed_up", "evefan/event_tracks_view");
        assertThat(server.calls("PATCH", "")).isEmpty();
    }

    @Test
    void makesAViewAnewThatSomebodyDropped() throws Exception {
        // Given
        deliver(track("a", "Signed Up", "\"age\":1"), track("b", "Signed Up", "\"age\":\"old\""));
        routes.writer.views().refresh();
        server.tables.remove("evefan/signed_up");

        // When
        routes.writer.views().refresh();
        deliver(track("c", "Signed Up", "\"age\":2"));
        routes.writer.views().refresh();

        // Then
        assertThat(server.view("signed_up")).contains("AS NUMERIC), NULL) AS `age`");
    }

    @Test
    void makesNoMoreThanSoManyWhateverTheLengthOfTheList() throws Exception {
        // Given
        server.mostListed = 2;
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            events.add(track("m" + i, "Event " + i, "\"p\":1"));
        }

        // When
        routes.deliver(events);
        routes.writer.views().refresh();
        try (BigQueryWriter restarted = routes.another()) {
            deliver(restarted, track("x", "Another", ""), track("y", "Others", ""));
            restarted.views().refresh();
        }

        // Then
        assertThat(server.tables.keySet().stream().filter(name -> name.startsWith("evefan/event_")))
                .hasSize(5);
        assertThat(server.tables).doesNotContainKeys("evefan/another", "evefan/others");
    }

    @Test
    void makesTheOthersWhereOneIsRefusedAndTriesThatOneAgain() throws Exception {
        // Given
        server.refusedView = "signed_up";
        deliver(track("a", "Signed Up", ""), track("b", "Order Completed", ""));

        // When
        routes.writer.views().refresh();
        boolean before = server.tables.containsKey("evefan/signed_up");
        server.refusedView = "";
        routes.writer.views().refresh();

        // Then
        assertThat(before).isFalse();
        assertThat(server.tables).containsKeys("evefan/signed_up", "evefan/order_completed");
    }

    @Test
    void deliversWhereItMayMakeNoViews() throws Exception {
        // Given
        deliver(track("a", "Signed Up", ""));
        server.denied = "tables";

        // When
        routes.writer.views().refresh();
        deliver(track("b", "Signed Up", "\"age\":1"));

        // Then
        assertThat(server.table("tracks").rows).containsOnlyKeys("a", "b");
        assertThat(server.tables).containsOnlyKeys("evefan/tracks");
    }

    /** What {@code src/test/bigquery/run.py} gives to Google's reference engine. */
    @Test
    void writesRowsAndViewsForGooglesOwnEngine() throws Exception {
        // Given
        deliver(
                track(
                        "a",
                        "Order Completed",
                        "\"total\":12.5,\"isGift\":true,\"shipped\":\"2024-02-29T10:00:00.123456789+0530\",\"sku\":\"s\","
                                + "\"it's \\\"\\\\\\n`\u2028\":\"odd\",\"partition\":1,\"日本語\":\"j\""),
                track("d", "日本語", "\"total\":3"));
        routes.writer.views().refresh();

        // When
        deliver(
                track(
                        "b",
                        "Order Completed",
                        "\"total\":\"7\",\"isGift\":0,\"shipped\":\"2024-02-30T00:00:00Z\",\"sku\":[1,{\"a\":2}]"),
                track("c", "order completed", "\"total\":1e20,\"sku\":null,\"shipped\":\"2024-01-01 00:00:00Z\""),
                owner("1", "2026-01-02T00:00:00Z", "\"plan\":\"pro\",\"age\":30"),
                owner("2", "2026-01-01T00:00:00Z", "\"plan\":\"free\",\"city\":\"X\""),
                owner("3", "2026-01-03T00:00:00Z", "\"city\":null"));
        // a lost answer, and a row of an earlier version
        ObjectNode again = server.table("tracks").rows.get("a").deepCopy();
        server.table("tracks").rows.put("a again", again.put("loaded_at", "2099-01-01T00:00:00Z"));
        ObjectNode old = server.table("tracks").rows.get("d").deepCopy();
        old.remove("properties");
        server.table("tracks").rows.put("old", old.put("id", "old"));
        routes.writer.views().refresh();

        // Then
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        server.tables.forEach((name, table) -> {
            ObjectNode part = all.putObject(name.substring("evefan/".length()));
            part.set("resource", table.resource);
            part.putArray("rows").addAll(table.rows.values());
        });
        Path file = Path.of("target", "bigquery", "views.json");
        Files.createDirectories(file.getParent());
        Files.writeString(file, all.toPrettyString());
        assertThat(server.tables).containsKeys("evefan/order_completed", "evefan/日本語", "evefan/users");
    }

    private static Event owner(String id, String time, String traits) {
        Event event = event(EventType.IDENTIFY, id, "\"userId\":\"u\",\"traits\":{" + traits + "}");
        return new Event(
                EventType.IDENTIFY, id, "dev", Instant.parse(time), event.receivedAt(), Integrations.ALL, event.json());
    }

    private void deliver(Event... events) {
        assertThat(routes.deliver(events)).isNull();
    }

    private static void deliver(BigQueryWriter writer, Event... events) throws Exception {
        writer.write(EventBatch.of(List.of(events)));
    }

    private static Event track(String id, String name, String properties) {
        return event(EventType.TRACK, id, "\"event\":\"" + name + "\",\"properties\":{" + properties + "}");
    }
}
