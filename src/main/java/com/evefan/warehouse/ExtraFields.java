package com.evefan.warehouse;

import com.evefan.event.JsonBuffer;

/**
 * What no column took: {@code {"context": {...}}} with the rest of the context and, among it as existing queries expect,
 * the event's properties. A property whose name the context has too stands under {@code properties} beside
 * {@code context}, a trait whose flattened name was taken under {@code traits}, and any further member of the event
 * under its own name. Nothing is lost, and nothing overwrites anything.
 */
final class ExtraFields {
    private static final String CONTEXT = "context";

    private ExtraFields() {}

    static void write(EventMembers event, JsonBuffer out) {
        out.ascii("{\"context\":{");
        writeContext(event, out);
        Members properties = event.properties();
        for (int i = 0; i < properties.size(); i++) {
            Member property = properties.at(i);
            if (!property.isTaken() && !isInContext(event, property.name())) {
                properties.write(property, out);
                property.take(); // what is left is displaced
            }
        }
        out.closeObject().character(',');
        writeObject("properties", properties, out);
        writeObject("traits", event.traits().displaced(), out);
        Member context = event.own().get(CONTEXT);
        if (context != null) {
            context.take();
        }
        event.own().writeMembers(out);
        out.closeObject();
    }

    /** What has no other place in the row; false, and nothing is written, where there is nothing. */
    static boolean writeRest(EventMembers event, JsonBuffer out) {
        Members displaced = event.traits().displaced();
        Member context = event.own().get(CONTEXT);
        if (displaced.isEmpty() && event.own().isEmpty()) {
            return false;
        }
        out.character('{');
        writeObject("traits", displaced, out);
        if (context != null) {
            event.own().write(context, out); // no object, or it would not be a member of its own
            context.take();
        }
        event.own().writeMembers(out);
        out.closeObject();
        return true;
    }

    private static void writeContext(EventMembers event, JsonBuffer out) {
        Members context = event.context();
        for (int i = 0; i < context.size(); i++) {
            Member member = context.at(i);
            if (!member.isTaken() && !isPart(event, member.name())) {
                context.write(member, out);
            }
        }
        for (String part : EventMembers.CONTEXT_PARTS) {
            if (isPart(event, part)) {
                out.character('"').ascii(part).ascii("\":");
                event.context(part).write(out);
                out.character(',');
            }
        }
    }

    private static boolean isInContext(EventMembers event, String name) {
        return event.context().has(name) || isPart(event, name);
    }

    /** Whether a part of that name stands in the context. {@code campaign} always does, as it did in the original. */
    private static boolean isPart(EventMembers event, String name) {
        return EventMembers.CONTEXT_PARTS.contains(name)
                && (!event.context(name).isEmpty()
                        || name.equals("campaign") && !event.context().has(name));
    }

    private static void writeObject(String name, Members members, JsonBuffer out) {
        if (!members.isEmpty()) {
            out.character('"').ascii(name).ascii("\":");
            members.write(out);
            out.character(',');
        }
    }
}
