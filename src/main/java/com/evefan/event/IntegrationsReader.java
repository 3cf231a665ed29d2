package com.evefan.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Reads an {@code integrations} object: booleans count as they are, objects (options) as true, the rest not at all. */
final class IntegrationsReader {
    private IntegrationsReader() {}

    /** Reads the value at which {@code parser} stands; leaves it at the value's end. */
    static Integrations read(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return Integrations.ALL;
        }
        Map<String, Boolean> byName = new HashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            parser.skipChildren();
            put(byName, name, value);
        }
        return of(byName);
    }

    /** The restriction in the members of an event's own object and, where it does not name them, of its batch's. */
    static Integrations of(Map<String, Value> own, Map<String, Value> shared) {
        if (own.isEmpty() && shared.isEmpty()) {
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

    private static void put(Map<String, Boolean> byName, String name, JsonToken value) {
        if (value.isBoolean() || value == JsonToken.START_OBJECT) {
            byName.put(name.toLowerCase(Locale.ROOT), value != JsonToken.VALUE_FALSE);
        }
    }

    private static Integrations of(Map<String, Boolean> byName) {
        boolean unrestricted = byName.isEmpty() || byName.size() == 1 && byName.getOrDefault("all", false);
        return unrestricted ? Integrations.ALL : new Integrations(byName);
    }
}
