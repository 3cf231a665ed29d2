package com.evefan.destination.postgres;

import java.nio.ByteBuffer;

/** A piece of what is sent; numbers go as PostgreSQL has them, the highest byte first. */
final class Chunk {
    /** Enough rows that a write to the socket costs little for each; few enough that the server has the first soon. */
    static final int BYTES = 64 * 1024;

    private final ByteBuffer bytes = ByteBuffer.allocate(BYTES);

    byte[] bytes() {
        return bytes.array();
    }

    /** How many of {@link #bytes()} are data. */
    int length() {
        return bytes.position();
    }

    int free() {
        return bytes.remaining();
    }

    void clear() {
        bytes.clear();
    }

    void int8(int value) {
        bytes.put((byte) value);
    }

    void int16(int value) {
        bytes.putShort((short) value);
    }

    void int32(int value) {
        bytes.putInt(value);
    }

    void int64(long value) {
        bytes.putLong(value);
    }

    void append(byte[] source, int start, int count) {
        bytes.put(source, start, count);
    }
}
