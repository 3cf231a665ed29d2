package com.evefan.destination.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.event.EventBatch;
import com.evefan.event.EventLimits;
import com.evefan.event.EventReader;
import com.evefan.event.EventType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Rows of the original, recorded, and ours for a handful of the same requests. Every difference must be one that
 * {@link OracleDifference} names.
 */
class OracleIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    @RegisterExtension
    static final PostgresExtension POSTGRES = PostgresExtension.embedded();

    @Test
    void storesWhatTheOriginalStoredOfAHandfulOfRequests() throws Exception {
        // Given
        Path handful = Path.of("src/test/resources/com/evefan/destination/postgres");

        // When
        RecordedRows rows = compare(handful);

        // Then
        assertThat(rows.compared()).isGreaterThanOrEqualTo(8);
        assertThat(rows.unexplained()).isEmpty();
    }

    private static RecordedRows compare(Path records) throws Exception {
        List<String> requests = Files.readAllLines(records.resolve("requests.jsonl"));
        List<String> expected = Files.readAllLines(records.resolve("expected.jsonl"));
        EventReader reader = new EventReader(
                EventLimits.DEFAULT,
                Clock.fixed(NOW, ZoneOffset.UTC),
                () -> UUID.randomUUID().toString());
        RecordedRows rows = new RecordedRows(POSTGRES::query);
        try (HikariDataSource pool = PostgresPool.open(POSTGRES.settings())) {
            PostgresWriter writer = new PostgresWriter(pool, POSTGRES.settings());
            for (int i = 0; i < requests.size(); i++) {
                JsonNode answer = JSON.readTree(expected.get(i));
                if (answer.path("postgres").isObject()) {
                    JsonNode request = JSON.readTree(requests.get(i));
                    writer.write(read(reader, request));
                    rows.compare(request, answer.get("postgres"));
                }
            }
        }
        return rows;
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
}
