package com.evefan.destination.postgres;

import static com.evefan.warehouse.Events.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.evefan.delivery.PartialDeliveryException;
import com.evefan.delivery.RejectedException;
import com.evefan.delivery.RetryableException;
import com.evefan.delivery.SetUpException;
import com.evefan.event.Event;
import com.evefan.event.EventBatch;
import com.evefan.event.EventType;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody else does to the tables, the role or the server while Evefan writes. */
class ChangedTablesIT {
    @RegisterExtension
    static final PostgresExtension POSTGRES = PostgresExtension.embedded();

    private HikariDataSource pool;
    private PostgresWriter writer;

    @BeforeEach
    void writeOnce() throws Exception {
        POSTGRES.execute("DROP SCHEMA IF EXISTS " + POSTGRES.schema() + " CASCADE");
        PostgresSettings settings = POSTGRES.settings();
        pool = PostgresPool.open(new PostgresSettings(
                settings.url(), settings.user(), settings.password(), settings.schema(), 2, 5000, 1000, false));
        writer = new PostgresWriter(pool, settings);
        write(track("first", ""));
    }

    @AfterEach
    void close() {
        pool.close();
    }

    @ParameterizedTest
    @CsvSource({
        "bigint, 12345678, abcdefgh",
        "bigint, 42, 4x",
        "integer, 1234, abcd",
        "smallint, 12, ab",
        "double precision, 0.1, abcdefgh",
        "numeric, 12.50, abc",
        "uuid, 3e8f6c3e-7d2b-4b53-9a54-2c9e3a4f7d10, 0123456789abcdef",
        "inet, 10.0.0.0/8, 10.0.0.1.1",
        "date, 2026-04-01, yesterdayish",
        "json, '[1]', [1",
        "boolean, true, t1",
        "varchar(4), abcd, abcde"
    })
    void storesTheValueItselfOrNothingInAColumnOfAnotherType(String type, String good, String bad) throws Exception {
        // Given
        POSTGRES.execute("ALTER TABLE tracks ALTER user_id TYPE " + type + " USING NULL");

        // When
        write(track("good", "\"userId\":\"" + good + "\",\"event\":\"tab\\t \\\\N\\n.\""), track("none", ""));

        // Then
        assertThat(POSTGRES.query("SELECT user_id::text FROM tracks WHERE id = 'good'"))
                .isEqualTo(good);
        assertThat(POSTGRES.query("SELECT event_text FROM tracks WHERE id = 'good'"))
                .isEqualTo("tab\t \\N\n.");
        assertThatExceptionOfType(RejectedException.class)
                .isThrownBy(() -> write(track("bad", "\"userId\":\"" + bad + "\"")))
                .withMessageContaining("in column user_id")
                .satisfies(e -> assertThat(e.error()).startsWith("22"));
        write(track("none", ""), track("good", "\"userId\":\"" + good + "\"")); // ids that are there already
        assertThat(POSTGRES.query("SELECT count(*) FROM tracks")).isEqualTo("3");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        ALTER TABLE tracks ALTER sent_at TYPE bigint USING NULL | sent_at of type bigint, which takes no value of type timestamptz
        ALTER TABLE tracks ALTER "timestamp" TYPE float USING NULL | timestamp of type double precision
        ALTER TABLE tracks ALTER extra_fields TYPE uuid USING NULL | extra_fields of type uuid, which takes no value of type jsonb
        ALTER TABLE tracks ALTER context_user_agent_data_mobile TYPE int USING NULL | context_user_agent_data_mobile of type integer
        ALTER TABLE tracks ADD tenant text NOT NULL DEFAULT 'x'; ALTER TABLE tracks ALTER tenant DROP DEFAULT | tenant that must not be null and has no default
        ALTER TABLE tracks DROP user_id, ADD user_id text GENERATED ALWAYS AS ('x') STORED | generated column user_id
        ALTER TABLE tracks DROP CONSTRAINT tracks_pkey | has no primary key
        ALTER TABLE tracks RENAME TO old; CREATE VIEW tracks AS SELECT * FROM old | is no table
        """)
    void makesDeadLettersOfTheEventsOfATableThatTakesNone(String change, String reason) throws Exception {
        // Given
        POSTGRES.execute(change);

        // When / Then
        assertThatExceptionOfType(PartialDeliveryException.class)
                .isThrownBy(() -> write(track("t", ""), event(EventType.PAGE, "p", "")))
                .satisfies(partial -> {
                    assertThat(partial.again()).isEmpty();
                    assertThat(partial.rejected()).singleElement().satisfies(rejected -> {
                        assertThat(rejected.event().messageId()).isEqualTo("t");
                        assertThat(rejected.reason()).contains("tracks").contains(reason);
                    });
                });
        assertThat(POSTGRES.query("SELECT id FROM pages")).isEqualTo("p");
    }

    @Test
    void writesAgainOnceATableIsMended() throws Exception {
        // Given
        POSTGRES.execute(
                "ALTER TABLE tracks ADD tenant text NOT NULL DEFAULT 'x'; ALTER TABLE tracks ALTER tenant DROP DEFAULT");
        assertThatExceptionOfType(PartialDeliveryException.class).isThrownBy(() -> write(track("lost", "")));
        POSTGRES.execute("ALTER TABLE tracks ALTER tenant SET DEFAULT 'us'");

        // When
        write(track("t", ""));

        // Then
        assertThat(POSTGRES.query("SELECT tenant FROM tracks WHERE id = 't'")).isEqualTo("us");
    }

    @Test
    void leavesAColumnThatMustNotBeNullToATriggerThatFillsIt() throws Exception {
        // Given
        String schema = POSTGRES.schema();
        POSTGRES.execute("CREATE FUNCTION " + schema + ".fill() RETURNS trigger LANGUAGE plpgsql AS"
                + " $$ BEGIN NEW.tenant := 'us'; RETURN NEW; END $$");
        POSTGRES.execute(
                "CREATE TRIGGER fill BEFORE INSERT ON tracks FOR EACH ROW EXECUTE FUNCTION " + schema + ".fill()");
        POSTGRES.execute(
                "ALTER TABLE tracks ADD tenant text NOT NULL DEFAULT 'x'; ALTER TABLE tracks ALTER tenant DROP DEFAULT");

        // When
        write(track("t", ""));

        // Then
        assertThat(POSTGRES.query("SELECT tenant FROM tracks WHERE id = 't'")).isEqualTo("us");
    }

    @ParameterizedTest
    @ValueSource(strings = {"default_transaction_read_only = on", "statement_timeout = '1ms'"})
    void usesANewSessionOnceOneHasFailed(String setting) throws Exception {
        // Given
        pool.getHikariPoolMXBean().softEvictConnections();
        try (Connection sound = POSTGRES.connect()) { // from before
            sound.createStatement().execute("ALTER ROLE evefan SET " + setting);
            try {
                assertThatExceptionOfType(RetryableException.class).isThrownBy(() -> write(large("during")));
            } finally {
                sound.createStatement().execute("ALTER ROLE evefan RESET ALL");
            }
        }

        // When
        write(large("after"));

        // Then
        assertThat(POSTGRES.query("SELECT count(*) FROM tracks WHERE id LIKE 'after%'"))
                .isEqualTo("1000");
    }

    @Test
    void saysWhoLocksATableAndLeavesNoProcessWaiting() throws Exception {
        try (Connection other = POSTGRES.connect()) {
            // Given
            other.setAutoCommit(false);
            other.createStatement().execute("SET application_name = 'vacuum by hand'");
            other.createStatement().execute("LOCK TABLE tracks IN EXCLUSIVE MODE");

            // When / Then
            for (int attempt = 0; attempt < 3; attempt++) {
                assertThatExceptionOfType(RetryableException.class)
                        .isThrownBy(() -> write(track("t", "")))
                        .withMessageContaining("lock timeout")
                        .withMessageContaining("table tracks is locked by process")
                        .withMessageContaining("of user evefan (vacuum by hand)");
            }
            assertThat(POSTGRES.query("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'evefan'"
                            + " AND wait_event_type = 'Lock'"))
                    .isEqualTo("0");
        }
        write(track("t", ""));
    }

    @Test
    void saysWhichRightOnWhichTableIsLacking() throws Exception {
        // Given
        POSTGRES.execute("REVOKE INSERT ON tracks FROM evefan");

        // When / Then
        assertThatExceptionOfType(SetUpException.class)
                .isThrownBy(() -> write(track("t", "")))
                .withMessageContaining("permission denied for table tracks")
                .withMessageContaining("INSERT")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("TEMPORARY"));
    }

    private void write(Event... events) throws Exception {
        writer.write(EventBatch.of(List.of(events)));
    }

    /** Many enough that they take longer than a millisecond. */
    private static Event[] large(String prefix) {
        Event[] events = new Event[1000];
        for (int i = 0; i < events.length; i++) {
            events[i] = track(prefix + i, "");
        }
        return events;
    }

    private static Event track(String id, String members) {
        return event(EventType.TRACK, id, members);
    }
}
