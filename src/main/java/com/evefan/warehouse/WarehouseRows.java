package com.evefan.warehouse;

import com.evefan.event.Event;
import org.jspecify.annotations.Nullable;

/**
 * Events as rows.
 *
 * <p>Columns of pages and screens come from the event's own members first, its properties second and
 * {@code context.page} last; what loses, unless it says the same, stays in {@code extra_fields}. Text columns take
 * numbers and booleans as they are written, and leave objects and arrays to {@code extra_fields}.
 */
public final class WarehouseRows {
    private WarehouseRows() {}

    /**
     * The row of {@code event} in the table of its type.
     *
     * @throws IllegalArgumentException when the event's JSON is no JSON object, which no accepted event is
     */
    public static Row row(Event event) {
        Table table = Table.of(event.type());
        EventMembers members = EventMembers.read(event);
        PageColumns pageColumns = new PageColumns(members);
        RowValues values = new RowValues(table);
        CommonColumns.fill(values, event, members);
        switch (event.type()) {
            case TRACK -> event(values, members.own().takeText("event"));
            case PAGE -> pageColumns.fill(values, PageColumns.OF_PAGES);
            case SCREEN -> pageColumns.fill(values, PageColumns.OF_SCREENS);
            case IDENTIFY -> values.add(members.traits().toJson());
            case GROUP -> {
                values.add(members.own().takeText("groupId"));
                values.add(members.traits().toJson());
            }
            case ALIAS -> values.add(members.own().takeText("previousId"));
        }
        values.add(ExtraFields.of(members));
        return values.row();
    }

    private static void event(RowValues values, @Nullable String name) {
        values.add(name == null ? null : Slug.of(name));
        values.add(name);
    }

    /** The values of a row in the making, in the order of the columns. */
    static final class RowValues {
        private final Table table;
        private final @Nullable Object[] values;
        private int filled;

        RowValues(Table table) {
            this.table = table;
            this.values = new @Nullable Object[table.columns().size()];
        }

        void add(@Nullable Object value) {
            values[filled++] = value;
        }

        /** The row, which must be complete. */
        Row row() {
            if (filled != values.length) {
                throw new IllegalStateException(filled + " values for the columns of " + table.name());
            }
            return new Row(table, values);
        }
    }
}
