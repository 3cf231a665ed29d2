package com.evefan.destination.postgres;

/** A piece of what is sent. */
final class Chunk {
    /** Enough rows for one write to the socket; few enough that the server has the first ones soon. */
    static final int BYTES = 16 * 1024;

    private final byte[] bytes = new byte[BYTES];
    private int length;

    byte[] bytes() {
        return bytes;
    }

    /** How many of {@link #bytes()} are data. */
    int length() {
        return length;
    }

    int free() {
        return BYTES - length;
    }

    void clear() {
        length = 0;
    }

    void int8(int value) {
        bytes[length++] = (byte) value;
    }

    void int16(int value) {
        int8(value >> 8);
        int8(value);
    }

    void int32(int value) {
        int16(value >> 16);
        int16(value);
    }

    void int64(long value) {
        int32((int) (value >> 32));
        int32((int) value);
    }

    void append(byte[] source, int start, int count) {
        System.arraycopy(source, start, bytes, length, count);
        length += count;
    }
}
