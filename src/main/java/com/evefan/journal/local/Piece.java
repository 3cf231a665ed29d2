package com.evefan.journal.local;

import com.evefan.event.Event;
import com.evefan.event.EventCodec;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Events that stand together in one record of a file. Layout, big-endian: magic (4 bytes), length of it all (4), CRC32C
 * of all that follows (4), number of events (4), position of the first (8), size of all events before it, as accepted (8),
 * when the first arrived, in milliseconds since 1970 (8), then the events as lines.
 *
 * @param first the position of the first event: how many stand before it in the journal
 * @param bytesBefore the size of these, as accepted
 * @param receivedAt when the first event arrived, in milliseconds since 1970
 * @param events the events in their order
 * @param bytes their size as accepted
 */
record Piece(long first, long bytesBefore, long receivedAt, List<Event> events, long bytes) {
    /** Bytes that no UTF-8 text has: events never look like the start of a record. */
    static final int MAGIC = 0xFE45_FF52;

    static final int HEAD = 40;
    private static final int CHECKSUM_AT = 8;
    private static final int CHECKED_FROM = 12;
    private static final byte LINE_END = '\n';

    static Piece of(long first, long bytesBefore, List<Event> events, long bytes) {
        return new Piece(first, bytesBefore, events.get(0).receivedAt().toEpochMilli(), events, bytes);
    }

    /** The position after its last event. */
    long end() {
        return first + events.size();
    }

    /** The size of the record. */
    int length() {
        return Math.toIntExact(HEAD + bytes + events.size());
    }

    /** Writes the record into {@code to}, which has room for it. */
    void encode(ByteBuffer to) {
        int start = to.position();
        to.putInt(MAGIC).putInt(length()).putInt(0).putInt(events.size());
        to.putLong(first).putLong(bytesBefore).putLong(receivedAt);
        for (Event event : events) {
            to.put(event.json()).put(LINE_END);
        }
        CRC32C checksum = new CRC32C();
        checksum.update(to.duplicate().flip().position(start + CHECKED_FROM));
        to.putInt(start + CHECKSUM_AT, (int) checksum.getValue());
    }

    /** What stands before the lines of an intact record. */
    record Head(int length, int events, long first, long bytesBefore, long receivedAt) {
        long end() {
            return first + events;
        }

        /** The size of the events as accepted. */
        long bytes() {
            return (long) length - HEAD - events;
        }

        long bytesAfter() {
            return bytesBefore + bytes();
        }
    }

    /** The length that a record at {@code index} says it has; 0 when there is no record. */
    static int length(ByteBuffer at, int index) {
        if (at.limit() - index < HEAD || at.getInt(index) != MAGIC) {
            return 0;
        }
        int length = at.getInt(index + Integer.BYTES);
        return length > HEAD ? length : 0;
    }

    /** The record at {@code index}, which has its whole length before the limit; null when it is damaged. */
    static @Nullable Head head(ByteBuffer at, int index) {
        int length = length(at, index);
        if (length == 0 || length > at.limit() - index) {
            return null;
        }
        CRC32C checksum = new CRC32C();
        checksum.update(at.duplicate().limit(index + length).position(index + CHECKED_FROM));
        int events = at.getInt(index + CHECKED_FROM);
        if ((int) checksum.getValue() != at.getInt(index + CHECKSUM_AT) || events < 1 || length < HEAD + events) {
            return null;
        }
        return new Head(length, events, at.getLong(index + 16), at.getLong(index + 24), at.getLong(index + 32));
    }

    /**
     * The events of an intact record.
     *
     * @throws IllegalArgumentException when they are none
     */
    static Piece decode(Head head, byte[] array, int index) {
        List<Event> events = EventCodec.decode(Arrays.copyOfRange(array, index + HEAD, index + head.length()));
        if (events.size() != head.events()) {
            throw new IllegalArgumentException(head.events() + " events expected, " + events.size() + " found");
        }
        return new Piece(head.first(), head.bytesBefore(), head.receivedAt(), events, head.bytes());
    }
}
