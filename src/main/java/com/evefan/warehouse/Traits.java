package com.evefan.warehouse;

import com.evefan.event.EventType;
import com.evefan.event.JsonBuffer;
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

    private final Members flat = new Members();
    private final Members displaced = new Members();
    private final Member read = new Member();
    private Map<String, String> names = Map.of();
    private byte[] json = {};

    /** Forgets all traits; the next ones stand in {@code newJson}. */
    void clear(byte[] newJson, EventType type) {
        json = newJson;
        names = type == EventType.IDENTIFY ? IDENTIFY_NAMES : GROUP_NAMES;
        flat.clear(newJson);
        displaced.clear(newJson);
    }

    /** The object at which {@code reader} stands, in place of any before. */
    void read(MemberReader reader) throws IOException {
        flat.clear(json);
        displaced.clear(json);
        object(reader, "");
    }

    void write(JsonBuffer out) {
        flat.write(out);
    }

    /** Values whose flattened name a later trait has taken. */
    Members displaced() {
        return displaced;
    }

    private void object(MemberReader reader, String prefix) throws IOException {
        while (reader.nextMember()) {
            value(reader, prefix.isEmpty() ? reader.name() : prefix + reader.name());
        }
    }

    private void array(MemberReader reader, String prefix) throws IOException {
        for (int i = 0; reader.nextElement(); i++) {
            value(reader, prefix + i);
        }
    }

    private void value(MemberReader reader, String name) throws IOException {
        if (name.length() < LONGEST_PREFIX && reader.isObject()) {
            object(reader, name + '_');
        } else if (name.length() < LONGEST_PREFIX && reader.isArray()) {
            array(reader, name + '_');
        } else {
            put(reader, names.getOrDefault(name, name));
        }
    }

    private void put(MemberReader reader, String name) throws IOException {
        Member before = flat.find(name);
        reader.read(read, name);
        if (before != null && !before.says(read, json)) {
            displaced.put(name).place(before);
        }
        flat.put(name).place(read);
    }
}
