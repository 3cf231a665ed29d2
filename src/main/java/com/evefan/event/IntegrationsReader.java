package com.evefan.event;

import com.fasterxml.jackson.core.JsonToken;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Reads an {@code integrations} object: booleans count as they are, objects (options) as true, the rest not at all. */
final class IntegrationsReader {
    private IntegrationsReader() {}

    /** Reads the value at which {@code scanner} stands; leaves it at the value's end. */
    static Integrations read(JsonScanner scanner) throws NotJsonException {
        if (!scanner.isObject()) {
            scanner.skip();
            return Integrations.ALL;
        }
        Map<String, Boolean> byName = new HashMap<>();
        while (scanner.nextMember()) {
            put(byName, scanner.name(), scanner.token());
            scanner.skip();
        }
        return of(byName);
    }

    /** The restriction in the members of an event's own object and, where it does not name them, of its batch's. */
    static Integrations of(Map<String, Value> own, Map<String, Value> shared) {
        if (!excludes(own) && !excludes(shared)) {
            return Integrations.ALL;
        }
        Map<String, Boolean> byName = new HashMap<>();
        shared.forEach((name, value) -> {
            if (!own.containsKey(name)) {
                put(byName, name, value.token());
            }
        });
        own.forEach((name, value) -> put(byName, name, value.token()));
        return of(byName);
    }

    private static boolean excludes(Map<String, Value> members) {
        for (Value value : members.values()) {
            if (value.token() == JsonToken.VALUE_FALSE) {
                return true;
            }
        }
        return false;
    }

    private static void put(Map<String, Boolean> byName, String name, JsonToken value) {
        if (value.isBoolean() || value == JsonToken.START_OBJECT) {
            byName.put(name.toLowerCase(Locale.ROOT), value != JsonToken.VALUE_FALSE);
        }
    }

    /** An object that excludes nobody, as those of the browser SDK, restricts nothing. */
    private static Integrations of(Map<String, Boolean> byName) {
        return byName.containsValue(false) ? new Integrations(byName) : Integrations.ALL;
    }
}
