package com.evefan.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/** Request bodies as well-formed UTF-8, on one line. */
public final class Utf8 {
    private Utf8() {}

    /** {@code bytes} without a byte order mark. */
    static byte[] withoutMark(byte[] bytes) {
        int mark = markLength(bytes);
        return mark > 0 ? Arrays.copyOfRange(bytes, mark, bytes.length) : bytes;
    }

    /** The bytes of the byte order mark with which {@code bytes} begin; 0 where there is none. */
    static int markLength(byte[] bytes) {
        boolean marked =
                bytes.length >= 3 && bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB && bytes[2] == (byte) 0xBF;
        return marked ? 3 : 0;
    }

    /**
     * {@code bytes} with U+FFFD where they are no UTF-8 (surrogates encoded on their own included): one broken character
     * must not cost the events around it, and a database takes nothing else.
     */
    static byte[] wellFormed(byte[] bytes) {
        return isWellFormed(bytes) ? bytes : new String(bytes, UTF_8).getBytes(UTF_8);
    }

    /** Whether {@code bytes} begin like UTF-16 or UTF-32, which JSON parsers guess and we do not take. */
    static boolean isWide(byte[] bytes) {
        for (int i = 0; i < Math.min(4, bytes.length); i++) {
            if (bytes[i] == 0) {
                return true;
            }
        }
        return false;
    }

    /**
     * {@code json} with blanks in the places of line breaks. In sound JSON they only stand between tokens: inside a
     * string they are escaped.
     */
    static byte[] onOneLine(byte[] json) {
        byte[] line = json.clone();
        for (int i = 0; i < line.length; i++) {
            if (line[i] == '\n' || line[i] == '\r') {
                line[i] = ' ';
            }
        }
        return line;
    }

    /** Whether {@code bytes} are UTF-8, without surrogates encoded on their own. */
    static boolean isWellFormed(byte[] bytes) {
        int i = Bytes.indexOfNonAscii(bytes, 0);
        while (i < bytes.length) {
            int length = sequence(bytes, i);
            if (length == 0) {
                return false;
            }
            i = Bytes.indexOfNonAscii(bytes, i + length);
        }
        return true;
    }

    /** The length of the sequence of more than one byte at {@code i}, 0 where it is broken (RFC 3629, section 4). */
    private static int sequence(byte[] bytes, int i) {
        int first = bytes[i] & 0xFF;
        int length = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
        if (length == 0 || i + length > bytes.length) {
            return 0;
        }
        int second = bytes[i + 1] & 0xFF;
        int lowest = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
        int highest = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
        if (second < lowest || second > highest) {
            return 0;
        }
        for (int k = 2; k < length; k++) {
            if ((bytes[i + k] & 0xC0) != 0x80) {
                return 0;
            }
        }
        return length;
    }
}
