package com.evefan.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.Arrays;

/** Bytes of JSON in the making. */
final class JsonBuffer {
    private byte[] bytes = new byte[2048];
    private int length;

    void clear() {
        length = 0;
    }

    int length() {
        return length;
    }

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }

    JsonBuffer raw(byte[] source, int start, int end) {
        int count = end - start;
        if (bytes.length - length < count) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count));
        }
        System.arraycopy(source, start, bytes, length, count);
        length += count;
        return this;
    }

    JsonBuffer raw(byte[] source) {
        return raw(source, 0, source.length);
    }

    JsonBuffer character(char ascii) {
        if (bytes.length == length) {
            bytes = Arrays.copyOf(bytes, length * 2);
        }
        bytes[length++] = (byte) ascii;
        return this;
    }

    /** {@code text} as a JSON string; a lone surrogate in it becomes a question mark. */
    JsonBuffer string(String text) {
        String encodable = new String(text.getBytes(UTF_8), UTF_8);
        return character('"')
                .raw(JsonStringEncoder.getInstance().quoteAsUTF8(encodable))
                .character('"');
    }

    /** Replaces the byte at {@code index}. */
    void set(int index, char ascii) {
        bytes[index] = (byte) ascii;
    }

    /** {@code text} as it is; ASCII. */
    JsonBuffer ascii(String text) {
        return raw(text.getBytes(UTF_8));
    }
}
