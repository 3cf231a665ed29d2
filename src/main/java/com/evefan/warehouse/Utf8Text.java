package com.evefan.warehouse;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * Text as UTF-8, mostly a stretch of an event's own bytes: most columns say what the sender said, and need neither
 * decoding nor a copy. Equal to any other of the same characters.
 */
public final class Utf8Text {
    private final byte[] bytes;
    private final int start;
    private final int length;

    /** The text between {@code start} and {@code end} of {@code bytes}, which are not copied and must not change. */
    Utf8Text(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.start = start;
        this.length = end - start;
    }

    /** {@code text}, which must have no lone surrogates. */
    public static Utf8Text of(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        return new Utf8Text(bytes, 0, bytes.length);
    }

    /** In which the text stands among others; not to be changed. */
    public byte[] bytes() {
        return bytes;
    }

    /** Its first byte in {@link #bytes()}. */
    public int start() {
        return start;
    }

    /** In bytes. */
    public int length() {
        return length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Utf8Text text
                && Arrays.equals(bytes, start, start + length, text.bytes, text.start, text.start + text.length);
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }

    /** The text itself. */
    @Override
    public String toString() {
        return new String(bytes, start, length, UTF_8);
    }
}
