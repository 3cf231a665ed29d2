package com.evefan.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Member names as strings. The same few come again and again, so the latest are kept, each in the one place that its
 * bytes hash to: whatever is sent, memory is bounded and no name costs more than another. Safe for use by many threads,
 * as what is kept never changes.
 */
final class Names {
    private static final int PLACES = 1024;
    /** Longer ones, in bytes, are not kept. */
    private static final int LONGEST = 64;

    private final @Nullable Known[] latest = new @Nullable Known[PLACES];

    @SuppressWarnings("ArrayRecordComponent") // never handed out
    private record Known(byte[] bytes, String text) {
        boolean is(byte[] json, int start, int end) {
            return Arrays.equals(bytes, 0, bytes.length, json, start, end);
        }
    }

    /** The name between {@code start} and {@code end}, in which nothing is escaped. */
    String of(byte[] json, int start, int end) {
        if (end - start > LONGEST) {
            return new String(json, start, end - start, UTF_8);
        }
        int place = place(json, start, end);
        Known known = latest[place];
        if (known == null || !known.is(json, start, end)) {
            known = new Known(Arrays.copyOfRange(json, start, end), new String(json, start, end - start, UTF_8));
            latest[place] = known;
        }
        return known.text();
    }

    private static int place(byte[] json, int start, int end) {
        int hash = 0;
        for (int i = start; i < end; i++) {
            hash = 31 * hash + json[i];
        }
        return (hash ^ hash >>> 10) & PLACES - 1;
    }
}
