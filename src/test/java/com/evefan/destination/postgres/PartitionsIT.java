package com.evefan.destination.postgres;

import static com.evefan.warehouse.Events.event;
import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.event.Event;
import com.evefan.event.EventBatch;
import com.evefan.event.EventType;
import com.evefan.event.Integrations;
import com.evefan.warehouse.EventViews;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PartitionsIT {
    @RegisterExtension
    static final PostgresExtension POSTGRES = PostgresExtension.embedded();

    private static final Instant NOW = Instant.now();
    private static final String PARTITIONS = "SELECT count(*) FROM pg_inherits WHERE inhparent = 'tracks'::regclass";

    private HikariDataSource pool;
    private PostgresWriter writer;

    @BeforeEach
    void open() throws Exception {
        POSTGRES.execute("DROP SCHEMA IF EXISTS " + POSTGRES.schema() + " CASCADE");
        pool = PostgresPool.open(POSTGRES.settings());
        writer = writer();
    }

    @AfterEach
    void close() {
        writer.close();
        pool.close();
    }

    private PostgresWriter writer() {
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
                        new EventViews.Limits(5, 80, 3_600_000),
                        PostgresSettings.Partitions.of("day", 30)));
    }

    @Test
    void putsEachDayIntoAPartitionAndKeepsARedeliveredEventOnce() throws Exception {
        // When
        write(at(NOW, "a", "\"n\":1"), at(NOW, "b", "\"n\":2"));
        write(at(NOW, "b", "\"n\":2"), at(NOW, "c", "\"n\":3"));
        writer.upkeep().refreshViews();

        // Then
        assertThat(POSTGRES.query("SELECT sum(n) FROM signed_up")).isEqualTo("6");
        assertThat(POSTGRES.query("SELECT tableoid::regclass FROM tracks LIMIT 1"))
                .isEqualTo("tracks_" + NOW.toString().substring(0, 10).replace("-", ""));
        assertThat(POSTGRES.query(PARTITIONS)).isEqualTo("6"); // yesterday, today, three days ahead, and the rest
    }

    @Test
    void makesPartitionsAheadAndMovesIntoThemWhatCameBefore() throws Exception {
        // Given
        Instant later = NOW.plus(20, ChronoUnit.DAYS);
        write(at(NOW, "a", ""), at(later, "b", ""));
        String before = POSTGRES.query("SELECT count(*) FROM tracks_default");

        // When
        writer.upkeep().keepPartitions(later);
        write(at(later, "b", ""), at(later, "c", ""));

        // Then
        assertThat(before).isEqualTo("1");
        assertThat(POSTGRES.query("SELECT count(*) FROM tracks_default")).isEqualTo("0");
        assertThat(POSTGRES.query("SELECT count(*) FROM tracks")).isEqualTo("3");
        assertThat(POSTGRES.query(PARTITIONS)).isEqualTo("11");
    }

    @Test
    void dropsWhatIsTooOldAndNothingElse() throws Exception {
        // Given
        Instant old = NOW.minus(90, ChronoUnit.DAYS);
        write(at(NOW, "a", ""), at(old, "replayed", ""), at(NOW.minus(1, ChronoUnit.DAYS), "yesterday", ""));
        POSTGRES.execute("CREATE TABLE tracks_20200101 (a int)"); // of somebody else

        // When
        writer.upkeep().keepPartitions(NOW);
        String first = POSTGRES.query("SELECT string_agg(id, ' ' ORDER BY id) FROM tracks");
        writer.upkeep().keepPartitions(NOW.plus(30, ChronoUnit.DAYS));

        // Then
        assertThat(first).isEqualTo("a yesterday");
        assertThat(POSTGRES.query("SELECT string_agg(id, ' ') FROM tracks")).isEqualTo("a");
        assertThat(POSTGRES.query("SELECT count(*) FROM tracks_20200101")).isEqualTo("0");
    }

    @Test
    void makesIndexesOfAllPartitionsAndOfThoseToCome() throws Exception {
        // Given
        write(at(NOW, "a", ""));

        // When
        writer.upkeep().makeIndexes();
        writer.upkeep().keepPartitions(NOW.plus(10, ChronoUnit.DAYS));
        writer.upkeep().makeIndexes();

        // Then
        assertThat(POSTGRES.query("SELECT indisvalid FROM pg_index WHERE indexrelid = 'evefan_tracks_event'::regclass"))
                .isEqualTo("t");
        assertThat(POSTGRES.query("SELECT count(*) FROM pg_inherits WHERE inhparent = 'evefan_tracks_event'::regclass"))
                .isEqualTo(POSTGRES.query(PARTITIONS));
    }

    @Test
    void leavesATableWithoutPartitionsAsItIs() throws Exception {
        // Given
        POSTGRES.execute("CREATE SCHEMA IF NOT EXISTS " + POSTGRES.schema());
        POSTGRES.execute("CREATE TABLE tracks (id text PRIMARY KEY, received_at timestamptz)");

        // When
        write(at(NOW, "a", ""), at(NOW, "b", ""));
        write(at(NOW.plusSeconds(1), "b", ""));
        writer.upkeep().keepPartitions(NOW.plus(60, ChronoUnit.DAYS));

        // Then
        assertThat(POSTGRES.query("SELECT count(*) FROM tracks")).isEqualTo("2");
        assertThat(POSTGRES.query(PARTITIONS)).isEqualTo("0");
    }

    @Test
    void takesViewsAlongToATableThatReplacesARenamedOne() throws Exception {
        // Given
        POSTGRES.execute("CREATE SCHEMA IF NOT EXISTS " + POSTGRES.schema());
        POSTGRES.execute("CREATE TABLE tracks (id text PRIMARY KEY)");
        write(at(NOW, "a", "\"n\":1"));
        writer.upkeep().refreshViews();
        POSTGRES.execute("ALTER TABLE tracks RENAME TO tracks_old");

        // When
        write(at(NOW, "b", "\"n\":2"));
        POSTGRES.execute(
                "INSERT INTO tracks SELECT b.* FROM (SELECT (jsonb_populate_record(null::tracks, to_jsonb(o))).*"
                        + " FROM tracks_old o) b");
        writer.upkeep().refreshViews();

        // Then
        assertThat(POSTGRES.query("SELECT sum(n) FROM signed_up")).isEqualTo("3");
    }

    @Test
    void waitsForNobodyAndMakesNobodyWait() throws Exception {
        // Given
        write(at(NOW, "a", ""));
        try (Connection analyst = POSTGRES.connect()) {
            analyst.setAutoCommit(false);
            analyst.createStatement().execute("SELECT * FROM tracks");

            // When
            writer.upkeep().keepPartitions(NOW.plus(1, ChronoUnit.DAYS));
            write(at(NOW, "b", ""));
        } catch (SQLException e) {
            assertThat(e.getSQLState()).isEqualTo("55P03"); // the next time then
        }
        writer.upkeep().keepPartitions(NOW.plus(1, ChronoUnit.DAYS));

        // Then
        assertThat(POSTGRES.query(PARTITIONS)).isEqualTo("7");
    }

    private void write(Event... events) throws Exception {
        writer.write(EventBatch.of(List.of(events)));
    }

    private static Event at(Instant received, String id, String properties) {
        Event event = event(EventType.TRACK, id, "\"event\":\"Signed Up\",\"properties\":{" + properties + "}");
        return new Event(EventType.TRACK, id, "dev", received, received, Integrations.ALL, event.json());
    }
}
