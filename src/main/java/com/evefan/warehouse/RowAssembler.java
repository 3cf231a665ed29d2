package com.evefan.warehouse;

import com.evefan.event.Event;
import com.evefan.event.EventType;
import com.evefan.event.JsonBuffer;
import java.time.Instant;
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

    private final boolean extraFields;
    private final @Nullable Instant loadedAt;
    private final @Nullable EventShapes shapes;
    private final EventMembers members = new EventMembers();
    private final JsonBuffer json = new JsonBuffer(JSON_BYTES);
    /** By the name of an event: a batch has few of them many times. */
    private final Map<String, Utf8Text> slugs = new HashMap<>();

    /** Rows with everything but the time of loading. */
    public RowAssembler() {
        this(true, null, null);
    }

    /**
     * @param extraFields whether {@code extra_fields} has all it always had; else only what has no other place
     * @param loadedAt what {@code loaded_at} says; null where nothing is loaded
     * @param shapes told of each event's name, properties and traits; null where nobody wants to know
     */
    public RowAssembler(boolean extraFields, @Nullable Instant loadedAt, @Nullable EventShapes shapes) {
        this.extraFields = extraFields;
        this.loadedAt = loadedAt;
        this.shapes = shapes;
    }

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
            case IDENTIFY -> traits(values, EventShapes.USERS);
            case GROUP -> {
                values.add(members.own().takeText("groupId"));
                traits(values, EventShapes.ACCOUNTS);
            }
            case ALIAS -> values.add(members.own().takeText("previousId"));
        }
        values.add(extraFields());
        CommonColumns.fillLater(values, event, members, loadedAt);
        values.add(context());
        if (hasProperties(event.type())) {
            values.add(members.allProperties());
        }
        return values.row();
    }

    static boolean hasProperties(EventType type) {
        return type == EventType.TRACK || type == EventType.PAGE || type == EventType.SCREEN;
    }

    private void event(RowValues values, @Nullable Utf8Text name) {
        String text = name == null ? null : name.toString();
        if (text != null && shapes != null) {
            shapes.seen(text, members.properties());
        }
        values.add(text == null ? null : slugs.computeIfAbsent(text, any -> Utf8Text.of(Slug.of(any))));
        values.add(name);
    }

    private void traits(RowValues values, String owners) {
        if (shapes != null) {
            shapes.seen(owners, members.traits().flat());
            shapes.seen(owners, members.contextTraits().flat());
        }
        values.add(traits());
    }

    private Utf8Text traits() {
        json.clear();
        members.traits().write(members.contextTraits(), json);
        return written();
    }

    private @Nullable Utf8Text context() {
        json.clear();
        return ContextColumns.writeRest(members, json) ? written() : null;
    }

    private @Nullable Utf8Text extraFields() {
        json.clear();
        if (extraFields) {
            ExtraFields.write(members, json);
            return written();
        }
        return ExtraFields.writeRest(members, json) ? written() : null;
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
