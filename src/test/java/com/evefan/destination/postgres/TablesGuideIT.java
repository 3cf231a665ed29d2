package com.evefan.destination.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.event.Event;
import com.evefan.event.EventBatch;
import com.evefan.event.EventLimits;
import com.evefan.event.EventReader;
import com.evefan.event.EventType;
import com.evefan.warehouse.EventViews;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The queries of docs/tables.md, as they stand there, on events of a small shop. */
class TablesGuideIT {
    @RegisterExtension
    static final PostgresExtension POSTGRES = PostgresExtension.embedded();

    private static final Path GUIDE = Path.of("docs", "tables.md");
    private static final String SHOP = """
            page|{"anonymousId":"a1","timestamp":"2026-01-05T09:00:00Z","properties":{"path":"/"},"context":{"campaign":{"source":"news","name":"Spring"}}}
            page|{"anonymousId":"a1","timestamp":"2026-01-05T09:10:00Z","properties":{"path":"/signup"}}
            identify|{"userId":"ada","anonymousId":"a1","timestamp":"2026-01-05T09:11:00Z","context":{"traits":{"email":"ada@example.org","plan":"free"}}}
            track|{"userId":"ada","anonymousId":"a1","event":"Signed Up","timestamp":"2026-01-05T09:12:00Z","context":{"app":{"version":"1.2"}}}
            track|{"userId":"ada","anonymousId":"a1","event":"Product Added","timestamp":"2026-01-06T10:00:00Z","properties":{"sku":"s1"}}
            page|{"userId":"ada","anonymousId":"a1","timestamp":"2026-01-06T10:30:00Z","properties":{"path":"/cart"}}
            track|{"userId":"ada","anonymousId":"a1","event":"Order Completed","timestamp":"2026-01-06T10:31:00Z","properties":{"total":30.5,"products":[{"sku":"s1","quantity":2},{"sku":"s2","quantity":1}]},"context":{"campaign":{"name":"Spring"}}}
            identify|{"userId":"ada","timestamp":"2026-01-14T09:11:00Z","traits":{"plan":"pro"}}
            track|{"userId":"ada","event":"Report Viewed","timestamp":"2026-01-14T09:12:00Z"}
            screen|{"userId":"ada","name":"Home","timestamp":"2026-01-14T09:13:00Z"}
            page|{"anonymousId":"b1","timestamp":"2026-01-07T09:00:00Z","properties":{"path":"/"},"context":{"page":{"referrer":"https://example.com"}}}
            track|{"userId":"bob","anonymousId":"b1","event":"Signed Up","timestamp":"2026-01-07T09:12:00Z"}
            track|{"userId":"bob","anonymousId":"b1","event":"Order Completed","timestamp":"2026-01-20T10:31:00Z","properties":{"total":null,"products":[]}}
            identify|{"userId":"bob","timestamp":"2026-01-14T09:11:00Z","traits":{"plan":"free"}}
            """;

    @BeforeAll
    static void write() throws Exception {
        PostgresSettings settings = POSTGRES.settings();
        PostgresSettings withViews = new PostgresSettings(
                settings.url(),
                settings.user(),
                settings.password(),
                settings.schema(),
                2,
                5000,
                30_000,
                false,
                false,
                List.of(),
                new EventViews.Limits(500, 200, 3_600_000),
                PostgresSettings.Partitions.NONE);
        try (HikariDataSource pool = PostgresPool.open(withViews);
                PostgresWriter writer = new PostgresWriter(pool, withViews)) {
            writer.write(EventBatch.of(events()));
            writer.upkeep().refreshViews();
        }
    }

    @AfterAll
    static void drop() throws SQLException {
        POSTGRES.execute("DROP SCHEMA " + POSTGRES.schema() + " CASCADE");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1  | 2,1,1
            2  | 2026-01-05 00:00:00+00,0,2;2026-01-05 00:00:00+00,1,1;2026-01-05 00:00:00+00,2,1
            3  | 3,1.3333333333333333,00:03:20
            4  | Spring,1,30.5;(none),1,null
            5  | news,1,30.5;https://example.com,1,null
            7  | free,1,2026-01-14 09:11:00+00;pro,1,2026-01-14 09:11:00+00
            8  | s1,2;s2,1
            """)
    void answersItsQuestion(int question, String expected) throws Exception {
        assertThat(answer(question)).isEqualTo(expected);
    }

    /** As RudderStack's id stitching joins ids: whoever shares one with another is the same person. */
    @Test
    void stitchesAnonymousVisitorsToTheirEmail() throws Exception {
        assertThat(POSTGRES.query("""
                        WITH RECURSIVE edges AS (
                          SELECT 'anonymous_id ' || anonymous_id AS one, 'user_id ' || user_id AS other FROM identifies
                          UNION SELECT 'user_id ' || user_id, 'email ' || lower(traits->>'email') FROM identifies
                          UNION SELECT 'user_id ' || user_id, 'email ' || lower(email) FROM users),
                        ways AS (SELECT one, other FROM edges WHERE one IS NOT NULL AND other IS NOT NULL
                          UNION SELECT other, one FROM edges WHERE one IS NOT NULL AND other IS NOT NULL),
                        person AS (SELECT 'email ada@example.org' AS id
                          UNION SELECT ways.other FROM person JOIN ways ON ways.one = person.id)
                        SELECT string_agg(id, ', ' ORDER BY id) FROM person
                        """)).isEqualTo("anonymous_id a1, email ada@example.org, user_id ada");
    }

    @Test
    void leavesExtraFieldsOfNewTablesEmpty() throws Exception {
        assertThat(POSTGRES.query("SELECT count(*) FROM tracks WHERE extra_fields IS NOT NULL"))
                .isEqualTo("0");
    }

    @ParameterizedTest
    @CsvSource({"6, 8", "9, 5", "10, 1"})
    void answersWithSoManyRows(int question, int rows) throws Exception {
        assertThat(answer(question).split(";")).hasSize(rows);
    }

    @Test
    void namesEveryColumn() throws Exception {
        // Given
        String guide = Files.readString(GUIDE);

        // When / Then
        assertThat(queries()).hasSize(10);
        com.evefan.warehouse.Table.ALL.forEach(table -> table.columns().forEach(column -> {
            String last = column.name().replaceFirst("^context_(?:user_agent_data_|[a-z]+_)?", "");
            assertThat(guide).containsAnyOf("`" + column.name() + "`", "_" + last + "`");
        }));
    }

    private static String answer(int question) throws Exception {
        StringJoiner answer = new StringJoiner(";");
        try (Connection connection = POSTGRES.connect()) {
            connection.createStatement().execute("SET TimeZone = 'UTC'");
            ResultSet rows = connection.createStatement().executeQuery(queries().get(question - 1));
            while (rows.next()) {
                StringJoiner row = new StringJoiner(",");
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    row.add(rows.getString(i));
                }
                answer.add(row.toString());
            }
        }
        return answer.toString();
    }

    private static List<String> queries() throws Exception {
        List<String> queries = new ArrayList<>();
        Matcher blocks = Pattern.compile("```sql\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(GUIDE));
        while (blocks.find()) {
            queries.add(blocks.group(1));
        }
        return queries;
    }

    private static List<Event> events() throws Exception {
        EventReader reader = new EventReader(
                EventLimits.DEFAULT, Clock.systemUTC(), () -> UUID.randomUUID().toString());
        List<Event> events = new ArrayList<>();
        for (String line : SHOP.lines().toList()) {
            String[] parts = line.split("\\|", 2);
            events.addAll(reader.parse(parts[1].getBytes(StandardCharsets.UTF_8))
                    .read("web", EventType.of(parts[0]), Optional.empty())
                    .accepted()
                    .events());
        }
        return events;
    }
}
