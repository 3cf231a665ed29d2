package com.evefan.destination.postgres;

import java.nio.ByteBuffer;
import java.sql.SQLException;

/** What is sent, handed on in pieces; numbers go as PostgreSQL has them, the highest byte first. */
final class Chunk {
    /** Enough rows that a write to the socket costs little for each; few enough that the server has the first soon. */
    static final int BYTES = 64 * 1024;

    private final CopyRows.Target target;
    private final ByteBuffer bytes = ByteBuffer.allocate(BYTES);

    Chunk(CopyRows.Target target) {
        this.target = target;
    }

    /** This, with room for {@code count} bytes more, of which there are few. */
    Chunk room(int count) throws SQLException {
        if (bytes.remaining() < count) {
            handOn();
        }
        return this;
    }

    /** Any number of bytes. */
    void append(byte[] source, int start, int length) throws SQLException {
        int position = start;
        int end = start + length;
        while (position < end) {
            room(1);
            int count = Math.min(bytes.remaining(), end - position);
            bytes.put(source, position, count);
            position += count;
        }
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

    void handOn() throws SQLException {
        target.write(bytes.array(), 0, bytes.position());
        bytes.clear();
    }
}
