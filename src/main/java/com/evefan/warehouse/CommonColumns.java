package com.evefan.warehouse;

import com.evefan.event.Event;
import com.evefan.event.Timestamps;
import com.evefan.warehouse.RowAssembler.RowValues;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The columns that all tables have, in their order. */
final class CommonColumns {
    private static final Instant YEAR_1 = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant YEAR_10000 = Instant.parse("+10000-01-01T00:00:00Z");

    private CommonColumns() {}

    /** The columns that came later, which stand behind the table's own. */
    static void fillLater(RowValues values, Event event, EventMembers members, @Nullable Instant loadedAt) {
        values.add(Utf8Text.of(event.source()));
        values.add(loadedAt);
        ContextColumns.fill(values, members);
    }

    static void fill(RowValues values, Event event, EventMembers members) {
        values.add(Utf8Text.of(CleanText.of(event.id())));
        values.add(members.own().takeText("anonymousId"));
        context(values, members);
        times(values, event, members.own());
        values.add(members.own().takeText("userId"));
    }

    private static void context(RowValues values, EventMembers members) {
        Members context = members.context();
        values.add(context.tellText("ip")); // stays in extra_fields too, where the original has it
        texts(values, members.context("library"), "name", "version");
        values.add(context.takeText("locale"));
        texts(values, members.context("page"), "path", "referrer", "title", "url");
        values.add(context.takeText("userAgent"));
        Members userAgentData = members.context("userAgentData");
        values.add(userAgentData.takeNested("brands"));
        values.add(userAgentData.takeBoolean("mobile"));
        values.add(userAgentData.takeText("platform"));
        texts(values, members.context("campaign"), "content", "medium", "name", "source", "term");
    }

    private static void texts(RowValues values, Members members, String... names) {
        for (String name : names) {
            values.add(members.takeText(name));
        }
    }

    /** What the client did not say of its own time is told by the corrected one. */
    private static void times(RowValues values, Event event, Members own) {
        Instant original = takeTime(own, "originalTimestamp");
        Instant timestamp = inRange(event.timestamp());
        values.add(original != null ? original : own.has("originalTimestamp") ? null : timestamp);
        values.add(timestamp);
        values.add(inRange(event.receivedAt()));
        values.add(takeTime(own, "sentAt"));
    }

    /** A member as an instant; null, and the member stays, where it is none that a warehouse can hold. */
    private static @Nullable Instant takeTime(Members own, String name) {
        Member member = own.get(name);
        if (member == null || !member.isString()) {
            return null;
        }
        Instant time = Timestamps.parse(String.valueOf(own.text(name)))
                .map(CommonColumns::inRange)
                .orElse(null);
        if (time != null) {
            member.take();
        }
        return time;
    }

    private static @Nullable Instant inRange(Instant time) {
        return time.isBefore(YEAR_1) || !time.isBefore(YEAR_10000) ? null : time;
    }
}
