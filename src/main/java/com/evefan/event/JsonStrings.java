package com.evefan.event;

import static java.nio.charset.StandardCharsets.UTF_8;

/** The strings of a JSON text: where they end, and what they say. */
public final class JsonStrings {
    private static final int UNICODE = 6;
    /** What stands behind a backslash, each with what both together say. */
    private static final String SHORT = "\"\"\\\\//b\bf\fn\nr\rt\t";

    private final byte[] json;
    private final int end;
    private boolean lastEscaped;
    private boolean nonAscii;
    private boolean unicodeEscapes;

    /** @param end of the text in {@code json} */
    JsonStrings(byte[] json, int end) {
        this.json = json;
        this.end = end;
    }

    /** What the sound JSON string between its quotes at {@code start} and before {@code end} says. */
    public static String text(byte[] json, int start, int end) {
        if (Bytes.indexOf(json, '\\', start, end) == end) {
            return new String(json, start + 1, end - start - 2, UTF_8);
        }
        StringBuilder text = new StringBuilder(end - start);
        int i = start + 1;
        for (int escape = next(json, i, end); escape < end; escape = next(json, i, end)) {
            text.append(new String(json, i, escape - i, UTF_8));
            boolean unicode = json[escape + 1] == 'u';
            text.append(unicode ? unit(json, escape) : SHORT.charAt(SHORT.indexOf(json[escape + 1]) + 1));
            i = escape + (unicode ? UNICODE : 2);
        }
        return text.append(new String(json, i, end - 1 - i, UTF_8)).toString();
    }

    /** Whether half of a surrogate pair stands in {@code text} without the other. */
    static boolean hasLoneSurrogate(String text) {
        return text.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    private static int next(byte[] json, int from, int end) {
        return Bytes.indexOf(json, '\\', from, end);
    }

    /** The UTF-16 unit that the escape by number at {@code escape} stands for. */
    public static char unit(byte[] json, int escape) {
        int unit = 0;
        for (int i = escape + 2; i < escape + UNICODE; i++) {
            unit = unit * 16 + Character.digit(json[i], 16);
        }
        return (char) unit;
    }

    /** The byte behind the closing quote of the string that has to begin at {@code start}. */
    int end(int start) throws NotJsonException {
        if (start >= end || json[start] != '"') {
            throw new NotJsonException();
        }
        lastEscaped = false;
        int i = start + 1;
        while (true) {
            int special = Bytes.indexOfSpecial(json, i, end);
            nonAscii |= special < 0;
            i = special < 0 ? ~special : special;
            if (i == end || json[i] >= 0 && json[i] < ' ') {
                throw new NotJsonException();
            }
            if (json[i] == '"') {
                return i + 1;
            }
            i = escape(i);
        }
    }

    /** The byte behind the escape at {@code start}. */
    private int escape(int start) throws NotJsonException {
        lastEscaped = true;
        int next = start + 1 < end ? json[start + 1] : 0;
        switch (next) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> {
                return start + 2;
            }
            case 'u' -> {
                requireHex(start + 2, start + UNICODE);
                unicodeEscapes = true;
                return start + UNICODE;
            }
            default -> throw new NotJsonException();
        }
    }

    private void requireHex(int from, int to) throws NotJsonException {
        if (to > end) {
            throw new NotJsonException();
        }
        for (int i = from; i < to; i++) {
            if (Character.digit(json[i], 16) < 0) {
                throw new NotJsonException();
            }
        }
    }

    /** Whether anything in the string that was read last is escaped. */
    boolean lastEscaped() {
        return lastEscaped;
    }

    boolean hasNonAscii() {
        return nonAscii;
    }

    boolean hasUnicodeEscapes() {
        return unicodeEscapes;
    }
}
