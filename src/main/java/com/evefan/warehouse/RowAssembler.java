package com.evefan.warehouse;

import com.evefan.event.Event;
import com.evefan.event.JsonBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes rows of events, one after the other, and keeps the memory that it needs for one: to be used for a batch. For one
 * thread.
 *
 * <p>Columns of pages and screens come from the event's own members first, its properties second and
 * {@code context.page} last; what loses, unless it says the same, stays in {@code extra_fields}. Text columns take
 * numbers and booleans as they are written, and leave objects and arrays to {@code extra_fields}.
 */
public final class RowAssembler {
    private static final int JSON_BYTES = 1024;

    private final EventMembers members = new EventMembers();
    private final JsonBuffer json = new JsonBuffer(JSON_BYTES);
    /** By the name of an event: a batch has few of them many times. */
    private final Map<String, Utf8Text> slugs = new HashMap<>();

    /**
     * The row of {@code event} in the table of its type. It stays as it is when the next one is made.
     *
     * @throws IllegalArgumentException when the event's JSON is no JSON object, which no accepted event is
     */
    public Row row(Event event) {
        members.read(event);
        RowValues values = new RowValues(Table.of(event.type()));
        CommonColumns.fill(values, event, members);
        switch (event.type()) {
            case TRACK -> event(values, members.own().takeText("event"));
            case PAGE -> PageColumns.fillPage(values, members);
            case SCREEN -> PageColumns.fillScreen(values, members);
            case IDENTIFY -> values.add(traits());
            case GROUP -> {
                values.add(members.own().takeText("groupId"));
                values.add(traits());
            }
            case ALIAS -> values.add(members.own().takeText("previousId"));
        }
        values.add(extraFields());
        return values.row();
    }

    private void event(RowValues values, @Nullable Utf8Text name) {
        values.add(name == null ? null : slugs.computeIfAbsent(name.toString(), text -> Utf8Text.of(Slug.of(text))));
        values.add(name);
    }

    private Utf8Text traits() {
        json.clear();
        members.traits().write(json);
        return written();
    }

    private Utf8Text extraFields() {
        json.clear();
        ExtraFields.write(members, json);
        return written();
    }

    private Utf8Text written() {
        byte[] bytes = json.toByteArray();
        return new Utf8Text(bytes, 0, bytes.length);
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
