package com.evefan.warehouse;

import com.evefan.event.Event;

/** Events as rows, where there is one event only; {@link RowAssembler} for more. */
public final class WarehouseRows {
    private WarehouseRows() {}

    /**
     * The row of {@code event} in the table of its type.
     *
     * @throws IllegalArgumentException when the event's JSON is no JSON object, which no accepted event is
     */
    public static Row row(Event event) {
        return new RowAssembler().row(event);
    }

    /** @param extraFields whether {@code extra_fields} has all it always had; else only what has no other place */
    public static Row row(Event event, boolean extraFields) {
        return new RowAssembler(extraFields, null, null).row(event);
    }
}
