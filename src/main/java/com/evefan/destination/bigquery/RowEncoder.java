package com.evefan.destination.bigquery;

import com.evefan.event.Event;
import com.evefan.warehouse.Column;
import com.evefan.warehouse.EventShapes;
import com.evefan.warehouse.Row;
import com.evefan.warehouse.RowAssembler;
import com.evefan.warehouse.Utf8Text;
import com.google.cloud.bigquery.InsertAllRequest.RowToInsert;
import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Events as rows of insertAll: text as it is, timestamps in RFC 3339 with zone and at most microseconds (more than that
 * BigQuery does not hold), JSON as text in a string, which BigQuery parses itself. Null columns are left out.
 */
final class RowEncoder {
    /** What BigQuery takes as an insert id. */
    private static final int LONGEST_INSERT_ID = 128;

    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

    /** <code>{"insertId":,"json":{}},</code> */
    private static final int AROUND_A_ROW = 24;

    private RowEncoder() {}

    /** Makes the rows of a batch that is loaded now; {@code shapes} is told of them. */
    static RowAssembler rows(@Nullable EventShapes shapes) {
        return new RowAssembler(true, Instant.now().truncatedTo(ChronoUnit.MILLIS), shapes);
    }

    /** @throws IllegalArgumentException when the event has no row */
    static EncodedRow encode(Event event, RowAssembler rows) {
        Row row = rows.row(event);
        List<Column> columns = row.table().columns();
        Map<String, Object> values = new LinkedHashMap<>(columns.size() * 2);
        String insertId = insertId(event.id());
        long bytes = AROUND_A_ROW + JsonBytes.of(insertId);
        for (int i = 0; i < columns.size(); i++) {
            @Nullable Object value = row.values()[i];
            if (value != null) {
                String name = columns.get(i).name();
                Object encoded = encode(value);
                values.put(name, encoded);
                bytes += name.length() + 4 + bytes(encoded);
            }
        }
        return new EncodedRow(event, RowToInsert.of(insertId, values), bytes);
    }

    private static Object encode(Object value) {
        if (value instanceof Instant instant) {
            return instant.truncatedTo(ChronoUnit.MICROS).toString();
        }
        return value instanceof Utf8Text text ? text.toString() : value;
    }

    private static long bytes(Object encoded) {
        return encoded instanceof String text
                ? JsonBytes.of(text)
                : String.valueOf(encoded).length();
    }

    /**
     * The event's id, or what stands for it where BigQuery would not take it. The column {@code id} has it whole. An id
     * that looks like what stands for another is hashed too: nobody can take that one's place.
     */
    static String insertId(String id) {
        return id.length() <= LONGEST_INSERT_ID && !HASH.matcher(id).matches()
                ? id
                : Hashing.sha256().hashString(id, StandardCharsets.UTF_8).toString();
    }
}
