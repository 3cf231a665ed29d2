package com.evefan.warehouse;

import com.evefan.event.EventType;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Map;

/**
 * Traits without nesting: {@code address.city} becomes {@code address_city}, {@code tags[0]} becomes {@code tags_0},
 * empty objects and arrays vanish, and some well-known names become snake case.
 */
final class Traits {
    /** Deeper than this many characters nothing is flattened, or a small event could become megabytes of names. */
    private static final int LONGEST_PREFIX = 128;

    private static final Map<String, String> GROUP_NAMES = Map.of("createdAt", "created_at");
    private static final Map<String, String> IDENTIFY_NAMES = Map.of(
            "createdAt", "created_at",
            "firstName", "first_name",
            "lastName", "last_name",
            "lastSeen", "last_seen",
            "address_postalCode", "address_postal_code");

    private final Map<String, String> names;
    private final Members flat = new Members();
    private final Members displaced = new Members();

    private Traits(EventType type) {
        this.names = type == EventType.IDENTIFY ? IDENTIFY_NAMES : GROUP_NAMES;
    }

    static Traits none(EventType type) {
        return new Traits(type);
    }

    /** The object at which {@code parser} stands. */
    static Traits read(JsonParser parser, EventType type) throws IOException {
        Traits traits = new Traits(type);
        traits.object(parser, "");
        return traits;
    }

    String toJson() {
        return flat.toValue().text();
    }

    /** Values whose flattened name a later trait has taken. */
    Members displaced() {
        return displaced;
    }

    private void object(JsonParser parser, String prefix) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = prefix + parser.currentName();
            parser.nextToken();
            value(parser, name);
        }
    }

    private void array(JsonParser parser, String prefix) throws IOException {
        for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
            value(parser, prefix + i);
        }
    }

    private void value(JsonParser parser, String name) throws IOException {
        if (name.length() < LONGEST_PREFIX && parser.currentToken() == JsonToken.START_OBJECT) {
            object(parser, name + '_');
        } else if (name.length() < LONGEST_PREFIX && parser.currentToken() == JsonToken.START_ARRAY) {
            array(parser, name + '_');
        } else {
            put(names.getOrDefault(name, name), JsonText.value(parser));
        }
    }

    private void put(String name, Value value) {
        Value before = flat.put(name, value);
        if (before != null && !before.equals(value)) {
            displaced.put(name, before);
        }
    }
}
