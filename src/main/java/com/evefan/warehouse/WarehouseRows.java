package com.evefan.warehouse;

import com.evefan.event.Event;
import org.jspecify.annotations.Nullable;

/** Events as rows. */
public final class WarehouseRows {
    private WarehouseRows() {}

    /**
     * The row of {@code event} in the table of its type.
     *
     * @throws IllegalArgumentException when the event's JSON is no JSON object, which no accepted event is
     */
    public static Row row(Event event) {
        Table table = Table.of(event.type());
        @Nullable Object[] values = new @Nullable Object[table.columns().size()];
        values[0] = event.messageId();
        return new Row(table, values);
    }
}
