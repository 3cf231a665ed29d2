package com.evefan.destination.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.event.EventBatch;
import com.evefan.event.EventLimits;
import com.evefan.event.EventReader;
import com.evefan.event.EventType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Rows of the original, recorded, and ours for the same requests. Every difference must be one that
 * {@link OracleDifference} names.
 */
class OracleIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path RECORDS = Path.of("..", "shared", "oracle", "public");
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    @RegisterExtension
    static final PostgresExtension POSTGRES = PostgresExtension.embedded();

    @Test
    void storesWhatTheOriginalStoredOfAHandfulOfRequests() throws Exception {
        // Given
        Path handful = Path.of("src/test/resources/com/evefan/destination/postgres");

        // When
        Comparison comparison = compare(handful);

        // Then
        assertThat(comparison.rows).isGreaterThanOrEqualTo(8);
        assertThat(comparison.unexplained).isEmpty();
    }

    @Test
    void storesWhatTheOriginalStored() throws Exception {
        // Given
        Assumptions.assumeTrue(Files.exists(RECORDS), "the records of the original are not here");

        // When
        Comparison comparison = compare(RECORDS);

        // Then
        assertThat(comparison.rows).isGreaterThan(300);
        assertThat(comparison.unexplained).isEmpty();
    }

    private static Comparison compare(Path records) throws Exception {
        List<String> requests = Files.readAllLines(records.resolve("requests.jsonl"));
        List<String> expected = Files.readAllLines(records.resolve("expected.jsonl"));
        EventReader reader = new EventReader(
                EventLimits.DEFAULT,
                Clock.fixed(NOW, ZoneOffset.UTC),
                () -> UUID.randomUUID().toString());
        Comparison comparison = new Comparison();
        try (HikariDataSource pool = PostgresPool.open(POSTGRES.settings())) {
            PostgresWriter writer = new PostgresWriter(pool, POSTGRES.schema());
            for (int i = 0; i < requests.size(); i++) {
                JsonNode answer = JSON.readTree(expected.get(i));
                if (answer.path("postgres").isObject()) {
                    JsonNode request = JSON.readTree(requests.get(i));
                    writer.write(read(reader, request));
                    comparison.add(request, answer.get("postgres"));
                }
            }
        }
        return comparison;
    }

    private static EventBatch read(EventReader reader, JsonNode request) throws Exception {
        byte[] body = request.has("body_b64")
                ? request.get("body_b64").binaryValue()
                : request.get("body").asText().getBytes(StandardCharsets.UTF_8);
        return reader.parse(body)
                .read("alpha", ofPath(request.get("path").asText()), Optional.empty())
                .accepted();
    }

    private static Optional<EventType> ofPath(String path) {
        String name = path.replaceFirst("\\?.*", "").replaceFirst(".*/", "");
        for (EventType type : EventType.values()) {
            if (name.equals(type.wireName()) || name.equals(type.wireName().substring(0, 1))) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /** What differs between the original's rows and ours. */
    private static final class Comparison {
        private final Map<String, String> unexplained = new TreeMap<>();
        private int rows;

        void add(JsonNode request, JsonNode tables) throws Exception {
            for (Map.Entry<String, JsonNode> table : tables.properties()) {
                Set<String> ids = new HashSet<>();
                for (JsonNode row : table.getValue()) {
                    rows++;
                    if (ids.add(row.get("id").asText())) { // the original kept one row for every time an id came
                        compare(request, table.getKey(), row);
                    }
                }
            }
        }

        private void compare(JsonNode request, String table, JsonNode theirs) throws Exception {
            String id = theirs.get("id").asText();
            String where = request.get("id").asText() + " " + table;
            if (id.equals("$UUID")) {
                return; // made at ingestion: there is nothing to find the row by
            }
            JsonNode ours = stored(table, id);
            if (ours == null) {
                if (!OracleDifference.isRefused(request)) {
                    unexplained.put(where, "no row " + id);
                }
                return;
            }
            List<String> columns = new ArrayList<>();
            ours.fieldNames().forEachRemaining(columns::add);
            for (String column : columns) {
                if (OracleDifference.of(request, column, theirs.path(column), ours.path(column))
                        .isEmpty()) {
                    unexplained.put(where + " " + column, theirs.path(column) + " is now " + ours.path(column));
                }
            }
        }

        private static JsonNode stored(String table, String id) throws Exception {
            String row = POSTGRES.query(
                    "SELECT (SELECT to_json(t) FROM " + table + " t WHERE id = '" + id.replace("'", "''") + "')");
            return row == null ? null : JSON.readTree(row);
        }
    }

    static JsonNode without(JsonNode object, String... names) {
        ObjectNode copy = object.isObject() ? object.deepCopy() : JSON.createObjectNode();
        return copy.without(List.of(names));
    }
}
