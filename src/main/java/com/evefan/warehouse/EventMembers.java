package com.evefan.warehouse;

import com.evefan.event.Event;
import com.evefan.event.EventType;
import com.evefan.event.JsonScanner;
import com.evefan.event.NotJsonException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An event's JSON, parsed once, as deep as there are columns for it; columns then take from it what is theirs. Used for
 * one event after the other.
 */
final class EventMembers {
    /** Parts of {@code context} of which some members have a column and others have not. */
    static final List<String> CONTEXT_PARTS = List.of("library", "page", "userAgentData", "campaign");

    /** Parts of {@code context} that have columns now, and stay in {@code extra_fields} as they are. */
    static final List<String> LATER_PARTS = List.of("app", "device", "os", "network", "screen", "referrer");

    private final Members own = new Members();
    private final Members context = new Members();
    private final Members[] contextParts = {new Members(), new Members(), new Members(), new Members()};
    private final Members[] laterParts = {
        new Members(), new Members(), new Members(), new Members(), new Members(), new Members()
    };
    private final Members properties = new Members();
    private final Traits traits = new Traits();
    private final Traits contextTraits = new Traits();
    private byte[] json = {};
    private int propertiesStart;
    private int propertiesEnd;

    /**
     * Reads {@code event} in place of the one before.
     *
     * @throws IllegalArgumentException when its JSON is no JSON object
     */
    void read(Event event) {
        byte[] json = event.json();
        try {
            byte[] clean = CleanJson.of(json, read(json, event));
            if (clean != json) {
                read(clean, event);
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("no JSON object: " + event, e);
        }
    }

    private JsonScanner read(byte[] json, Event event) throws NotJsonException {
        clear(json, event.type());
        JsonScanner scanner = new JsonScanner(json, 0, json.length);
        if (!scanner.isObject()) {
            throw new IllegalArgumentException("no JSON object: " + event);
        }
        while (scanner.nextMember()) {
            member(scanner, event.type());
        }
        return scanner;
    }

    private void clear(byte[] newJson, EventType type) {
        json = newJson;
        propertiesEnd = 0;
        for (Members part : laterParts) {
            part.clear(json);
        }
        contextTraits.clear(json, type);
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

    /** One of {@link #LATER_PARTS}. */
    Members laterPart(int part) {
        return laterParts[part];
    }

    Members properties() {
        return properties;
    }

    /** All properties as they were sent; null where the event has none. */
    @Nullable
    Utf8Text allProperties() {
        return propertiesEnd == 0 ? null : new Utf8Text(json, propertiesStart, propertiesEnd);
    }

    /** The traits that {@code context} has of an event that may have its own. */
    Traits contextTraits() {
        return contextTraits;
    }

    Traits traits() {
        return traits;
    }

    private void member(JsonScanner scanner, EventType type) throws NotJsonException {
        String name = scanner.name();
        if (scanner.isObject() && name.equals("context")) {
            readContext(scanner, type);
        } else if (scanner.isObject() && name.equals("properties") && hasProperties(type)) {
            propertiesStart = scanner.start();
            readAll(scanner, properties);
            propertiesEnd = scanner.position();
        } else if (scanner.isObject() && name.equals("traits") && hasTraits(type)) {
            traits.read(scanner);
        } else if (isKept(name)) {
            own.read(scanner);
        } else {
            scanner.skip();
        }
    }

    private void readContext(JsonScanner scanner, EventType type) throws NotJsonException {
        while (scanner.nextMember()) {
            String name = scanner.name();
            int part = scanner.isObject() ? CONTEXT_PARTS.indexOf(name) : -1;
            if (part >= 0) {
                readAll(scanner, contextParts[part]);
            } else if (scanner.isObject()) {
                readWithin(scanner, name, type);
            } else {
                int later = LATER_PARTS.indexOf(name);
                if (later >= 0) {
                    laterParts[later].forget(); // of equal names the last counts
                }
                context.read(scanner);
            }
        }
    }

    /** An object that stays whole, and of which columns take something besides. */
    private void readWithin(JsonScanner scanner, String name, EventType type) throws NotJsonException {
        int later = LATER_PARTS.indexOf(name);
        boolean isTraits = type == EventType.IDENTIFY && name.equals("traits");
        if (later < 0 && !isTraits) {
            context.read(scanner);
            return;
        }
        Member whole = context.put(name);
        int nameStart = scanner.nameStart();
        int start = scanner.start();
        if (isTraits) {
            contextTraits.read(scanner);
            whole.tell();
        } else {
            readAll(scanner, laterParts[later]);
        }
        whole.place(nameStart, JsonToken.START_OBJECT, false, start, scanner.position());
    }

    /** Of equal names the last counts: what {@code members} were before is forgotten. */
    private static void readAll(JsonScanner scanner, Members members) throws NotJsonException {
        members.forget();
        members.readAll(scanner);
    }

    /** Not what is fixed by us, told in columns of every table, or an instruction or a secret rather than an event. */
    private static boolean isKept(String name) {
        return switch (name) {
            case "type", "messageId", "source", "timestamp", "receivedAt", "integrations", "writeKey", "evefan.id" ->
                false;
            default -> true;
        };
    }

    private static boolean hasProperties(EventType type) {
        return type == EventType.TRACK || type == EventType.PAGE || type == EventType.SCREEN;
    }

    private static boolean hasTraits(EventType type) {
        return type == EventType.IDENTIFY || type == EventType.GROUP;
    }
}
