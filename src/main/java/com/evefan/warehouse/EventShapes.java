package com.evefan.warehouse;

import com.fasterxml.jackson.core.JsonToken;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which properties the events of each name have, and what kind of value; learned from the rows as they are made, which
 * costs a look-up for each property. Bounded. Thread-safe.
 */
public final class EventShapes {
    /** Stands for the traits of users and of accounts among the names of events, which never begin like this. */
    public static final String USERS = "\0users";

    public static final String ACCOUNTS = "\0accounts";

    /** A time that every warehouse reads, with its zone; as a regular expression of Java and PostgreSQL. */
    public static final String TIME = "(?!0000)(\\d{4}-((0[13578]|1[02])-(0[1-9]|[12]\\d|3[01])"
            + "|(0[469]|11)-(0[1-9]|[12]\\d|30)|02-(0[1-9]|1\\d|2[0-8]))"
            + "|(\\d\\d(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)"
            + "[T ]([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,9})?(Z|[+-](0\\d|1[0-4]):?[0-5]\\d)";

    private static final Pattern IS_TIME = Pattern.compile(TIME);
    private static final int LONGEST_TIME = 36;
    private static final int LONGEST_NAME = 255;

    /** What a column of a view holds. */
    public enum Kind {
        NUMBER,
        BOOLEAN,
        TIME,
        /** Anything else, and what was of several kinds. */
        TEXT;

        Kind with(Kind other) {
            return this == other ? this : TEXT;
        }
    }

    private final int maxNames;
    private final int maxProperties;
    private final Map<String, Map<String, Kind>> byName = new ConcurrentHashMap<>();
    private final AtomicLong changes = new AtomicLong();

    /**
     * @param maxNames of events; others are not learned
     * @param maxProperties of each; others are not learned
     */
    public EventShapes(int maxNames, int maxProperties) {
        this.maxNames = maxNames;
        this.maxProperties = maxProperties;
    }

    /** Grows with everything that is learned. */
    public long changes() {
        return changes.get();
    }

    /** The properties by the names of events; goes on changing. */
    public Map<String, Map<String, Kind>> all() {
        return byName;
    }

    /** Begins anew with {@code event}. */
    public void forget(String event) {
        if (byName.remove(event) != null) {
            changes.incrementAndGet();
        }
    }

    void seen(String event, Members properties) {
        Map<String, Kind> known = byName.get(event);
        if (known == null) {
            if (byName.size() >= maxNames + 2 || event.length() > LONGEST_NAME) {
                return;
            }
            known = byName.computeIfAbsent(event, name -> new ConcurrentHashMap<>());
            changes.incrementAndGet();
        }
        for (int i = 0; i < properties.size(); i++) {
            Member property = properties.at(i);
            Kind before = known.get(property.name());
            if (before != Kind.TEXT) {
                learn(known, property, before, properties);
            }
        }
    }

    private void learn(Map<String, Kind> known, Member property, @Nullable Kind before, Members properties) {
        Kind kind = kind(property, properties);
        if (kind == null || kind == before || before == null && !isRoomFor(property.name(), known)) {
            return;
        }
        known.put(property.name(), before == null ? kind : before.with(kind));
        changes.incrementAndGet();
    }

    /** No longer name can be told apart in a query. */
    private boolean isRoomFor(String property, Map<String, Kind> known) {
        return known.size() < maxProperties
                && !property.isEmpty()
                && property.getBytes(StandardCharsets.UTF_8).length <= SnakeName.LONGEST;
    }

    /** Null for null, which is of every kind. */
    private static @Nullable Kind kind(Member property, Members properties) {
        JsonToken token = property.token();
        return switch (token) {
            case VALUE_NULL -> null;
            case VALUE_TRUE, VALUE_FALSE -> Kind.BOOLEAN;
            case VALUE_NUMBER_INT -> Kind.NUMBER;
            case VALUE_STRING -> isTime(properties.raw(property)) ? Kind.TIME : Kind.TEXT;
            default -> Kind.TEXT;
        };
    }

    private static boolean isTime(Utf8Text text) {
        int length = text.length();
        return length >= "2026-01-02T03:04:05Z".length()
                && length <= LONGEST_TIME
                && text.bytes()[text.start() + 4] == '-'
                && text.bytes()[text.start() + 13] == ':'
                && IS_TIME.matcher(text.toString()).matches();
    }
}
