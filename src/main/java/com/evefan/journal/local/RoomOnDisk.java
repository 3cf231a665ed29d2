package com.evefan.journal.local;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What the disk has room for: when nothing more is taken, and which segments go. */
final class RoomOnDisk {
    private static final long ASK_DISK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    /** Free segments beyond the least free space, below which history makes room: what may be written until it has. */
    private static final int SEGMENTS_AHEAD = 8;

    /** What may wait to be written, as a share of the heap. */
    private static final int SHARE_OF_HEAP = 8;

    private final LocalJournal journal;
    private final JournalSettings settings;
    private final Disk disk;
    private final Segments segments;
    private final BooleanSupplier outOfRoom;
    private final long mostWaiting = Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP;
    private final Deque<Segment> doomed = new ArrayDeque<>();
    private volatile @Nullable String shortage;
    private volatile boolean tight;
    private volatile long diskAskedAt;

    /** @param outOfRoom whether something could not be written for lack of room */
    RoomOnDisk(
            LocalJournal journal, JournalSettings settings, Disk disk, Segments segments, BooleanSupplier outOfRoom) {
        this.journal = journal;
        this.settings = settings;
        this.disk = disk;
        this.segments = segments;
        this.outOfRoom = outOfRoom;
    }

    /**
     * Why {@code bytes} more are not taken; null when they are.
     * One batch always has room where nothing else is.
     *
     * @param undelivered bytes that some destination is owed
     * @param waiting bytes that wait to be written
     */
    @Nullable
    String full(long bytes, long undelivered, long waiting) {
        if (shortage != null) {
            return shortage;
        }
        if (waiting > 0 && waiting + bytes > mostWaiting) {
            return waiting + " bytes wait for the disk";
        }
        if (undelivered + waiting > 0 && undelivered + waiting + bytes > settings.maxBytes()) {
            return "the journal is full: " + undelivered + " bytes are undelivered, evefan.journal.max-bytes is "
                    + settings.maxBytes();
        }
        return null;
    }

    /** Asks at most every few milliseconds. */
    void askDisk() {
        long now = System.nanoTime();
        if (diskAskedAt != 0 && now - diskAskedAt < ASK_DISK_EVERY_NANOS) {
            return;
        }
        diskAskedAt = now;
        try {
            long free = disk.free();
            tight = free < settings.minFreeBytes() + (long) SEGMENTS_AHEAD * settings.segmentBytes();
            shortage = free >= settings.minFreeBytes()
                    ? null
                    : "the disk has " + free + " bytes left, evefan.journal.min-free-bytes is "
                            + settings.minFreeBytes();
        } catch (IOException e) {
            shortage = "the disk cannot be asked for its free space: " + e.getMessage();
        }
    }

    /** Saves the places durably: what is deleted afterwards none of them needs. */
    @FunctionalInterface
    interface Saving {
        void run() throws IOException;
    }

    /**
     * From the keeper's thread: what nobody needs goes when it is old, and before when there is no room. Whether anything
     * went.
     */
    boolean deletePassed(Saving save) throws IOException {
        askDisk();
        journal.locked(this::choose);
        if (doomed.isEmpty()) {
            return false;
        }
        for (Segment segment : doomed) { // first: where the disk is full, this is the room for the places
            disk.delete(IdIndex.name(segment));
        }
        save.run();
        while (!doomed.isEmpty()) {
            disk.delete(doomed.getFirst().name());
            doomed.removeFirst();
        }
        disk.sync();
        return true;
    }

    private void choose() {
        if (journal.keepsAll()) {
            return;
        }
        List<Segment> all = segments.all();
        long total = all.stream().mapToLong(Segment::size).sum();
        boolean room = shortage == null && !tight && !outOfRoom.getAsBoolean();
        long old = System.currentTimeMillis() - settings.retention().toMillis();
        for (int i = 0; i < all.size() - 1; i++) { // never the last, which tells where the journal ends
            Segment segment = all.get(i);
            if (segment.isSealed()
                    && !journal.needed(segment)
                    && !journal.history().rewrites(segment)) {
                boolean expired =
                        all.get(i + 1).receivedAt() <= old && !journal.history().holds(segment);
                if (segment.isEmpty() || expired || total > settings.maxBytes() || !room) {
                    segments.remove(segment);
                    doomed.add(segment);
                    total -= segment.size();
                    room = true; // one at a time, then the disk is asked again
                }
            }
        }
    }
}
