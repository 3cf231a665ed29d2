package com.evefan;

import com.evefan.event.Event;
import com.evefan.warehouse.Row;
import com.evefan.warehouse.WarehouseRows;

/** An event's row in a warehouse, for people to read. */
final class ExplainedRow {
    private ExplainedRow() {}

    static String of(Event event, String schema) {
        Row row = WarehouseRows.row(event);
        StringBuilder text =
                new StringBuilder("a row of " + schema + "." + row.table().name());
        for (int i = 0; i < row.values().length; i++) {
            Object value = row.values()[i];
            if (value != null) {
                text.append("\n  ")
                        .append(row.table().columns().get(i).name())
                        .append(": ")
                        .append(value);
            }
        }
        return text.toString();
    }
}
