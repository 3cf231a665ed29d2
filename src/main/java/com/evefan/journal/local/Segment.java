package com.evefan.journal.local;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One file of the journal: a head, then records. It ends where the next segment begins: what stands behind that in it was
 * written in vain (its write or sync failed, and the next file was begun instead).
 */
final class Segment {
    static final int HEAD = 64;
    static final int VERSION = 1;
    private static final int MAGIC = 0xFE45_FF53;
    private static final int CHECKED = 40;
    private static final String SUFFIX = ".segment";
    private static final int NOTE_EVERY = 256 << 10;

    private final long sequence;
    private final long first;
    private final long bytesBefore;
    private final long receivedAt;
    private volatile long end;
    private final long size;
    private volatile boolean sealed;
    private long[] notedPositions = new long[0];
    private long[] notedOffsets = new long[0];

    /**
     * @param sequence orders the files
     * @param first the position of its first event
     * @param bytesBefore the size of all events before, as accepted
     * @param receivedAt when its first event arrived, in milliseconds since 1970
     */
    Segment(long sequence, long first, long bytesBefore, long receivedAt, long size) {
        this.sequence = sequence;
        this.first = first;
        this.bytesBefore = bytesBefore;
        this.receivedAt = receivedAt;
        this.end = first;
        this.size = size;
    }

    /** The sequence of the segment called {@code name}; -1 when it is none. */
    static long sequence(String name) {
        if (!name.matches("\\d{12}\\" + SUFFIX)) {
            return -1;
        }
        return Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
    }

    static String name(long sequence) {
        return "%012d%s".formatted(sequence, SUFFIX);
    }

    /** The version in a head; 0 when it is no head. */
    static int version(ByteBuffer head) {
        return head.limit() < HEAD || head.getInt(0) != MAGIC ? 0 : head.getInt(4);
    }

    /** What {@code head} says; null when it is damaged. In every version: checksum, sequence and first position. */
    static @Nullable Segment of(ByteBuffer head, long size) {
        if (version(head) == 0 || head.getInt(CHECKED) != checksum(head)) {
            return null;
        }
        return new Segment(head.getLong(8), head.getLong(16), head.getLong(24), head.getLong(32), size);
    }

    ByteBuffer head() {
        ByteBuffer head = ByteBuffer.allocate(HEAD);
        head.putInt(MAGIC)
                .putInt(VERSION)
                .putLong(sequence)
                .putLong(first)
                .putLong(bytesBefore)
                .putLong(receivedAt);
        return sign(head).rewind();
    }

    /** Sets the checksum of a head. */
    static ByteBuffer sign(ByteBuffer head) {
        return head.putInt(CHECKED, checksum(head));
    }

    private static int checksum(ByteBuffer head) {
        CRC32C checksum = new CRC32C();
        checksum.update(head.duplicate().limit(CHECKED).position(0));
        return (int) checksum.getValue();
    }

    String name() {
        return name(sequence);
    }

    long sequence() {
        return sequence;
    }

    long first() {
        return first;
    }

    long bytesBefore() {
        return bytesBefore;
    }

    long receivedAt() {
        return receivedAt;
    }

    /** The position after its last event. */
    long end() {
        return end;
    }

    void endsAt(long position) {
        end = position;
    }

    /** Nothing is written to it any more, and its end is known. */
    void seal() {
        sealed = true;
    }

    boolean isSealed() {
        return sealed;
    }

    boolean isEmpty() {
        return end <= first;
    }

    /** What the file takes on disk, in bytes. */
    long size() {
        return size;
    }

    /** Remembers where a record begins, now and then, so that a place in the middle is found fast. */
    synchronized void note(long position, long offset) {
        int last = notedOffsets.length - 1;
        if (offset >= (last < 0 ? HEAD : notedOffsets[last]) + NOTE_EVERY) {
            notedPositions = Arrays.copyOf(notedPositions, last + 2);
            notedOffsets = Arrays.copyOf(notedOffsets, last + 2);
            notedPositions[last + 1] = position;
            notedOffsets[last + 1] = offset;
        }
    }

    /** The last known beginning of a record that is not behind {@code position}. */
    synchronized Spot before(long position) {
        int found = Arrays.binarySearch(notedPositions, position);
        int index = found >= 0 ? found : -found - 2;
        return index < 0
                ? new Spot(this, first, HEAD, null)
                : new Spot(this, notedPositions[index], notedOffsets[index], null);
    }

    @Override
    public String toString() {
        return name() + " with events " + first + " to " + end;
    }

    /**
     * Where to read.
     *
     * @param position the position that is expected there
     * @param offset in the file, in bytes
     * @param read what stands there, when that is known
     */
    record Spot(
            Segment segment,
            long position,
            long offset,
            @Nullable Piece read) {
        /** What stands there, where that is known to be known. */
        Piece piece() {
            return Objects.requireNonNull(read);
        }

        /** Behind {@link #piece}. */
        Spot after() {
            return new Spot(segment, piece().end(), offset + piece().length(), null);
        }
    }
}
