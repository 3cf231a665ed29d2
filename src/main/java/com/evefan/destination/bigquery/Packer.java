package com.evefan.destination.bigquery;

import com.evefan.delivery.Rejected;
import com.evefan.event.Event;
import com.evefan.warehouse.EventShapes;
import com.evefan.warehouse.RowAssembler;
import com.evefan.warehouse.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Events packed into requests: one table a request, by count and by bytes as encoded, in the order of the events. */
final class Packer {
    /** <code>{"ignoreUnknownValues":false,"rows":[],"skipInvalidRows":true}</code>, with room to spare. */
    private static final int AROUND_THE_ROWS = 128;

    private final BigQuerySettings.Request limits;

    private final @Nullable EventShapes shapes;

    /** @param shapes told of the events; null where nobody wants to know */
    Packer(BigQuerySettings.Request limits, @Nullable EventShapes shapes) {
        this.limits = limits;
        this.shapes = shapes;
    }

    /** The requests for {@code events}; those that fit in none are told to {@code outcome}. */
    List<InsertRequest> pack(List<Event> events, Outcome outcome) {
        Map<Table, Open> open = new LinkedHashMap<>();
        List<InsertRequest> requests = new ArrayList<>();
        RowAssembler rows = RowEncoder.rows(shapes);
        for (Event event : events) {
            try {
                EncodedRow row = RowEncoder.encode(event, rows);
                if (AROUND_THE_ROWS + row.bytes() > limits.maxBytes()) {
                    outcome.reject(tooLarge(row));
                } else {
                    open.computeIfAbsent(Table.of(event.type()), Open::new).add(row, requests);
                }
            } catch (IllegalArgumentException e) {
                outcome.reject(new Rejected(event, "no row can be made of it: " + e.getMessage(), "invalid"));
            }
        }
        open.values().forEach(last -> last.close(requests));
        return requests;
    }

    private Rejected tooLarge(EncodedRow row) {
        return new Rejected(
                row.event(),
                "the row takes " + row.bytes() + " bytes, a request to BigQuery may have " + limits.maxBytes()
                        + " (evefan.bigquery.request.max-bytes; BigQuery's own limit is 10 MB)",
                "tooLarge");
    }

    /** The request of a table that still has room. */
    private final class Open {
        private final Table table;
        private List<EncodedRow> rows = new ArrayList<>();
        private long bytes = AROUND_THE_ROWS;

        Open(Table table) {
            this.table = table;
        }

        void add(EncodedRow row, List<InsertRequest> requests) {
            if (rows.size() >= limits.maxRows() || bytes + row.bytes() > limits.maxBytes()) {
                close(requests);
            }
            rows.add(row);
            bytes += row.bytes();
        }

        void close(List<InsertRequest> requests) {
            if (!rows.isEmpty()) {
                requests.add(new InsertRequest(table, rows));
                rows = new ArrayList<>();
                bytes = AROUND_THE_ROWS;
            }
        }
    }
}
