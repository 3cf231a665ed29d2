package com.evefan.destination.bigquery;

/** How many bytes a string takes in a request, counted without making the bytes. */
final class JsonBytes {
    private JsonBytes() {}

    /** The bytes of {@code text} as a JSON string in UTF-8, quotes included, as the official client encodes it. */
    static long of(String text) {
        long bytes = 2;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                bytes += beyondAscii(c);
            } else if (c < 0x20) {
                bytes += isShort(c) ? 2 : 6;
            } else {
                bytes += c == '"' || c == '\\' ? 2 : 1;
            }
        }
        return bytes;
    }

    private static boolean isShort(char c) {
        return c == '\t' || c == '\n' || c == '\r' || c == '\b' || c == '\f';
    }

    private static int beyondAscii(char c) {
        if (c < 0x800) {
            return 2;
        }
        if (Character.isSurrogate(c)) {
            return 2; // half of the four bytes of a pair
        }
        return c == '\u2028' || c == '\u2029' ? 6 : 3; // the client escapes the two line separators
    }
}
