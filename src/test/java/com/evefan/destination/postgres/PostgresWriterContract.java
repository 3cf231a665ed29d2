package com.evefan.destination.postgres;

import static com.evefan.warehouse.Events.RECEIVED_AT;
import static com.evefan.warehouse.Events.TIMESTAMP;
import static com.evefan.warehouse.Events.event;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.evefan.delivery.PartialDeliveryException;
import com.evefan.delivery.RejectedException;
import com.evefan.delivery.SetUpException;
import com.evefan.event.Event;
import com.evefan.event.EventBatch;
import com.evefan.event.EventType;
import com.evefan.event.Integrations;
import com.evefan.warehouse.Table;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the writer does with any PostgreSQL. */
abstract class PostgresWriterContract {
    private HikariDataSource pool;
    private PostgresWriter writer;

    abstract PostgresExtension postgres();

    @BeforeEach
    void open() throws SQLException {
        postgres().execute("DROP SCHEMA IF EXISTS " + postgres().schema() + " CASCADE");
        pool = PostgresPool.open(postgres().settings());
        writer = new PostgresWriter(pool, postgres().settings());
    }

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void writesEveryTypeToItsTable() throws Exception {
        // Given
        List<Event> events = new ArrayList<>();
        for (EventType type : EventType.values()) {
            events.add(event(type, "m-" + type, "\"userId\":\"u\",\"context\":{\"userAgentData\":{\"mobile\":true}}"));
        }

        // When
        writer.write(EventBatch.of(events));

        // Then
        for (EventType type : EventType.values()) {
            assertThat(postgres()
                            .query("SELECT concat_ws(' ', id, user_id, context_user_agent_data_mobile,"
                                    + " received_at AT TIME ZONE 'UTC') FROM "
                                    + Table.of(type).name()))
                    .isEqualTo("m-" + type + " u t 2026-04-01 12:00:01");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tab\\tnew\\nline\\r",
                "back\\\\slash \\\\N \\\\.",
                "\\\"quotes\\\" 'single'",
                "\\\\N",
                "",
                "é 漢字 \\ud83d\\ude00",
                "nul\\u0000 lone\\ud800 \\u0001"
            })
    void keepsText(String json) throws Exception {
        // When
        writer.write(EventBatch.of(List.of(
                event(EventType.TRACK, "m", "\"event\":\"" + json + "\",\"properties\":{\"p\":\"" + json + "\"}"))));

        // Then
        String expected = new com.fasterxml.jackson.databind.ObjectMapper()
                .readTree('"' + json.replace("\\u0000", "").replace("\\ud800", "") + '"')
                .asText();
        assertThat(postgres().query("SELECT event_text FROM tracks")).isEqualTo(expected.replace("\ud800", ""));
        assertThat(postgres().query("SELECT extra_fields->'context'->>'p' FROM tracks"))
                .isEqualTo(postgres().query("SELECT event_text FROM tracks"));
    }

    @Test
    void writesAnIdOnceHoweverOftenItComes() throws Exception {
        // Given
        Event first = event(EventType.TRACK, "same", "\"event\":\"first\"");
        Event second = event(EventType.TRACK, "same", "\"event\":\"second\"");
        writer.write(EventBatch.of(List.of(first, second)));

        // When
        writer.write(EventBatch.of(List.of(second, event(EventType.TRACK, "other", "\"event\":\"third\""))));

        // Then
        assertThat(postgres().query("SELECT string_agg(event_text, ' ' ORDER BY event_text) FROM tracks"))
                .isEqualTo("first third");
    }

    @Test
    void writesAnIdOnceThatIsRefusedWhileMoreRowsAreOnTheirWay() throws Exception {
        // Given
        List<Event> events = largeEvents("m-");
        writer.write(EventBatch.of(events.subList(0, 1)));

        // When
        writer.write(EventBatch.of(events));

        // Then
        assertThat(postgres().query("SELECT count(*) FROM tracks")).isEqualTo(String.valueOf(events.size()));
    }

    @Test
    void writesNothingOfABatchWithAnEventThatIsNone() throws Exception {
        // Given
        List<Event> events = largeEvents("broken-");
        events.add(new Event(
                EventType.TRACK, "none", "dev", TIMESTAMP, RECEIVED_AT, Integrations.ALL, "[]".getBytes(UTF_8)));

        // When
        assertThatIllegalArgumentException().isThrownBy(() -> writer.write(EventBatch.of(events)));

        // Then
        assertThat(postgres().query("SELECT count(*) FROM tracks")).isEqualTo("0");
        writer.write(EventBatch.of(events.subList(0, 1)));
        assertThat(postgres().query("SELECT id FROM tracks")).isEqualTo("broken-0");
    }

    /** More than goes to the server at once. */
    private static List<Event> largeEvents(String prefix) {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            events.add(event(EventType.TRACK, prefix + i, "\"event\":\"" + "x".repeat(Chunk.BYTES / 2) + "\""));
        }
        return events;
    }

    @Test
    void createsTablesFromManyWritersAtOnce() throws Exception {
        // Given
        List<CompletableFuture<Void>> writers = new ArrayList<>();

        // When
        for (int i = 0; i < 4; i++) {
            Event event = event(EventType.PAGE, "page-" + i, "\"name\":\"n\"");
            writers.add(CompletableFuture.runAsync(() -> {
                try {
                    new PostgresWriter(pool, postgres().settings()).write(EventBatch.of(List.of(event)));
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            }));
        }
        CompletableFuture.allOf(writers.toArray(CompletableFuture[]::new)).join();

        // Then
        assertThat(postgres().query("SELECT count(*) FROM pages")).isEqualTo("4");
    }

    @Test
    void createsTablesAgainThatSomeoneDropped() throws Exception {
        // Given
        writer.write(EventBatch.of(List.of(event(EventType.TRACK, "m-1", "\"event\":\"a\""))));
        postgres().execute("DROP TABLE tracks");

        // When
        writer.write(EventBatch.of(List.of(event(EventType.TRACK, "m-2", "\"event\":\"a\""))));

        // Then
        assertThat(postgres().query("SELECT id FROM tracks")).isEqualTo("m-2");
    }

    @Test
    void addsMissingColumnsToTablesThatAreThere() throws Exception {
        // Given
        postgres().execute("CREATE SCHEMA " + postgres().schema());
        postgres().execute("CREATE TABLE " + postgres().schema() + ".aliases (id text UNIQUE, mine int DEFAULT 1)");

        // When
        writer.write(EventBatch.of(List.of(event(EventType.ALIAS, "m-1", "\"previousId\":\"p\""))));

        // Then
        assertThat(postgres().query("SELECT previous_id || mine FROM aliases")).isEqualTo("p1");
    }

    @Test
    void leavesTablesWithoutAPrimaryKeyToTheOperator() throws Exception {
        // Given
        postgres().execute("CREATE SCHEMA " + postgres().schema());
        postgres().execute("CREATE TABLE " + postgres().schema() + ".tracks (id text)");

        // When / Then
        assertThatExceptionOfType(PartialDeliveryException.class)
                .isThrownBy(() -> writer.write(
                        EventBatch.of(List.of(event(EventType.TRACK, "m-1", ""), event(EventType.PAGE, "m-2", "")))))
                .satisfies(partial -> assertThat(partial.rejected())
                        .singleElement()
                        .satisfies(rejected ->
                                assertThat(rejected.reason()).contains("tracks").contains("ADD PRIMARY KEY (id)")));
        assertThat(postgres().query("SELECT id FROM pages")).isEqualTo("m-2");
    }

    @Test
    void writesNothingOfABatchThatHoldsARefusedRow() throws Exception {
        // Given
        writer.write(EventBatch.of(List.of(event(EventType.SCREEN, "s-0", ""))));
        postgres().execute("ALTER TABLE tracks ADD CONSTRAINT polite CHECK (event_text <> 'secret')");
        EventBatch batch = EventBatch.of(
                List.of(event(EventType.SCREEN, "s-1", ""), event(EventType.TRACK, "t-1", "\"event\":\"secret\"")));

        // When / Then
        assertThatExceptionOfType(RejectedException.class)
                .isThrownBy(() -> writer.write(batch))
                .satisfies(e -> assertThat(e.error()).isEqualTo("23514"))
                .withMessageContaining("in table tracks")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("secret"));
        assertThat(postgres().query("SELECT count(*) FROM screens")).isEqualTo("1");
    }

    @Test
    void rejectsWhatJsonbCannotHold() {
        // Given
        String deep = "[".repeat(200_000) + "]".repeat(200_000);
        EventBatch batch = EventBatch.of(List.of(event(EventType.TRACK, "m", "\"properties\":{\"a\":" + deep + "}")));

        // When / Then
        assertThatExceptionOfType(RejectedException.class)
                .isThrownBy(() -> writer.write(batch))
                .satisfies(e -> assertThat(e.error()).isEqualTo("54001"));
    }

    @Test
    void holdsNumbersOfAnySize() throws Exception {
        // When
        writer.write(EventBatch.of(List.of(event(
                EventType.TRACK,
                "m",
                "\"properties\":{\"a\":1e999999,\"b\":1E308,\"c\":4.9E-324,\"d\":12345678901234567890}"))));

        // Then
        assertThat(postgres().query("SELECT extra_fields->'context'->>'a' FROM tracks"))
                .isEqualTo("1e999999");
        assertThat(postgres().query("SELECT extra_fields->'context'->>'d' FROM tracks"))
                .isEqualTo("12345678901234567890");
    }

    @Test
    void namesTheSettingWhenTheDatabaseIsMissing() {
        // Given
        PostgresSettings settings = postgres().settings();
        String url = settings.url().substring(0, settings.url().lastIndexOf('/')) + "/no_such_database";
        PostgresSettings wrong = new PostgresSettings(
                url, settings.user(), settings.password(), settings.schema(), 1, 1000, 1000, false);

        // When / Then
        try (HikariDataSource misdirected = PostgresPool.open(wrong)) {
            PostgresWriter lost = new PostgresWriter(misdirected, wrong);
            assertThatExceptionOfType(SetUpException.class)
                    .isThrownBy(() -> lost.write(EventBatch.of(List.of(event(EventType.TRACK, "m", "")))))
                    .withMessageContaining("no_such_database")
                    .withMessageContaining("evefan.postgres.url");
        }
    }
}
