package com.evefan.warehouse;

import com.evefan.event.Event;
import com.evefan.event.EventType;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/**
 * An event's JSON, parsed once, as deep as there are columns for it; columns then take from it what is theirs. Used for
 * one event after the other.
 */
final class EventMembers {
    /** Parts of {@code context} of which some members have a column and others have not. */
    static final List<String> CONTEXT_PARTS = List.of("library", "page", "userAgentData", "campaign");

    /** Fixed by us, told in columns of every table, or an instruction or a secret rather than something that happened. */
    private static final Set<String> NOT_KEPT =
            Set.of("type", "messageId", "source", "timestamp", "receivedAt", "integrations", "writeKey");

    private final Members own = new Members();
    private final Members context = new Members();
    private final Members[] contextParts = {new Members(), new Members(), new Members(), new Members()};
    private final Members properties = new Members();
    private final Traits traits = new Traits();

    /**
     * Reads {@code event} in place of the one before.
     *
     * @throws IllegalArgumentException when its JSON is no JSON object
     */
    void read(Event event) {
        try {
            byte[] json = CleanJson.withCleanText(event.json());
            if (!read(json, event)) {
                read(CleanJson.copy(json, 0, json.length), event);
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("no JSON object: " + event, e);
        }
    }

    /** Whether all numbers in it are such as every warehouse can hold. */
    private boolean read(byte[] json, Event event) throws IOException {
        clear(json, event.type());
        try (MemberReader reader = new MemberReader(json)) {
            if (!reader.open()) {
                throw new IllegalArgumentException("no JSON object: " + event);
            }
            while (reader.nextMember()) {
                member(reader, event.type());
            }
            return reader.numbersOrdinary();
        }
    }

    private void clear(byte[] json, EventType type) {
        own.clear(json);
        context.clear(json);
        for (Members part : contextParts) {
            part.clear(json);
        }
        properties.clear(json);
        traits.clear(json, type);
    }

    /** The event's own members. */
    Members own() {
        return own;
    }

    Members context() {
        return context;
    }

    /** One of {@link #CONTEXT_PARTS}; empty where the event has none. */
    Members context(String part) {
        return contextParts[CONTEXT_PARTS.indexOf(part)];
    }

    Members properties() {
        return properties;
    }

    Traits traits() {
        return traits;
    }

    private void member(MemberReader reader, EventType type) throws IOException {
        String name = reader.name();
        if (reader.isObject() && name.equals("context")) {
            readContext(reader);
        } else if (reader.isObject() && name.equals("properties") && hasProperties(type)) {
            reader.readAll(properties);
        } else if (reader.isObject() && name.equals("traits") && hasTraits(type)) {
            traits.read(reader);
        } else if (NOT_KEPT.contains(name)) {
            reader.skip();
        } else {
            reader.read(own);
        }
    }

    private void readContext(MemberReader reader) throws IOException {
        while (reader.nextMember()) {
            int part = reader.isObject() ? CONTEXT_PARTS.indexOf(reader.name()) : -1;
            if (part >= 0) {
                reader.readAll(contextParts[part]);
            } else {
                reader.read(context);
            }
        }
    }

    private static boolean hasProperties(EventType type) {
        return type == EventType.TRACK || type == EventType.PAGE || type == EventType.SCREEN;
    }

    private static boolean hasTraits(EventType type) {
        return type == EventType.IDENTIFY || type == EventType.GROUP;
    }
}
