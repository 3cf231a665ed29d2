package com.evefan.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.Arrays;

/** Bytes of JSON in the making. For one thread. */
public final class JsonBuffer {
    private byte[] bytes;
    private int length;

    /** @param capacity in bytes; grows where it is not enough */
    public JsonBuffer(int capacity) {
        bytes = new byte[capacity];
    }

    /** Begins anew, with the same memory. */
    public void clear() {
        length = 0;
    }

    int length() {
        return length;
    }

    /** A copy of what was written. */
    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }

    /** The bytes of {@code source} from {@code start} to before {@code end}, as they are. */
    public JsonBuffer raw(byte[] source, int start, int end) {
        int count = end - start;
        reserve(count);
        System.arraycopy(source, start, bytes, length, count);
        length += count;
        return this;
    }

    JsonBuffer raw(byte[] source) {
        return raw(source, 0, source.length);
    }

    /** One character of ASCII. */
    public JsonBuffer character(char ascii) {
        reserve(1);
        bytes[length++] = (byte) ascii;
        return this;
    }

    /** {@code text} as a JSON string; a lone surrogate in it becomes a question mark. */
    public JsonBuffer string(String text) {
        if (isPlain(text)) {
            return character('"').ascii(text).character('"');
        }
        String encodable = new String(text.getBytes(UTF_8), UTF_8);
        return character('"')
                .raw(JsonStringEncoder.getInstance().quoteAsUTF8(encodable))
                .character('"');
    }

    /** Whether {@code text} is ASCII of which nothing needs an escape, as nearly all we write ourselves. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~' || c == '"' || c == '\\') {
                return false;
            }
        }
        return true;
    }

    private void reserve(int count) {
        if (bytes.length - length < count) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count));
        }
    }

    /** Ends an object; the comma behind its last member, where it has one, goes. */
    public JsonBuffer closeObject() {
        if (bytes[length - 1] == ',') {
            bytes[length - 1] = '}';
            return this;
        }
        return character('}');
    }

    /** Replaces the byte at {@code index}. */
    void set(int index, char ascii) {
        bytes[index] = (byte) ascii;
    }

    /** Whether an object or array has just begun. */
    boolean isOpened() {
        return length > 0 && (bytes[length - 1] == '{' || bytes[length - 1] == '[');
    }

    /** What the string says that was written from {@code start} on. */
    String text(int start) {
        return JsonStrings.text(bytes, start, length);
    }

    /** Takes back everything from {@code start} on. */
    void truncate(int start) {
        length = start;
    }

    /** Takes back a comma that nothing will follow, with the blanks around it. */
    void removeLastComma() {
        int end = length;
        while (end > 0 && bytes[end - 1] <= ' ' && bytes[end - 1] >= 0) {
            end--;
        }
        if (end > 0 && bytes[end - 1] == ',') {
            length = end - 1;
        }
    }

    /** {@code text} as it is; ASCII. */
    public JsonBuffer ascii(String text) {
        int count = text.length();
        reserve(count);
        for (int i = 0; i < count; i++) {
            bytes[length + i] = (byte) text.charAt(i);
        }
        length += count;
        return this;
    }
}
