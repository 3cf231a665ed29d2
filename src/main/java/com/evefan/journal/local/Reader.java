package com.evefan.journal.local;

import com.evefan.journal.local.Disk.DiskFile;
import com.evefan.journal.local.Segment.Spot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads records from disk, for one thread. What is damaged is passed over and named: reading goes on at the next record
 * that is intact.
 */
final class Reader implements AutoCloseable {
    private static final int MOST_FILES = 8;
    private static final int MOST_SPOTS = 64;
    /** A piece up to this size is kept when it did not fit the hand-over that it was read for. */
    private static final int WORTH_KEEPING = 128 << 10;

    private final Disk disk;
    private final Segments segments;
    private final Damages damages;
    private final Map<Long, Window> windows = lru(MOST_FILES);
    private final Map<Long, Spot> spots = lru(MOST_SPOTS);
    private boolean passesOver;
    private long rewrites;

    Reader(Disk disk, Segments segments, Damages damages) {
        this.disk = disk;
        this.segments = segments;
        this.damages = damages;
    }

    private static <V> Map<Long, V> lru(int most) {
        return new LinkedHashMap<>(most, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Long, V> eldest) {
                if (size() > most && eldest.getValue() instanceof Window window) {
                    window.close();
                }
                return size() > most;
            }
        };
    }

    /**
     * The piece with {@code position} in it, or the first one behind it when that is missing; null when there is none.
     *
     * @throws IOException when the disk cannot read
     */
    @Nullable
    Piece at(long position) throws IOException {
        if (rewrites != segments.rewrites()) {
            rewrites = segments.rewrites();
            close();
        }
        Spot known = spots.remove(position);
        if (known == null) {
            Segment segment = segments.at(position);
            known = segment == null ? null : segment.before(position);
        }
        Spot spot = known;
        while (spot != null) {
            spot = spot.read() != null ? spot : next(spot, position);
            Piece piece = spot == null ? null : spot.read();
            if (spot != null && piece != null) {
                remember(spot, piece, position);
                return piece;
            }
            Segment after = spot == null ? null : segments.after(spot.segment());
            spot = after == null ? null : after.before(position);
        }
        return null;
    }

    /** Whether blocks that the disk cannot read, and files that are gone, are damage from now on, instead of failing. */
    void passOver(boolean unreadable) {
        if (passesOver != unreadable) {
            close(); // what is in memory was read in the other way
            passesOver = unreadable;
        }
    }

    private void remember(Spot spot, Piece piece, long position) {
        if (position == piece.first() && piece.bytes() <= WORTH_KEEPING) {
            spots.put(position, spot);
        }
        spots.put(piece.end(), new Spot(spot.segment(), piece.end(), spot.offset() + piece.length(), null));
    }

    /** The first piece in {@code segment}; null where there is nothing, or nothing any more. */
    @Nullable
    Spot first(Segment segment) throws IOException {
        try {
            return next(segment.before(segment.first()));
        } catch (IOException e) {
            if (segments.contains(segment)) {
                throw e;
            }
            return null;
        }
    }

    /** The first intact piece of {@code segment} that begins at byte {@code offset} or behind it. */
    @Nullable
    Piece behind(Segment segment, long offset) throws IOException {
        Window window = window(segment);
        Found found = window.find(offset, segment.first());
        return found == null || found.head().first() >= segment.end() ? null : window.decode(found, segment, damages);
    }

    /** Told of a record: where it begins in the file, and where in {@code bytes} its lines are. */
    interface Lines {
        void of(long offset, byte[] bytes, int from, int to) throws IOException;
    }

    /** Tells of each intact record of {@code segment}; what is damaged is passed over without a word. */
    void eachRecord(Segment segment, Lines told) throws IOException {
        Window window = window(segment);
        long offset = Segment.HEAD;
        for (long expected = segment.first(); expected < segment.end(); ) {
            Found found = window.find(offset, expected);
            if (found == null || found.head().first() >= segment.end()) {
                return;
            }
            window.tell(found, told);
            offset = found.offset() + found.head().length();
            expected = found.head().end();
        }
    }

    /** The next piece in the segment of {@code from}, and where it begins; null at its end. */
    @Nullable
    Spot next(Spot from) throws IOException {
        Spot next = next(from, from.position());
        return next == null || next.read() == null ? null : next;
    }

    /** The next spot in the segment with something at {@code position} or behind it; one without a piece at its end. */
    private @Nullable Spot next(Spot from, long position) throws IOException {
        Segment segment = from.segment();
        Window window;
        try {
            window = window(segment);
        } catch (IOException e) {
            if (!passesOver || !isGone(segment)) {
                throw e;
            }
            damages.add(segment.name() + " is gone while Evefan runs: its events from position " + from.position()
                    + " on cannot be read");
            return new Spot(segment, segment.end(), from.offset(), null);
        }
        long offset = from.offset();
        long expected = from.position();
        while (expected < segment.end()) {
            Found found = window.find(offset, expected);
            long there = found == null ? segment.end() : Math.min(found.head().first(), segment.end());
            if (there > expected) {
                damages.add(segment.name() + " at byte " + offset + ": " + (there - expected)
                        + " events cannot be read (from position " + expected + ")");
            }
            if (found == null || found.head().first() >= segment.end()) {
                break;
            }
            Piece.Head head = found.head();
            segment.note(head.first(), found.offset());
            if (head.end() > position) {
                Piece piece = window.decode(found, segment, damages);
                if (piece != null) {
                    return new Spot(segment, piece.first(), found.offset(), piece);
                }
            }
            offset = found.offset() + head.length();
            expected = head.end();
        }
        return new Spot(segment, segment.end(), offset, null);
    }

    /** Whether somebody has deleted its file: not when all are away, as of a disk that is not mounted. */
    private boolean isGone(Segment segment) throws IOException {
        List<String> names = disk.names();
        return !names.contains(segment.name())
                && segments.all().stream().anyMatch(other -> names.contains(other.name()));
    }

    /** Goes through all of a segment whose end is not known; returns its last intact record, null when it has none. */
    static @Nullable Found last(Disk disk, Segment segment, Damages damages, boolean passesOver) throws IOException {
        try (Window window = new Window(disk.open(segment.name()), passesOver)) {
            Found last = null;
            long offset = Segment.HEAD;
            long expected = segment.first();
            for (Found next = window.find(offset, expected); next != null; next = window.find(offset, expected)) {
                if (next.head().first() > expected) {
                    damages.add(segment.name() + " at byte " + offset + ": "
                            + (next.head().first() - expected) + " events cannot be read (from position " + expected
                            + ")");
                }
                offset = next.offset() + next.head().length();
                expected = next.head().end();
                last = next;
            }
            if (!window.isBlank(offset)) {
                damages.add(
                        segment.name() + " at byte " + offset + ": the last record is not whole; it ends the journal");
            }
            return last;
        }
    }

    /** The first intact record of a file, of what the disk can read of it; null when there is none. */
    static @Nullable Found first(Disk disk, String name) throws IOException {
        try (Window window = new Window(disk.open(name), true)) {
            return window.find(0, 0);
        }
    }

    private Window window(Segment segment) throws IOException {
        Window known = windows.get(segment.sequence());
        if (known == null) {
            known = new Window(disk.open(segment.name()), passesOver);
            windows.put(segment.sequence(), known);
        }
        return known;
    }

    @Override
    public void close() {
        windows.values().forEach(Window::close);
        windows.clear();
        spots.clear();
    }

    /** An intact record and where in the file it begins. */
    record Found(long offset, Piece.Head head) {}

    /** The part of a file that is in memory. */
    private static final class Window implements AutoCloseable {
        private static final int BYTES = 256 << 10;

        /** What a disk loses at once, as a rule. */
        private static final int BLOCK = 4 << 10;

        private final DiskFile file;
        private final boolean passesOver;
        private ByteBuffer buffer = ByteBuffer.allocate(0);
        private long start;

        Window(DiskFile file, boolean passesOver) {
            this.file = file;
            this.passesOver = passesOver;
        }

        /** The first intact record at {@code offset} or behind it that begins at {@code expected} or later. */
        @Nullable
        Found find(long offset, long expected) throws IOException {
            for (long at = offset; at >= 0; at = nextMagic(at + 1)) {
                Piece.Head head = head(at);
                if (head != null && head.first() >= expected) {
                    return new Found(at, head);
                }
            }
            return null;
        }

        private Piece.@Nullable Head head(long offset) throws IOException {
            Piece.Head head = has(offset, Piece.HEAD) ? headInMemory(offset) : null;
            if (head == null) { // what is in memory may be older than what has been written since
                load(offset, BYTES);
                head = headInMemory(offset);
            }
            return head;
        }

        private Piece.@Nullable Head headInMemory(long offset) throws IOException {
            int length = Piece.length(buffer, (int) (offset - start));
            if (length == 0 || length > file.size() - offset) {
                return null;
            }
            if (!has(offset, length)) {
                load(offset, Math.max(length, BYTES));
            }
            return Piece.head(buffer, (int) (offset - start));
        }

        private boolean has(long offset, int length) {
            return offset >= start && offset + length <= start + buffer.limit();
        }

        private void load(long offset, int length) throws IOException {
            if (buffer.capacity() < length || buffer.capacity() > 2 * Math.max(length, BYTES)) {
                buffer = ByteBuffer.allocate(length);
            }
            buffer.clear();
            start = offset;
            try {
                file.read(buffer, offset);
            } catch (IOException e) {
                if (!passesOver) {
                    buffer.position(0);
                    throw e;
                }
                readBlocks(offset);
            } finally {
                buffer.flip();
            }
        }

        /** Zeros for what cannot be read. */
        private void readBlocks(long offset) throws IOException {
            int most = (int) Math.min(buffer.capacity(), file.size() - offset);
            for (int at = 0; at < most; at += BLOCK) {
                int end = Math.min(most, at + BLOCK);
                try {
                    file.read(buffer.clear().limit(end).position(at), offset + at);
                } catch (IOException e) {
                    Arrays.fill(buffer.array(), at, end, (byte) 0);
                }
            }
            buffer.clear().position(Math.max(0, most));
        }

        private long nextMagic(long from) throws IOException {
            long at = from;
            while (true) {
                if (!has(at, Integer.BYTES)) {
                    load(at, BYTES);
                    if (buffer.limit() < Integer.BYTES) {
                        return -1;
                    }
                }
                int last = buffer.limit() - Integer.BYTES;
                for (int i = (int) (at - start); i <= last; i++) {
                    if (buffer.get(i) == (byte) (Piece.MAGIC >>> 24) && buffer.getInt(i) == Piece.MAGIC) {
                        return start + i;
                    }
                }
                at = start + last + 1;
            }
        }

        boolean isBlank(long offset) throws IOException {
            load(offset, BYTES);
            for (int i = 0; i < buffer.limit(); i++) {
                if (buffer.get(i) != 0) {
                    return false;
                }
            }
            return true;
        }

        /** Of {@code found}, which was the last that {@link #find} gave. */
        void tell(Found found, Lines told) throws IOException {
            int at = (int) (found.offset() - start);
            told.of(
                    found.offset(),
                    buffer.array(),
                    at + Piece.HEAD,
                    at + found.head().length());
        }

        /** The events of {@code found}, which was the last that {@link #find} gave; null when they are none. */
        @Nullable
        Piece decode(Found found, Segment segment, Damages damages) {
            try {
                return Piece.decode(found.head(), buffer.array(), (int) (found.offset() - start));
            } catch (IllegalArgumentException e) {
                damages.add(segment.name() + " at byte " + found.offset() + ": "
                        + found.head().events() + " events cannot be read: " + e.getMessage());
                return null;
            }
        }

        @Override
        public void close() {
            file.close();
        }
    }
}
