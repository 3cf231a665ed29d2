package com.evefan.destination.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.delivery.PartialDeliveryException;
import com.evefan.delivery.RejectedException;
import com.evefan.event.Event;
import com.evefan.event.EventBatch;
import com.evefan.event.EventType;
import com.evefan.warehouse.Events;
import com.evefan.warehouse.Table;
import com.evefan.warehouse.WarehouseRows;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever type a column has and whatever an event says: PostgreSQL's own reading of it is stored, or nothing. */
class ColumnTypesFuzzIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static Path data;
    private static EmbeddedPostgresServer server;
    private static Connection connection;
    private static HikariDataSource pool;
    private static PostgresWriter writer;

    @BeforeContainer
    static void start() throws Exception {
        data = Files.createTempDirectory("evefan-types");
        server = EmbeddedPostgresServer.start(data, PostgresExtension.freePort(), "evefan");
        PostgresSettings settings =
                new PostgresSettings(server.url(), "evefan", "evefan", "public", 2, 5000, 30_000, true);
        pool = PostgresPool.open(settings);
        writer = new PostgresWriter(pool, settings);
        writer.prepare();
        connection = DriverManager.getConnection(server.url(), "evefan", "evefan");
    }

    @AfterContainer
    static void stop() throws Exception {
        connection.close();
        pool.close();
        server.close();
    }

    @Property(tries = 150, seed = "20261128", shrinking = ShrinkingMode.OFF)
    void storesWhatPostgresReadsOrNothing(
            @ForAll("columns") String column, @ForAll("types") String type, @ForAll("values") String value)
            throws Exception {
        // Given
        execute("DROP TABLE tracks");
        execute(new PostgresStatements("public").create(Table.TRACKS));
        execute("ALTER TABLE tracks DROP COLUMN \"" + column + "\", ADD COLUMN \"" + column + "\" " + type);
        String member = column.equals("context_user_agent_data_mobile")
                ? "\"context\":{\"userAgentData\":{\"mobile\":true}}"
                : "\"userId\":" + JSON.writeValueAsString(value) + ",\"sentAt\":\"2026-01-02T03:04:05.678Z\"";
        Event event = Events.event(EventType.TRACK, "m", member);
        Event page = Events.event(EventType.PAGE, "p" + System.nanoTime(), "");

        // When
        boolean stored = write(List.of(event, page));

        // Then
        Object written = WarehouseRows.row(event).value(column);
        Optional<String> read = read(String.valueOf(written), type);
        assertThat(stored).as("%s %s %s", column, type, written).isEqualTo(read.isPresent());
        if (stored) {
            assertThat(query("SELECT \"" + column + "\"::text FROM tracks"))
                    .as("%s %s %s", column, type, written)
                    .isEqualTo(read.get());
        }
        assertThat(query("SELECT count(*) FROM pages WHERE id = '" + page.messageId() + "'"))
                .isEqualTo("1");
    }

    @Provide
    Arbitrary<String> columns() {
        return Arbitraries.of(
                "user_id", "user_id", "user_id", "sent_at", "context_user_agent_data_mobile", "extra_fields");
    }

    @Provide
    Arbitrary<String> types() {
        return Arbitraries.of(
                "text",
                "varchar",
                "bigint",
                "integer",
                "smallint",
                "double precision",
                "real",
                "numeric",
                "numeric(6,2)",
                "boolean",
                "uuid",
                "inet",
                "date",
                "time",
                "timestamp",
                "timestamptz",
                "interval",
                "json",
                "jsonb",
                "bytea",
                "text[]",
                "point",
                "bit(8)",
                "tsvector",
                "money",
                "oid",
                "int4range");
    }

    @Provide
    Arbitrary<String> values() {
        return Arbitraries.oneOf(
                Arbitraries.of(
                        "42",
                        "12345678",
                        "-1",
                        "1e3",
                        "0.1",
                        "NaN",
                        "true",
                        "3e8f6c3e-7d2b-4b53-9a54-2c9e3a4f7d10",
                        "10.0.0.1",
                        "2026-04-01",
                        "2026-04-01T12:00:00Z",
                        "1 day",
                        "{}",
                        "{a,b}",
                        "[1,2]",
                        "(1,2)",
                        "10101010",
                        "\\x00ff",
                        "\\N",
                        "\\.",
                        "",
                        " 7 ",
                        "null"),
                Arbitraries.strings().ascii().excludeChars('\0').ofMinLength(1).ofMaxLength(16),
                Arbitraries.strings().ofMinLength(4).ofMaxLength(4).withChars("0123456789abcdef\\\t\n\r,\"é"));
    }

    /** Whether the event was stored; the other has been in any case. */
    private static boolean write(List<Event> events) throws Exception {
        try {
            writer.write(EventBatch.of(events));
            return true;
        } catch (PartialDeliveryException e) {
            assertThat(e.rejected()).extracting(one -> one.event().messageId()).containsExactly("m");
            assertThat(e.again()).isEmpty();
            return false;
        } catch (RejectedException e) {
            if (events.size() == 1) {
                return false;
            }
            assertThat(write(events.subList(1, 2))).isTrue();
            return write(events.subList(0, 1));
        }
    }

    /** {@code value} as PostgreSQL reads and writes it, if it does. */
    private static Optional<String> read(String value, String type) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT CAST(" + quoted(value) + " AS " + type + ")::text")) {
            ResultSet rows = statement.executeQuery();
            rows.next();
            return Optional.of(rows.getString(1));
        } catch (SQLException e) {
            assertThat(e.getSQLState()).as("%s as %s: %s", value, type, e).matches("22...|42601");
            return Optional.empty();
        }
    }

    private static String quoted(String value) {
        return "E'" + value.replace("\\", "\\\\").replace("'", "\\'").replace("?", "\\x3f") + "'";
    }

    private static void execute(String sql) throws SQLException {
        connection.createStatement().execute(sql);
    }

    private static String query(String sql) throws SQLException {
        ResultSet rows = connection.createStatement().executeQuery(sql);
        rows.next();
        return rows.getString(1);
    }
}
