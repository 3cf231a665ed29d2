package com.evefan.destination.postgres;

import static com.evefan.warehouse.Events.event;
import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.event.Event;
import com.evefan.event.EventBatch;
import com.evefan.event.EventLimits;
import com.evefan.event.EventReader;
import com.evefan.event.EventType;
import com.evefan.event.Integrations;
import com.evefan.event.ReadResult;
import com.evefan.warehouse.EventViews;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class EventViewsIT {
    @RegisterExtension
    static final PostgresExtension POSTGRES = PostgresExtension.embedded();

    private HikariDataSource pool;
    private PostgresWriter writer;

    @BeforeEach
    void open() throws Exception {
        POSTGRES.execute("DROP SCHEMA IF EXISTS " + POSTGRES.schema() + " CASCADE");
        pool = PostgresPool.open(POSTGRES.settings());
        writer = writer(5);
    }

    @AfterEach
    void close() {
        writer.close();
        pool.close();
    }

    private PostgresWriter writer(int maxEvents) {
        PostgresSettings settings = POSTGRES.settings();
        return new PostgresWriter(
                pool,
                new PostgresSettings(
                        settings.url(),
                        settings.user(),
                        settings.password(),
                        settings.schema(),
                        2,
                        5000,
                        30_000,
                        false,
                        false,
                        List.of("event"),
                        new EventViews.Limits(maxEvents, 60, 3_600_000),
                        PostgresSettings.Partitions.NONE));
    }

    @Test
    void givesEachPropertyAColumnOfItsKind() throws Exception {
        // When
        write(
                track(
                        "a",
                        "Order Completed",
                        "\"total\":12.5,\"isGift\":true,\"shipped\":\"2024-02-29T10:00:00Z\",\"sku\":\"s\""),
                track("b", "Order Completed", "\"total\":7,\"isGift\":null,\"list\":[1,{\"a\":2}]"));
        writer.upkeep().refreshViews();

        // Then
        assertThat(POSTGRES.query("SELECT sum(total) FROM order_completed")).isEqualTo("19.5");
        assertThat(POSTGRES.query(
                        "SELECT concat_ws(' ', is_gift, shipped AT TIME ZONE 'UTC', sku, source, pg_typeof(total))"
                                + " FROM order_completed WHERE id = 'a'"))
                .isEqualTo("t 2024-02-29 10:00:00 s dev numeric");
        assertThat(POSTGRES.query("SELECT list FROM order_completed WHERE id = 'b'"))
                .isEqualTo("[1, {\"a\": 2}]");
    }

    @Test
    void isNullWhereAValueIsOfAnotherKindAndGrowsWithWhatComes() throws Exception {
        // Given
        write(track("a", "Signed Up", "\"age\":1,\"ok\":true,\"shipped\":\"2024-01-01T00:00:00Z\""));
        writer.upkeep().refreshViews();
        POSTGRES.execute("CREATE VIEW depends AS SELECT age FROM signed_up");

        // When
        write(track("b", "Signed Up", "\"age\":\"old\",\"ok\":0,\"shipped\":\"2024-02-30T00:00:00Z\",\"new\":\"n\""));
        writer.upkeep().refreshViews();

        // Then
        assertThat(POSTGRES.query("SELECT concat_ws(' ', age, ok, shipped, \"_new\") FROM signed_up WHERE id = 'b'"))
                .isEqualTo("n");
        assertThat(POSTGRES.query("SELECT properties->>'age' FROM tracks WHERE id = 'b'"))
                .isEqualTo("old");
        assertThat(POSTGRES.query("SELECT sum(age) FROM depends")).isEqualTo("1");
    }

    @Test
    void keepsNamesApart() throws Exception {
        // Given
        POSTGRES.execute("CREATE SCHEMA IF NOT EXISTS " + POSTGRES.schema());
        POSTGRES.execute("CREATE TABLE mine (a int)");

        // When
        write(
                track(
                        "a",
                        "orderCompleted",
                        "\"id\":\"p\",\"userId\":\"x\",\"some key\":1,\"someKey\":2,\"it's \\\"\\\\\":3"),
                track("b", "Order Completed", "\"total\":1"),
                track("c", "Mine", "\"a\":1"),
                track("d", "Tracks", ""),
                track("e", "😀", ""));
        writer.upkeep().refreshViews();

        // Then
        assertThat(POSTGRES.query("SELECT count(*) FROM order_completed")).isEqualTo("2");
        assertThat(POSTGRES.query(
                        "SELECT concat_ws(' ', id, property_id, property_user_id, some_key, property_some_key,"
                                + " it_s) FROM order_completed WHERE id = 'a'"))
                .isEqualTo("a p x 1 2 3");
        assertThat(POSTGRES.query("SELECT a FROM event_mine")).isEqualTo("1");
        assertThat(POSTGRES.query("SELECT count(*) FROM event_tracks")).isEqualTo("1");
        assertThat(POSTGRES.query("SELECT count(*) FROM mine")).isEqualTo("0");
    }

    @Test
    void makesNoMoreThanSoManyAndGoesOnAfterARestart() throws Exception {
        // Given
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            events.add(track("m" + i, "Event " + i, "\"p\":1"));
        }
        write(events.toArray(Event[]::new));
        writer.upkeep().refreshViews();
        String views = "SELECT count(*) FROM pg_views WHERE schemaname = '" + POSTGRES.schema() + "'";
        String before = POSTGRES.query(views);
        writer.close();

        // When
        writer = writer(5);
        write(track("later", "Event 0", "\"p\":\"text\",\"q\":2"), track("other", "Another", ""));
        writer.upkeep().refreshViews();

        // Then
        assertThat(Integer.parseInt(before)).isBetween(5, 7);
        assertThat(POSTGRES.query(views)).isEqualTo(before);
        assertThat(POSTGRES.query("SELECT sum(p) + sum(q) FROM event_0")).isEqualTo("3");
    }

    @Test
    void waitsForNobodyAndMakesNobodyWait() throws Exception {
        // Given
        write(track("a", "Signed Up", "\"age\":1"));
        writer.upkeep().refreshViews();
        try (Connection analyst = POSTGRES.connect()) {
            analyst.setAutoCommit(false);
            analyst.createStatement().execute("SELECT * FROM signed_up");

            // When
            write(track("b", "Signed Up", "\"later\":1"));
            writer.upkeep().refreshViews();
            write(track("c", "Signed Up", "\"later\":2"));
        }
        writer.upkeep().refreshViews();

        // Then
        assertThat(POSTGRES.query("SELECT sum(later) FROM signed_up")).isEqualTo("3");
    }

    @Test
    void showsTheLatestTraitsOfUsersAndAccounts() throws Exception {
        // When
        write(
                owner(
                        EventType.IDENTIFY,
                        "1",
                        "2026-01-02T00:00:00Z",
                        "\"userId\":\"u\",\"traits\":{\"plan\":\"pro\",\"age\":30}"),
                owner(
                        EventType.IDENTIFY,
                        "2",
                        "2026-01-01T00:00:00Z",
                        "\"userId\":\"u\",\"traits\":{\"plan\":\"free\",\"city\":\"X\"}"),
                owner(
                        EventType.IDENTIFY,
                        "3",
                        "2026-01-03T00:00:00Z",
                        "\"userId\":\"u\",\"context\":{\"traits\":{\"email\":\"e\"}}"),
                owner(
                        EventType.IDENTIFY,
                        "4",
                        "2026-01-03T00:00:00Z",
                        "\"anonymousId\":\"a\",\"traits\":{\"plan\":\"x\"}"),
                owner(EventType.GROUP, "5", "2026-01-03T00:00:00Z", "\"groupId\":\"g\",\"traits\":{\"employees\":3}"));
        writer.upkeep().refreshViews();

        // Then
        assertThat(POSTGRES.query(
                        "SELECT concat_ws(' ', user_id, plan, age, city, email, first_time AT TIME ZONE 'UTC',"
                                + " last_time AT TIME ZONE 'UTC') FROM users WHERE user_id = 'u'"))
                .isEqualTo("u pro 30 X e 2026-01-01 00:00:00 2026-01-03 00:00:00");
        assertThat(POSTGRES.query("SELECT count(*) FROM users")).isEqualTo("1");
        assertThat(POSTGRES.query("SELECT employees FROM accounts WHERE group_id = 'g'"))
                .isEqualTo("3");
    }

    @Test
    void goesOnFillingExtraFieldsOfAnOlderTableAndShowsItsHistory() throws Exception {
        // Given
        POSTGRES.execute("CREATE SCHEMA IF NOT EXISTS " + POSTGRES.schema());
        POSTGRES.execute("CREATE TABLE tracks (id text PRIMARY KEY, event_text text, \"timestamp\" timestamptz,"
                + " extra_fields jsonb)");
        POSTGRES.execute("INSERT INTO tracks VALUES ('old', 'Signed Up', now(), '{\"context\":{\"age\":3}}')");

        // When
        write(track("a", "Signed Up", "\"age\":1"));
        writer.close();
        writer = writer(5);
        write(track("b", "Signed Up", "\"age\":2"));
        writer.upkeep().refreshViews();

        // Then
        assertThat(POSTGRES.query("SELECT string_agg(extra_fields #>> '{context,age}', ' ' ORDER BY id) FROM tracks"))
                .isEqualTo("1 2 3");
        assertThat(POSTGRES.query("SELECT sum(age) FROM signed_up")).isEqualTo("6");
    }

    @Test
    void makesTheIndexesThatAreWantedOnceEach() throws Exception {
        // Given
        write(track("a", "Signed Up", ""));
        writer.upkeep().makeIndexes();
        POSTGRES.execute("DROP INDEX evefan_tracks_event");

        // When
        writer.upkeep().makeIndexes();

        // Then
        assertThat(POSTGRES.query("SELECT string_agg(indexname, ' ' ORDER BY indexname) FROM pg_indexes"
                        + " WHERE indexname LIKE 'evefan%' AND schemaname = '" + POSTGRES.schema() + "'"))
                .isEqualTo("evefan_groups_group_id evefan_identifies_user_id evefan_tracks_event");
    }

    @Test
    void survivesTheNamesOfHostileSenders() throws Exception {
        // Given
        writer.close();
        writer = writer(40);
        List<String> names = List.of(
                "select",
                "SELECT",
                "a\\\"b",
                "'; drop table tracks; --",
                "\\\\'x",
                "日本語",
                "é".repeat(100),
                "é".repeat(101),
                "x".repeat(5000),
                "tracks pkey",
                "users",
                "Accounts",
                "1st",
                "nu\\u0000l",
                "half \\ud800",
                "Status",
                "😀😀");
        List<Event> events = new ArrayList<>();
        for (String name : names) {
            events.add(accepted(
                    "m" + events.size(),
                    name,
                    "\"fooBar\":1,\"foo_bar\":2,\"Foo Bar\":3,\"FOO-BAR\":4,\"\":5,\"n\\u0000l\":6,\"q\\\"'\\n\":7,\"select\":8,"
                            + "\"" + "p".repeat(70) + "\":9,\"deep\":" + "[".repeat(300) + "]".repeat(300)));
        }
        StringBuilder many = new StringBuilder("\"p\":1");
        for (int i = 0; i < 1700; i++) {
            many.append(",\"property ").append(i).append("\":").append(i);
        }
        events.add(accepted("many", "Many", many.toString()));
        POSTGRES.execute("CREATE SCHEMA IF NOT EXISTS " + POSTGRES.schema());
        POSTGRES.execute("CREATE TYPE status AS ENUM ('a')");

        // When
        write(events.toArray(Event[]::new));
        writer.upkeep().refreshViews();

        // Then
        List<String> views = List.of(
                POSTGRES.query("SELECT string_agg(quote_ident(viewname), ' ') FROM pg_views WHERE schemaname = '"
                                + POSTGRES.schema() + "'")
                        .split(" "));
        assertThat(views)
                .contains("_select", "a_b", "drop_table_tracks", "\"日本語\"", "event_tracks_pkey", "event_users", "_1_st")
                .contains("event_accounts", "nul", "half", "event_status", "many")
                .hasSize(15); // two share a name; too long, no letter, no name
        for (String view : views) {
            POSTGRES.query("SELECT * FROM " + view);
        }
        assertThat(POSTGRES.query("SELECT count(*) FROM _select")).isEqualTo("2");
        assertThat(POSTGRES.query("SELECT foo_bar + property_foo_bar + property_foo_bar_2 + property_foo_bar_3"
                        + " + nl + q + _select FROM a_b"))
                .isEqualTo("31");
        assertThat(POSTGRES.query("SELECT count(*) FROM information_schema.columns WHERE table_name = 'many'"
                        + " AND table_schema = '" + POSTGRES.schema() + "'"))
                .isEqualTo("60");
        assertThat(POSTGRES.query("SELECT count(*) FROM tracks")).isEqualTo(String.valueOf(events.size()));
    }

    @Test
    void makesADroppedViewAnewOfWhatComesAndLeavesWhatIsNotItsOwn() throws Exception {
        // Given
        write(
                track("a", "Signed Up", "\"age\":1"),
                track("b", "Signed Up", "\"age\":\"old\""),
                track("c", "Order", ""));
        writer.upkeep().refreshViews();
        POSTGRES.execute("DROP VIEW signed_up");
        POSTGRES.execute("COMMENT ON VIEW _order IS '{\"madeBy\":\"Evefan\" and changed by me'");

        // When
        writer.upkeep().refreshViews();
        write(track("d", "Signed Up", "\"age\":2"), track("e", "Order", "\"new\":1"));
        writer.upkeep().refreshViews();

        // Then
        assertThat(POSTGRES.query("SELECT pg_typeof(age) || ' ' || sum(age) OVER () FROM signed_up LIMIT 1"))
                .isEqualTo("numeric 3");
        assertThat(POSTGRES.query("SELECT sum(_new) FROM event_order")).isEqualTo("1");
    }

    @Test
    void isLateAndNoMoreWhereATableIsLocked() throws Exception {
        // Given
        write(track("a", "Signed Up", "\"age\":1"));
        try (Connection dba = POSTGRES.connect()) {
            dba.setAutoCommit(false);
            dba.createStatement().execute("LOCK TABLE tracks IN ACCESS EXCLUSIVE MODE");

            // When
            writer.upkeep().refreshViews();
        }
        writer.upkeep().refreshViews();

        // Then
        assertThat(POSTGRES.query("SELECT age FROM signed_up")).isEqualTo("1");
    }

    @Test
    void deliversWhereItsRoleMayMakeNothingAndAnotherSchemaComesFirst() throws Exception {
        // Given
        write(track("a", "Signed Up", ""));
        POSTGRES.execute("REVOKE CREATE ON SCHEMA " + POSTGRES.schema() + " FROM CURRENT_USER");
        POSTGRES.execute("DROP SCHEMA IF EXISTS elsewhere CASCADE");
        POSTGRES.execute("CREATE SCHEMA elsewhere");
        POSTGRES.execute("CREATE TABLE elsewhere.tracks (a int)");
        PostgresSettings settings = POSTGRES.settings();
        PostgresSettings loaders = new PostgresSettings(
                settings.url() + (settings.url().contains("?") ? "&" : "?") + "currentSchema=elsewhere",
                settings.user(),
                settings.password(),
                settings.schema(),
                2,
                5000,
                30_000,
                false,
                false,
                List.of(),
                new EventViews.Limits(5, 60, 3_600_000),
                PostgresSettings.Partitions.NONE);

        // When
        try (HikariDataSource other = PostgresPool.open(loaders);
                PostgresWriter loader = new PostgresWriter(other, loaders)) {
            loader.write(EventBatch.of(List.of(track("b", "Signed Up", "\"age\":1"))));
            loader.upkeep().refreshViews();
            loader.write(EventBatch.of(List.of(track("c", "Signed Up", "\"age\":2"))));
        }
        POSTGRES.execute("GRANT CREATE ON SCHEMA " + POSTGRES.schema() + " TO CURRENT_USER");
        writer.upkeep().refreshViews();

        // Then
        assertThat(POSTGRES.query("SELECT count(*) FROM signed_up")).isEqualTo("3");
    }

    private void write(Event... events) throws Exception {
        writer.write(EventBatch.of(List.of(events)));
    }

    private static Event track(String id, String name, String properties) {
        return event(EventType.TRACK, id, "\"event\":\"" + name + "\",\"properties\":{" + properties + "}");
    }

    /** As the door makes it of what a sender says. */
    private static Event accepted(String id, String name, String properties) throws Exception {
        String json = "{\"messageId\":\"" + id + "\",\"userId\":\"u\",\"event\":\"" + name + "\",\"properties\":{"
                + properties + "}}";
        EventReader reader = new EventReader(EventLimits.DEFAULT, Clock.systemUTC(), () -> id);
        ReadResult result = reader.parse(json.getBytes(StandardCharsets.UTF_8))
                .read("web", EventType.of("track"), Optional.empty());
        assertThat(result.invalid()).isEmpty();
        return result.accepted().events().get(0);
    }

    private static Event owner(EventType type, String id, String time, String members) {
        Event event = event(type, id, members);
        return new Event(type, id, "dev", Instant.parse(time), event.receivedAt(), Integrations.ALL, event.json());
    }
}
