package com.evefan;

import com.evefan.event.Event;
import com.evefan.warehouse.Row;
import com.evefan.warehouse.WarehouseRows;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** An event's row in a warehouse, for people to read. {@code loaded_at} is not known before the row is there. */
final class ExplainedRow {
    private ExplainedRow() {}

    /** @param extraFields whether {@code extra_fields} has all it always had */
    static String of(Event event, String schema, boolean extraFields) {
        Row row = WarehouseRows.row(event, extraFields);
        StringBuilder text =
                new StringBuilder("a row of " + schema + "." + row.table().name());
        for (int i = 0; i < row.values().length; i++) {
            Object value = row.values()[i];
            if (value != null) {
                text.append("\n  ")
                        .append(row.table().columns().get(i).name())
                        .append(": ")
                        .append(value instanceof Instant time ? time.truncatedTo(ChronoUnit.MICROS) : value);
            }
        }
        return text.toString();
    }
}
