package com.evefan.journal.local;

import com.evefan.event.Event;
import com.evefan.event.PersonIds;
import com.evefan.journal.local.Disk.DiskFile;
import com.evefan.journal.local.Segment.Spot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Where ids stand: messageIds, and the ids of persons. For each closed segment a file: a head, then runs of sorted entries
 * in blocks with a checksum; an entry is 40 bits of a hash and 24 of a place in the segment: the number of the event
 * with this messageId, or about where in the file the record begins that has an event of this person. As hashes are spread evenly, one or two blocks tell whether an
 * id is there. Of the segment that is being written the messageIds' hashes are in memory. What is missing or damaged is
 * made again: the segment has it all.
 */
final class IdIndex {
    private static final String SUFFIX = ".index";
    private static final int MAGIC = 0xFE45_FF49;
    /** 1: without persons. */
    private static final int VERSION = 2;

    private static final int BLOCK = 4096;
    private static final int IN_BLOCK = BLOCK / Long.BYTES - 1;
    private static final int CHECKED = BLOCK - Long.BYTES;
    private static final long HASH = -1L << 24;
    /** A file may have 1 GB: its offsets, without so many bits, have room beside a hash. A record is longer than a step. */
    private static final int STEP_BITS = 6;

    /** Of one run, and of what is in memory: 8 MB. */
    private static final int MOST = 1 << 20;

    private static final int MOST_RUNS = 256;

    private final Disk disk;
    private long[] recent = new long[1024];
    private long recentFirst;
    private int recentSize;

    IdIndex(Disk disk) {
        this.disk = disk;
    }

    static String name(Segment segment) {
        return segment.name() + SUFFIX;
    }

    /** The segment whose index is called {@code name}; null when it is none. */
    static @Nullable String segment(String name) {
        return name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : null;
    }

    /** Sixty-four bits of which each depends on the whole text. */
    static long hash(String id) {
        long hash = 0xcbf2_9ce4_8422_2325L;
        for (int i = 0; i < id.length(); i++) {
            hash = (hash ^ id.charAt(i)) * 0x100_0000_01b3L;
        }
        hash = (hash ^ (hash >>> 33)) * 0xff51_afd7_ed55_8ccdL;
        hash = (hash ^ (hash >>> 33)) * 0xc4ce_b9fe_1a85_ec53L;
        return hash ^ (hash >>> 33);
    }

    /** From the thread that writes. */
    synchronized void appended(List<Piece> pieces) {
        for (Piece piece : pieces) {
            if (recentSize + piece.events().size() > MOST || recentFirst + recentSize != piece.first()) {
                recentFirst = piece.first();
                recentSize = 0;
            }
            if (recentSize + piece.events().size() > recent.length) {
                recent = Arrays.copyOf(
                        recent,
                        Math.max(2 * recent.length, recentSize + piece.events().size()));
            }
            for (Event event : piece.events()) {
                recent[recentSize++] = hash(event.messageId());
            }
        }
    }

    /** What is in memory of a segment, by its place in it; null when that is not all. */
    private synchronized long @Nullable [] recent(Segment segment) {
        long end = segment.end();
        if (segment.first() < recentFirst || end > recentFirst + recentSize) {
            return null;
        }
        int from = (int) (segment.first() - recentFirst);
        return Arrays.copyOfRange(recent, from, from + (int) (end - segment.first()));
    }

    private synchronized void forget(long end) {
        int passed = (int) Math.max(0, Math.min(recentSize, end - recentFirst));
        System.arraycopy(recent, passed, recent, 0, recentSize - passed);
        recentFirst += passed;
        recentSize -= passed;
    }

    /** Makes the file of a closed segment; whether the segment had to be read for it. */
    boolean make(Segment segment, Reader reader) throws IOException {
        String fresh = name(segment) + ".new";
        long[] hashes = recent(segment);
        try (DiskFile file = disk.create(fresh)) {
            Making making = new Making(file);
            if (hashes != null) {
                for (int i = 0; i < hashes.length; i++) {
                    making.add(hashes[i], i);
                }
            } else {
                for (Spot spot = reader.first(segment); spot != null; spot = reader.next(spot.after())) {
                    Piece piece = spot.piece();
                    for (int i = 0; i < piece.events().size(); i++) {
                        making.add(
                                hash(piece.events().get(i).messageId()), (int) (piece.first() + i - segment.first()));
                    }
                }
            }
            eachPerson(segment, reader, making::add);
            making.end();
        } catch (IOException | RuntimeException e) {
            disk.delete(fresh); // where the disk is full, others need its room
            throw e;
        }
        disk.rename(fresh, name(segment));
        forget(segment.end());
        return hashes == null;
    }

    /** Told of a hash and of where in the segment the record with it begins. */
    private interface Persons {
        void add(long hash, int place) throws IOException;
    }

    private static void eachPerson(Segment segment, Reader reader, Persons told) throws IOException {
        reader.eachRecord(segment, (offset, bytes, from, to) -> {
            int place = (int) (offset >>> STEP_BITS);
            long last = 0; // often the same one many times
            for (PersonIds ids = new PersonIds(bytes, from, to); ids.next(); ) {
                long hash = hash(ids.value());
                if (hash != last) {
                    told.add(hash, place);
                    last = hash;
                }
            }
        });
    }

    /** What {@link #findPerson} tells, by looking through the segment. */
    static List<Long> scan(Segment segment, Set<String> ids, Reader reader) throws IOException {
        Set<Long> hashes = new HashSet<>();
        ids.forEach(id -> hashes.add(hash(id)));
        List<Long> found = new ArrayList<>();
        eachPerson(segment, reader, (hash, place) -> {
            if (hashes.contains(hash)) {
                found.add((long) place << STEP_BITS);
            }
        });
        return found;
    }

    /** Writes one index. */
    private static final class Making {
        private final DiskFile file;
        private final List<Integer> runs = new ArrayList<>();
        private long[] entries = new long[1024];
        private int size;
        private long offset = BLOCK;

        Making(DiskFile file) {
            this.file = file;
        }

        void add(long hash, int place) throws IOException {
            if (size == MOST) {
                run();
            }
            if (size == entries.length) {
                entries = Arrays.copyOf(entries, 2 * size);
            }
            entries[size++] = hash & HASH | place;
        }

        private void run() throws IOException {
            Arrays.sort(entries, 0, size);
            size = withoutRepetitions();
            ByteBuffer block = ByteBuffer.allocate(BLOCK);
            for (int from = 0; from < size; from += IN_BLOCK) {
                block.clear();
                for (int i = from; i < Math.min(size, from + IN_BLOCK); i++) {
                    block.putLong(entries[i]);
                }
                write(block, offset);
                offset += BLOCK;
            }
            runs.add(size);
            size = 0;
        }

        /** A person has many events in one record. */
        private int withoutRepetitions() {
            int kept = 1;
            for (int i = 1; i < size; i++) {
                if (entries[i] != entries[i - 1]) {
                    entries[kept++] = entries[i];
                }
            }
            return kept;
        }

        void end() throws IOException {
            if (size > 0) {
                run();
            }
            ByteBuffer head = ByteBuffer.allocate(BLOCK);
            head.putInt(MAGIC).putInt(VERSION).putInt(runs.size());
            runs.forEach(head::putInt);
            write(head, 0);
        }

        private void write(ByteBuffer block, long at) throws IOException {
            while (block.position() < CHECKED) {
                block.put((byte) 0);
            }
            block.putLong(CHECKED, checksum(block)).clear();
            file.write(block, at);
        }
    }

    private static long checksum(ByteBuffer block) {
        CRC32C checksum = new CRC32C();
        checksum.update(block.array(), 0, CHECKED);
        return checksum.getValue();
    }

    /**
     * The positions in {@code segment} at which the messageId may be.
     *
     * @throws IOException when the index is missing or damaged
     */
    List<Long> find(Segment segment, long hash) throws IOException {
        long[] hashes = recent(segment);
        if (hashes != null) {
            List<Long> found = new ArrayList<>();
            for (int i = 0; i < hashes.length; i++) {
                if (hashes[i] == hash) {
                    found.add(segment.first() + i);
                }
            }
            return found;
        }
        return findInFile(segment, hash).stream()
                .map(place -> segment.first() + place)
                .toList();
    }

    /**
     * Offsets in the file of {@code segment}: from each on, the next record is one with the person's hash.
     *
     * @throws IOException when the index is missing or damaged, or not made yet
     */
    List<Long> findPerson(Segment segment, long hash) throws IOException {
        return findInFile(segment, hash).stream()
                .map(place -> place << STEP_BITS)
                .toList();
    }

    /** The places of {@code hash}. */
    private List<Long> findInFile(Segment segment, long hash) throws IOException {
        List<Long> found = new ArrayList<>();
        try (DiskFile file = disk.open(name(segment))) {
            ByteBuffer head = block(file, 0);
            int runs = head.getInt(8);
            if (head.getInt(0) != MAGIC || head.getInt(4) != VERSION || runs < 0 || runs > MOST_RUNS) {
                throw new IOException("no index");
            }
            long offset = BLOCK;
            for (int run = 0; run < runs; run++) {
                int size = head.getInt(12 + run * Integer.BYTES);
                find(file, offset, size, hash & HASH, found);
                offset += (long) BLOCK * blocks(size);
            }
        }
        return found;
    }

    private static int blocks(int size) {
        return (size + IN_BLOCK - 1) / IN_BLOCK;
    }

    /** In one run: first where the hash is to be expected, then beside it, then by halves. */
    private static void find(DiskFile file, long offset, int size, long hash, List<Long> found) throws IOException {
        int low = 0;
        int high = blocks(size) - 1;
        int next = (int) (((hash >> 24) + (1L << 39)) * (high + 1.0) / (1L << 40));
        for (int tries = 0; low < high; tries++) {
            int block = tries < 2 ? Math.max(low, Math.min(high - 1, next)) : (low + high) / 2;
            int last = Math.min(IN_BLOCK, size - block * IN_BLOCK) - 1;
            if ((block(file, offset + (long) BLOCK * block).getLong(last * Long.BYTES) & HASH) < hash) {
                low = block + 1;
                next = low;
            } else {
                high = block;
                next = high - 1;
            }
        }
        for (int block = low; block < blocks(size); block++) {
            ByteBuffer entries = block(file, offset + (long) BLOCK * block);
            for (int i = 0; i < Math.min(IN_BLOCK, size - block * IN_BLOCK); i++) {
                long entry = entries.getLong(i * Long.BYTES);
                if ((entry & HASH) == hash) {
                    found.add(entry & ~HASH);
                } else if ((entry & HASH) > hash) {
                    return;
                }
            }
        }
    }

    private static ByteBuffer block(DiskFile file, long offset) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        if (file.read(block, offset) < BLOCK || block.getLong(CHECKED) != checksum(block)) {
            throw new IOException("the index is damaged");
        }
        return block;
    }
}
