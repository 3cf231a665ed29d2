package com.evefan.warehouse;

import com.evefan.event.EventType;
import com.evefan.event.JsonBuffer;
import com.evefan.event.JsonScanner;
import com.evefan.event.NotJsonException;
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

    /** The object at which {@code scanner} stands, in place of any before. */
    void read(JsonScanner scanner) throws NotJsonException {
        flat.clear(json);
        displaced.clear(json);
        object(scanner, "");
    }

    /** All of these, and those of {@code others} that these do not name. */
    void write(Traits others, JsonBuffer out) {
        out.character('{');
        flat.writeMembers(out);
        for (int i = 0; i < others.flat.size(); i++) {
            Member other = others.flat.at(i);
            if (flat.find(other.name()) == null) {
                others.flat.write(other, out);
            }
        }
        out.closeObject();
    }

    Members flat() {
        return flat;
    }

    /** Values whose flattened name a later trait has taken. */
    Members displaced() {
        return displaced;
    }

    private void object(JsonScanner scanner, String prefix) throws NotJsonException {
        while (scanner.nextMember()) {
            value(scanner, prefix.isEmpty() ? scanner.name() : prefix + scanner.name());
        }
    }

    private void array(JsonScanner scanner, String prefix) throws NotJsonException {
        for (int i = 0; scanner.nextElement(); i++) {
            value(scanner, prefix + i);
        }
    }

    private void value(JsonScanner scanner, String name) throws NotJsonException {
        if (name.length() < LONGEST_PREFIX && scanner.isObject()) {
            object(scanner, name + '_');
        } else if (name.length() < LONGEST_PREFIX && scanner.isArray()) {
            array(scanner, name + '_');
        } else {
            put(scanner, names.getOrDefault(name, name));
        }
    }

    private void put(JsonScanner scanner, String name) throws NotJsonException {
        int nameStart = name.equals(scanner.name()) ? scanner.nameStart() : Member.RENAMED;
        Member before = flat.find(name);
        if (before == null) {
            flat.append(name).read(scanner, nameStart);
            return;
        }
        read.read(scanner, nameStart);
        if (!before.says(read, json)) {
            displaced.put(name).place(before);
        }
        before.place(read);
    }
}
