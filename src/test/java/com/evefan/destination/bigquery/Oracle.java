package com.evefan.destination.bigquery;

import com.evefan.event.Event;
import com.evefan.event.EventLimits;
import com.evefan.event.EventReader;
import com.evefan.event.EventType;
import com.evefan.event.MalformedRequestException;
import com.evefan.event.RequestTooLargeException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** What the original sent to BigQuery for each request of its recorded corpus. */
final class Oracle {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final Path SHARED = Path.of("../shared/oracle/public");
    private static final Path COPY = Path.of("src/test/resources/com/evefan/destination/bigquery/oracle");

    /** @param rows one {@code {table, insertId, json}} for each row that the original sent */
    record Record(String id, String path, byte[] body, List<Row> rows) {
        @Override
        public String toString() {
            return id;
        }
    }

    record Row(String table, String insertId, JsonNode json) {}

    private final EventReader reader;

    Oracle() {
        AtomicInteger ids = new AtomicInteger();
        reader = new EventReader(EventLimits.DEFAULT, Clock.systemUTC(), () -> "made-" + ids.incrementAndGet());
    }

    /** The whole corpus where it is, else the few records that are committed. */
    static List<Record> records() {
        Path folder = Files.isDirectory(SHARED) ? SHARED : COPY;
        List<Record> records = new ArrayList<>();
        try (BufferedReader requests = Files.newBufferedReader(folder.resolve("requests.jsonl"));
                BufferedReader expected = Files.newBufferedReader(folder.resolve("expected.jsonl"))) {
            for (String line = requests.readLine(); line != null; line = requests.readLine()) {
                JsonNode request = JSON.readTree(line);
                List<Row> rows = rows(JSON.readTree(expected.readLine()));
                if (!rows.isEmpty()) {
                    records.add(new Record(
                            request.get("id").asText(), request.get("path").asText(), body(request), rows));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return records;
    }

    /** The events of {@code record} as Evefan accepts them. */
    List<Event> events(Record record) throws MalformedRequestException, RequestTooLargeException {
        String last = record.path().replaceFirst("\\?.*", "").replaceFirst(".*/", "");
        Optional<EventType> ofPath = last.length() == 1
                ? java.util.Arrays.stream(EventType.values())
                        .filter(type -> type.wireName().startsWith(last))
                        .findFirst()
                : EventType.of(last);
        return reader.parse(record.body())
                .read("oracle", ofPath, Optional.empty())
                .accepted()
                .events();
    }

    private static byte[] body(JsonNode request) {
        return request.has("body_b64")
                ? Base64.getDecoder().decode(request.get("body_b64").asText())
                : request.path("body").asText().getBytes(StandardCharsets.UTF_8);
    }

    private static List<Row> rows(JsonNode expected) {
        List<Row> rows = new ArrayList<>();
        for (JsonNode call : expected.path("bigquery")) {
            String[] path = call.get("url").asText().split("/");
            for (JsonNode row : call.path("body").path("rows")) {
                rows.add(new Row(path[path.length - 2], row.get("insertId").asText(), row.get("json")));
            }
        }
        return rows;
    }
}
