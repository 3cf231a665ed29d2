package com.evefan.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HexFormat;

/** The strings of a JSON text: where they end, and what they say. */
public final class JsonStrings {
    private static final int UNICODE = 6;
    /** What stands behind a backslash, each with what both together say. */
    private static final String SHORT = "\"\"\\\\//b\bf\fn\nr\rt\t";

    private final byte[] json;
    private final int end;
    private boolean lastEscaped;
    private boolean lastDoubtful;
    private boolean nonAscii;
    private boolean doubtful;

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
            unit = unit * 16 + HexFormat.fromHexDigit(json[i]);
        }
        return (char) unit;
    }

    /** The byte behind the closing quote of the string that has to begin at {@code start}. */
    int end(int start) throws NotJsonException {
        if (start >= end || json[start] != '"') {
            throw new NotJsonException();
        }
        lastEscaped = false;
        lastDoubtful = false;
        int i = special(start + 1);
        return json[i] == '"' ? i + 1 : endOfEscaped(i);
    }

    /** As {@link #end} for a string with an escape at {@code first}. */
    private int endOfEscaped(int first) throws NotJsonException {
        int i = first;
        while (json[i] != '"') {
            i = special(escape(i));
        }
        return i + 1;
    }

    /** The next quote or backslash. */
    private int special(int from) throws NotJsonException {
        int i = Bytes.indexOfSpecial(json, from, end);
        if (i < 0) {
            nonAscii = true;
            i = ~i;
        }
        if (i == end) {
            throw new NotJsonException();
        }
        return i;
    }

    /** The byte behind the escape at {@code start}. */
    private int escape(int start) throws NotJsonException {
        lastEscaped = true;
        int next = json[start] == '\\' && start + 1 < end ? json[start + 1] : 0;
        switch (next) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> {
                return start + 2;
            }
            case 'u' -> {
                return unicode(start);
            }
            default -> throw new NotJsonException();
        }
    }

    /** As {@link #escape} where it is one by number; a pair of surrogates counts as one. */
    private int unicode(int start) throws NotJsonException {
        char unit = soundUnit(start);
        int next = start + UNICODE;
        boolean pair = Character.isHighSurrogate(unit) && next + 1 < end && json[next] == '\\' && json[next + 1] == 'u';
        if (pair && Character.isLowSurrogate(soundUnit(next))) {
            return next + UNICODE;
        }
        lastDoubtful |= unit == 0 || Character.isSurrogate(unit);
        doubtful |= lastDoubtful;
        return next;
    }

    private char soundUnit(int escape) throws NotJsonException {
        if (escape + UNICODE > end) {
            throw new NotJsonException();
        }
        for (int i = escape + 2; i < escape + UNICODE; i++) {
            if (!HexFormat.isHexDigit(json[i])) {
                throw new NotJsonException();
            }
        }
        return unit(json, escape);
    }

    /** Whether anything in the string that was read last is escaped. */
    boolean lastEscaped() {
        return lastEscaped;
    }

    /** Whether an escape in it stands for U+0000 or for half of a pair of surrogates without the other. */
    boolean lastDoubtful() {
        return lastDoubtful;
    }

    boolean hasNonAscii() {
        return nonAscii;
    }

    /** Whether any string so far was {@linkplain #lastDoubtful doubtful}. */
    boolean hasDoubtful() {
        return doubtful;
    }
}
