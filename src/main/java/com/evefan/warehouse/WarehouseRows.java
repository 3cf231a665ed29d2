package com.evefan.warehouse;

import com.evefan.event.Event;
import java.time.Instant;

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

    /** The same, as it is loaded at {@code time}. */
    public static Row row(Event event, Instant time) {
        return new RowAssembler(true, time, null).row(event);
    }
}
