package com.evefan.journal.local;

import com.evefan.event.Event;
import com.evefan.journal.local.Disk.DiskFile;
import com.evefan.journal.local.LocalPlace.Saved;
import com.evefan.journal.local.LocalPlace.Skip;
import com.evefan.journal.local.PlacesFile.Content;
import com.evefan.journal.local.Reader.Found;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a directory holds at the start: the heads of all segments are read, and the last segment. Whatever is damaged is
 * named and passed over.
 */
final class Opening {
    private static final long RECENT_MILLIS = TimeUnit.MINUTES.toMillis(10);
    /** More than a file can hold: a record has a head, and an event some bytes. */
    private static final long MOST_EVENTS = 1L << 30;

    private static final long RECENT_BYTES = 64 << 20;

    private final Disk disk;
    private final Damages damages = new Damages();
    private final Segments segments = new Segments();
    private Content saved = Content.EMPTY;
    private boolean placesLost;
    private long sequence;
    private long end;
    private long endBytes;
    private long lastReceivedAt;
    private long reserved;
    private List<Skip> unknown = List.of();
    private final Set<Segment> broken = new HashSet<>();

    private Opening(Disk disk) {
        this.disk = disk;
    }

    static Opening of(Disk disk, PlacesFile file) throws IOException {
        Opening opening = new Opening(disk);
        opening.read(file);
        return opening;
    }

    private void read(PlacesFile file) throws IOException {
        List<String> names = disk.names();
        Content places = file.load(names, damages);
        saved = places == null ? Content.EMPTY : places;
        List<Segment> found = new ArrayList<>();
        for (String name : names) {
            if (Keeper.isUnfinished(name)) {
                disk.delete(name);
                sequence = Math.max(sequence, Segment.sequence(name.substring(0, name.lastIndexOf('.'))));
            } else if (Segment.sequence(name) >= 0) {
                sequence = Math.max(sequence, Segment.sequence(name));
                if (saved.adopting() > 0 && Segment.sequence(name) >= saved.adopting()) {
                    disk.delete(name); // it is taken over anew
                    continue;
                }
                Segment segment = segment(
                        name, found.isEmpty() ? 0 : found.get(found.size() - 1).first());
                if (segment != null) {
                    found.add(segment);
                    reserved = 0; // its first position tells what was used before
                }
            }
        }
        boolean lostNow = places == null && !found.isEmpty();
        placesLost = lostNow || saved.placesLost();
        if (lostNow) {
            damages.addOfPlaces("the places are lost: every destination begins with the earliest event that is kept");
        }
        ends(found);
        for (Segment segment : found) {
            segment.seal();
            if (!segment.isEmpty()) {
                segments.add(segment);
            } else if (!broken.contains(segment)) {
                disk.delete(segment.name());
            }
        }
        compareWithPlaces();
    }

    /** What the head of a file says; without one, what its first intact record says; null when it holds nothing. */
    private @Nullable Segment segment(String name, long before) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(Segment.HEAD);
        long size = 0;
        IOException failure = null;
        try (DiskFile file = disk.open(name)) {
            size = file.size();
            file.read(head, 0);
        } catch (IOException e) {
            failure = e;
            head.position(0);
        }
        head.flip();
        int version = Segment.version(head);
        Segment segment = Segment.of(head, size);
        if (segment != null && version > Segment.VERSION) {
            return unreadable(
                    name,
                    segment.first(),
                    size,
                    "has format version " + version + ", this Evefan reads " + Segment.VERSION
                            + ": its events wait for the Evefan that wrote it");
        }
        if (segment != null && segment.sequence() == Segment.sequence(name)) {
            return segment;
        }
        Found first = size == 0 ? null : Reader.first(disk, name);
        if (first == null) {
            return failure == null
                    ? unreadable(name, before, 0, "holds no event that can be read")
                    : unreadable(name, before, 2L * MOST_EVENTS, "cannot be read: " + failure);
        }
        damages.add(name + " at byte 0: its head cannot be read; its events can");
        return new Segment(
                Segment.sequence(name),
                first.head().first(),
                first.head().bytesBefore(),
                first.head().receivedAt(),
                size);
    }

    /** A file that is left as it is; the positions that it may have used are not used again. */
    private @Nullable Segment unreadable(String name, long first, long mostEvents, String why) {
        damages.add(name + " " + why);
        reserved = Math.max(reserved, first + mostEvents);
        return null;
    }

    /** Each ends where one behind it begins; the last where its last intact record ends. */
    private void ends(List<Segment> found) throws IOException {
        if (found.isEmpty()) {
            return;
        }
        Segment last = found.get(found.size() - 1);
        end = last.first();
        endBytes = last.bytesBefore();
        lastReceivedAt = last.receivedAt();
        Found record = lastRecord(last);
        if (record != null) {
            end = record.head().end();
            endBytes = record.head().bytesAfter();
            lastReceivedAt = record.head().receivedAt();
        }
        last.endsAt(end);
        sync(last);
        long next = last.first();
        for (int i = found.size() - 2; i >= 0; i--) {
            found.get(i).endsAt(Math.max(found.get(i).first(), next));
            next = Math.min(next, found.get(i).first());
        }
    }

    /** Where the disk cannot read some of it, of what it can. */
    private @Nullable Found lastRecord(Segment last) {
        try {
            return Reader.last(disk, last, damages, false);
        } catch (IOException e) {
            unreadable(last.name(), last.first(), last.size(), "cannot be read: " + e);
        }
        Found record = null;
        try {
            record = Reader.last(disk, last, damages, true);
        } catch (IOException e) {
            damages.add(last.name() + " cannot be opened: " + e);
        }
        if (record == null) {
            broken.add(last);
        }
        return record;
    }

    /** What was written and perhaps not synced is handed out from now on. */
    private void sync(Segment last) {
        try (DiskFile file = disk.open(last.name())) {
            file.sync();
        } catch (IOException e) {
            damages.add(last.name() + " cannot be made durable: " + e);
        }
    }

    /** The places know of events that may be missing, and no position is ever used twice. */
    private void compareWithPlaces() {
        long known = saved.end();
        for (Saved place : saved.places()) {
            known = Math.max(known, place.position());
        }
        if (reserved > end) {
            // What is reserved since an earlier start the places skip already, and they know of it as if it were there.
            long lost = known < reserved ? Math.max(0, known - end) : 0;
            if (lost > 0) {
                damages.add(lost + " events of it are missing (from position " + end + ")");
            }
            unknown = List.of(new Skip(end + lost, reserved, 0));
            end = reserved;
        }
        if (known > end) {
            damages.add((known - end) + " events at the end are missing (from position " + end + ")");
            end = known;
            endBytes = Math.max(endBytes, saved.endBytes());
        }
        long earliest = Long.MAX_VALUE;
        for (Saved place : saved.places()) {
            earliest = Math.min(earliest, place.position());
        }
        for (Skip hole : segments.holes(Math.max(earliest == Long.MAX_VALUE ? end : earliest, 0))) {
            boolean owed = saved.places().stream()
                    .anyMatch(place -> place.position() < hole.to() && hole.from() < place.owedUntil());
            if (owed) {
                damages.add("a file with " + (hole.to() - hole.from()) + " events is missing (from position "
                        + hole.from() + ")");
            }
        }
    }

    /** Tells the events that arrived shortly before the last one. */
    void tellRecent(Consumer<List<Event>> recent) throws IOException {
        List<Segment> all = new ArrayList<>(segments.all());
        Collections.reverse(all);
        long since = lastReceivedAt - RECENT_MILLIS;
        long from = end;
        long bytes = 0;
        for (Segment segment : all) {
            if (bytes + segment.size() > RECENT_BYTES && from < end) {
                break;
            }
            from = segment.first();
            bytes += segment.size();
            if (segment.receivedAt() < since) {
                break;
            }
        }
        try (Reader reader = new Reader(disk, segments, damages)) {
            reader.passOver(true);
            for (Piece piece = reader.at(from); piece != null; piece = reader.at(from)) {
                if (piece.receivedAt() >= since) {
                    recent.accept(piece.events());
                }
                from = piece.end();
            }
        }
    }

    Damages damages() {
        return damages;
    }

    Segments segments() {
        return segments;
    }

    Content saved() {
        return saved;
    }

    /** Positions that may have been used by a file of which nothing can be read. */
    List<Skip> unknown() {
        return unknown;
    }

    /** Whether there are events, and nobody knows who has had them. */
    boolean placesLost() {
        return placesLost;
    }

    /** Of the last segment that there ever was. */
    long sequence() {
        return sequence;
    }

    long end() {
        return end;
    }

    long endBytes() {
        return endBytes;
    }
}
