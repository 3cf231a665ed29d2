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
        Map<String, Boolean> byName = Map.of();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            parser.skipChildren();
            if (value.isBoolean() || value == JsonToken.START_OBJECT) {
                if (byName.isEmpty()) {
                    byName = new HashMap<>();
                }
                byName.put(name.toLowerCase(Locale.ROOT), value != JsonToken.VALUE_FALSE);
            }
        }
        return of(byName);
    }

    private static Integrations of(Map<String, Boolean> byName) {
        boolean unrestricted = byName.isEmpty() || byName.size() == 1 && byName.getOrDefault("all", false);
        return unrestricted ? Integrations.ALL : new Integrations(byName);
    }
}
