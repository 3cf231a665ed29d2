package com.evefan.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

/**
 * Member names as strings. The same few come again and again, so the latest are kept, each in the one place that its
 * bytes hash to: whatever is sent, memory is bounded and no name costs more than another. Safe for use by many threads,
 * as what is kept never changes.
 */
final class Names {
    private static final int PLACES = 1024;
    /** Longer ones, in bytes, are not kept. */
    private static final int LONGEST = 2 * Long.BYTES;

    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private final @Nullable Known[] latest = new @Nullable Known[PLACES];

    /** A name whose bytes are {@code length} and these, the first eight and the last eight of them. */
    private record Known(int length, long first, long last, String text) {}

    /** The name between {@code start} and {@code end}, in which nothing is escaped. */
    String of(byte[] json, int start, int end) {
        int length = end - start;
        if (length > LONGEST) {
            return new String(json, start, length, UTF_8);
        }
        long first = Bytes.upToEight(json, start, end);
        long last = length <= Long.BYTES ? first : Bytes.upToEight(json, end - Long.BYTES, end);
        int place = (int) ((first ^ Long.rotateLeft(last, 17) ^ length) * SPREAD >>> 54);
        Known known = latest[place];
        if (known == null || known.first != first || known.last != last || known.length != length) {
            known = new Known(length, first, last, new String(json, start, length, UTF_8));
            latest[place] = known;
        }
        return known.text;
    }
}
