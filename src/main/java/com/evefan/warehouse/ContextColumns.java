package com.evefan.warehouse;

import com.evefan.event.JsonBuffer;
import com.evefan.warehouse.RowAssembler.RowValues;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The columns of {@code context} that came later than {@code extra_fields}, which keeps what it always had; and the column
 * {@code context}, which has all that no other column has.
 */
final class ContextColumns {
    /** A column with the member of {@code context}, or of a part of it, that it holds. */
    private record Source(Column column, int part, String member) {}

    private static final int NO_PART = -1;

    private static final List<Source> SOURCES = List.of(
            of(ColumnType.TEXT, "app", "name"),
            of(ColumnType.TEXT, "app", "version"),
            of(ColumnType.TEXT, "device", "id"),
            of(ColumnType.TEXT, "device", "manufacturer"),
            of(ColumnType.TEXT, "device", "model"),
            of(ColumnType.TEXT, "device", "type"),
            of(ColumnType.TEXT, "os", "name"),
            of(ColumnType.TEXT, "os", "version"),
            of(ColumnType.BOOLEAN, "network", "bluetooth"),
            of(ColumnType.TEXT, "network", "carrier"),
            of(ColumnType.BOOLEAN, "network", "cellular"),
            of(ColumnType.BOOLEAN, "network", "wifi"),
            of(ColumnType.NUMBER, "screen", "density"),
            of(ColumnType.NUMBER, "screen", "height"),
            of(ColumnType.NUMBER, "screen", "width"),
            of(ColumnType.TEXT, "referrer", "id"),
            of(ColumnType.TEXT, "referrer", "type"),
            of(ColumnType.TEXT, "referrer", "name"),
            of(ColumnType.TEXT, "referrer", "url"),
            of(ColumnType.TEXT, "referrer", "link"),
            new Source(new Column("context_timezone", ColumnType.TEXT), NO_PART, "timezone"),
            new Source(new Column("context_group_id", ColumnType.TEXT), NO_PART, "groupId"),
            new Source(new Column("context_session_id", ColumnType.TEXT), NO_PART, "sessionId"));

    static final List<Column> COLUMNS = SOURCES.stream().map(Source::column).toList();

    private ContextColumns() {}

    private static Source of(ColumnType type, String part, String member) {
        return new Source(
                new Column("context_" + part + "_" + member, type), EventMembers.LATER_PARTS.indexOf(part), member);
    }

    static void fill(RowValues values, EventMembers event) {
        for (int i = 0; i < SOURCES.size(); i++) {
            Source source = SOURCES.get(i);
            Members members = source.part() == NO_PART ? event.context() : event.laterPart(source.part());
            values.add(value(members, source));
        }
    }

    private static @Nullable Object value(Members members, Source source) {
        if (members.size() == 0) {
            return null;
        }
        return switch (source.column().type()) {
            case BOOLEAN -> members.tellBoolean(source.member());
            case NUMBER -> members.tellNumber(source.member());
            default -> members.tellText(source.member());
        };
    }

    /** What of the context no column holds, as a JSON object; false, and nothing is written, where that is nothing. */
    static boolean writeRest(EventMembers event, JsonBuffer out) {
        Members context = event.context();
        out.character('{');
        boolean any = false;
        for (int i = 0; i < context.size(); i++) {
            Member member = context.at(i);
            int part = EventMembers.LATER_PARTS.indexOf(member.name());
            if (part >= 0 && member.isObject()) {
                any |= writePart(member.name(), event.laterPart(part), out);
            } else if (!member.isTold()) {
                context.write(member, out);
                any = true;
            }
        }
        for (String part : EventMembers.CONTEXT_PARTS) {
            any |= writePart(part, event.context(part), out);
        }
        out.closeObject();
        return any;
    }

    private static boolean writePart(String name, Members part, JsonBuffer out) {
        if (part.isAllTold()) {
            return false;
        }
        out.character('"').ascii(name).ascii("\":{");
        for (int i = 0; i < part.size(); i++) {
            if (!part.at(i).isTold()) {
                part.write(part.at(i), out);
            }
        }
        out.closeObject().character(',');
        return true;
    }
}
