package com.evefan.journal.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.evefan.event.Event;
import com.evefan.event.EventCodec;
import com.evefan.journal.local.Disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads the journal of Evefan 0.1, which Artemis wrote: records that name the destinations they are owed by, notes of who
 * still owes them, and deletions. Layout of a file: format of Artemis (4 bytes), format of Evefan (4), file id (8). Layout
 * of a record: type (1), file id (4), compactions (1), record id (8); for added and updated ones body length (4), user type
 * (1), body; at the end the length of it all (4). Layout of an added body: version (1), CRC32C of all the rest (4), number
 * of events (4), time (8), number of destinations (1), each a length (2) and a name, then the events as lines. That of an
 * updated one: a bit for each destination that still owes the record (8). Ids grow and never come back.
 */
final class OldJournal {
    private static final int FILE_HEAD = 16;
    private static final int ADDED = 11;
    private static final int UPDATED = 12;
    private static final int DELETED = 16;
    private static final int HEAD = 14;
    private static final int BODY_AT = HEAD + 5;
    private static final int TAIL = 4;
    private static final int BODY_HEAD = 17;
    private static final int WINDOW = 1 << 20;

    private final Disk disk;
    private final Damages damages;
    private final List<String> names = new ArrayList<>();
    private final TreeMap<Long, Body> added = new TreeMap<>();
    private final Map<Long, Long> owed = new HashMap<>();
    private final Set<Long> deleted = new HashSet<>();

    /** Where a body is. */
    private record Body(String file, long offset, int length) {}

    /** Events, and the destinations that owe them. */
    record Owed(long id, List<Event> events, Set<String> destinations) {}

    /** Is told of each record that somebody owes, in the order of acceptance. */
    @FunctionalInterface
    interface Taker {
        void take(Owed owed) throws IOException;
    }

    /** Looks through the old files that {@code disk} has. */
    OldJournal(Disk disk, Damages damages) throws IOException {
        this.disk = disk;
        this.damages = damages;
        for (String name : disk.names()) {
            if (name.matches("events-\\d+\\.(journal|journal\\.cmp|cmp)")) {
                names.add(name);
                scan(name);
            }
        }
        deleted.forEach(added::remove);
    }

    /** Its files. */
    List<String> names() {
        return names;
    }

    /** Tells {@code taker} what is owed of the records with ids above {@code after}; the largest id of all. */
    long read(long after, Taker taker) throws IOException {
        for (Map.Entry<Long, Body> entry : added.tailMap(after, false).entrySet()) {
            Owed record = record(entry.getKey(), entry.getValue());
            if (record != null && !record.destinations().isEmpty()) {
                taker.take(record);
            }
        }
        return added.isEmpty() ? after : Math.max(after, added.lastKey());
    }

    private @Nullable Owed record(long id, Body at) throws IOException {
        byte[] bytes = new byte[at.length()];
        try (DiskFile file = disk.open(at.file())) {
            file.read(ByteBuffer.wrap(bytes), at.offset());
        }
        ByteBuffer body = ByteBuffer.wrap(bytes);
        CRC32C checksum = new CRC32C();
        if (bytes.length > BODY_HEAD) {
            checksum.update(bytes[0]);
            checksum.update(bytes, 5, bytes.length - 5);
        }
        if (bytes.length <= BODY_HEAD || body.getInt(1) != (int) checksum.getValue()) {
            damages.add(at.file() + " at byte " + at.offset() + ": a record cannot be read");
            return null;
        }
        try {
            body.position(BODY_HEAD);
            Set<String> destinations = destinations(body, owed.getOrDefault(id, -1L));
            byte[] lines = new byte[body.remaining()];
            body.get(lines);
            return new Owed(id, EventCodec.decode(lines), destinations);
        } catch (RuntimeException e) {
            damages.add(at.file() + " at byte " + at.offset() + ": " + body.getInt(5) + " events cannot be read: " + e);
            return null;
        }
    }

    private static Set<String> destinations(ByteBuffer from, long owed) {
        Set<String> destinations = new LinkedHashSet<>();
        int count = from.get() & 0xff;
        for (int i = 0; i < count; i++) {
            byte[] name = new byte[from.getShort()];
            from.get(name);
            if ((owed & 1L << i) != 0) {
                destinations.add(new String(name, UTF_8));
            }
        }
        return destinations;
    }

    private void scan(String name) throws IOException {
        try (DiskFile opened = disk.open(name)) {
            Scan file = new Scan(opened);
            if (file.size < FILE_HEAD) {
                damages.add(name + " at byte 0: the file has no head");
                return;
            }
            int fileId = (int) file.at(8, Long.BYTES).getLong();
            long damagedAt = -1;
            for (long at = FILE_HEAD; at + HEAD + TAIL <= file.size; ) {
                int length = length(file, at, fileId);
                if (length == 0) {
                    damagedAt = damagedAt < 0 && startsRecord(file, at, fileId) ? at : damagedAt;
                    at++;
                } else {
                    if (damagedAt >= 0) {
                        damages.add(name + " at byte " + damagedAt + ": something cannot be read");
                        damagedAt = -1;
                    }
                    note(name, file, at, length);
                    at += length;
                }
            }
            if (damagedAt >= 0) {
                damages.add(name + " at byte " + damagedAt + ": the last record is not whole");
            }
        }
    }

    private static boolean startsRecord(Scan file, long at, int fileId) throws IOException {
        ByteBuffer head = file.at(at, HEAD);
        byte type = head.get();
        return type >= ADDED && type <= DELETED && head.getInt() == fileId;
    }

    /** The length of the record at {@code at}; 0 when there is none of this use of the file. */
    private static int length(Scan file, long at, int fileId) throws IOException {
        if (!startsRecord(file, at, fileId)) {
            return 0;
        }
        long length = HEAD + TAIL;
        if (file.at(at, 1).get() != DELETED) {
            if (at + BODY_AT > file.size) {
                return 0;
            }
            length = BODY_AT + TAIL + (long) file.at(at + HEAD, Integer.BYTES).getInt();
        }
        boolean whole = length >= HEAD + TAIL
                && at + length <= file.size
                && file.at(at + length - TAIL, TAIL).getInt() == length;
        return whole ? (int) length : 0;
    }

    private void note(String name, Scan file, long at, int length) throws IOException {
        int type = file.at(at, 1).get();
        long id = file.at(at + 6, Long.BYTES).getLong();
        if (type == ADDED) {
            added.put(id, new Body(name, at + BODY_AT, length - BODY_AT - TAIL));
        } else if (type == UPDATED && length == BODY_AT + Long.BYTES + TAIL) {
            owed.merge(id, file.at(at + BODY_AT, Long.BYTES).getLong(), (before, now) -> before & now);
        } else if (type == DELETED) {
            deleted.add(id);
        }
    }

    /** A file, of which a part is in memory. */
    private static final class Scan {
        private final DiskFile file;
        private final long size;
        private ByteBuffer window = ByteBuffer.allocate(0);
        private long start;

        Scan(DiskFile file) throws IOException {
            this.file = file;
            this.size = file.size();
        }

        /** Some bytes, which the file has; short ones far ahead are read without what lies between. */
        ByteBuffer at(long offset, int length) throws IOException {
            if (offset < start || offset + length > start + window.limit()) {
                boolean far = offset > start + window.limit();
                ByteBuffer read = ByteBuffer.allocate(far ? length : (int) Math.min(WINDOW, size - offset));
                file.read(read, offset);
                read.flip();
                if (far) {
                    return read;
                }
                window = read;
                start = offset;
            }
            return window.duplicate().position((int) (offset - start)).limit((int) (offset - start) + length);
        }
    }
}
