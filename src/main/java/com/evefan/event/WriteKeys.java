package com.evefan.event;

import com.fasterxml.jackson.core.JsonToken;
import java.util.function.Predicate;

/** Finds a write key in a body that nobody vouches for: goes through it once, and makes no events of it. */
public final class WriteKeys {
    /** Longer text is no write key. */
    private static final int MAX_LENGTH = 1_000;

    private WriteKeys() {}

    /**
     * Whether the body, or an event in its {@code batch}, names a write key that is {@code known}, before the place
     * where it is cut off or no JSON.
     */
    public static boolean anyOf(byte[] body, Predicate<String> known) {
        try {
            JsonScanner scanner = new JsonScanner(body, Utf8.markLength(body), body.length);
            return scanner.isObject() && inObject(scanner, true, known);
        } catch (NotJsonException e) {
            return false;
        }
    }

    private static boolean inObject(JsonScanner scanner, boolean top, Predicate<String> known) throws NotJsonException {
        while (scanner.nextMember()) {
            if (isKey(scanner, known)) {
                return true;
            }
            if (top && scanner.isArray() && scanner.name().equals("batch")) {
                if (inBatch(scanner, known)) {
                    return true;
                }
            } else {
                scanner.skip();
            }
        }
        return false;
    }

    private static boolean inBatch(JsonScanner scanner, Predicate<String> known) throws NotJsonException {
        while (scanner.nextElement()) {
            if (!scanner.isObject()) {
                scanner.skip();
            } else if (inObject(scanner, false, known)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isKey(JsonScanner scanner, Predicate<String> known) {
        return scanner.token() == JsonToken.VALUE_STRING
                && scanner.position() - scanner.start() <= MAX_LENGTH
                && scanner.name().equals("writeKey")
                && known.test(scanner.text());
    }
}
