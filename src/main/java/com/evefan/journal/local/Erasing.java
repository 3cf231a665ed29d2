package com.evefan.journal.local;

import com.evefan.event.Event;
import com.evefan.event.EventFacts;
import com.evefan.event.Person;
import com.evefan.journal.History.Erased;
import com.evefan.journal.Place;
import com.evefan.journal.local.Disk.DiskFile;
import com.evefan.journal.local.Segment.Spot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * One erasure of a person: goes from segment to segment, and replaces each with events of that person by a new file with
 * blank ones in their stead. What cannot be done is said, and the next segment is done all the same.
 */
final class Erasing {
    private static final long ROLL_SECONDS = 10;
    private static final int MOST_IDS = 20;

    private final LocalJournal journal;
    private final Disk disk;
    private final Segments segments;
    private final Damages damages;
    private final Writer writer;
    private final Person person;
    private final boolean dryRun;
    private final Set<String> anonymousIds = new TreeSet<>();
    private final SortedMap<String, Long> inHand = new TreeMap<>();
    private final List<String> left = new ArrayList<>();
    private long events;
    private @Nullable Instant oldest;

    Erasing(
            LocalJournal journal,
            Disk disk,
            Segments segments,
            Damages damages,
            Writer writer,
            Person person,
            boolean dryRun) {
        this.journal = journal;
        this.disk = disk;
        this.segments = segments;
        this.damages = damages;
        this.writer = writer;
        this.person = person;
        this.dryRun = dryRun;
    }

    /** Goes through all from {@code position} on. */
    Erased all(long position, LongPredicate goOn, Rewriting rewriting) {
        for (Segment segment : segments.all()) {
            if (segment.end() <= position && segment.isSealed()) {
                continue;
            }
            if (!goOn.test(segment.first())) {
                left.add("the journal from position " + segment.first() + " on: stopped early");
                break;
            }
            try {
                one(segment, rewriting);
            } catch (IOException e) {
                left.add("the journal from position " + segment.first() + " on: it cannot be rewritten: " + e);
                break; // the disk fails, or is full
            }
        }
        for (String damage : damages.ofEvents()) {
            left.add("damaged, and not looked through: " + damage);
        }
        return new Erased(events, oldest, List.copyOf(anonymousIds), inHand, List.copyOf(left));
    }

    /** Keeps a segment from being deleted while its file is replaced, or it would come back under its old name. */
    interface Rewriting {
        /** False when it is deleted already. */
        boolean begin(Segment segment);

        /**
         * @param changed whether its file was replaced
         */
        void end(Segment segment, boolean changed);
    }

    private void one(Segment segment, Rewriting rewriting) throws IOException {
        long before = events;
        IOException unreadable = null;
        try {
            search(segment, false);
        } catch (IOException e) {
            if (!segments.contains(segment)) {
                return;
            }
            unreadable = e;
            events = before;
            try {
                search(segment, true);
            } catch (IOException all) {
                left.add(segment.name() + " cannot be opened: " + all);
                return;
            }
        }
        long found = events - before;
        if (unreadable != null) {
            left.add(segment.name() + " has blocks that the disk cannot read (" + unreadable + ")");
        }
        if (found == 0 || dryRun) {
            return;
        }
        if (unreadable != null && journal.isNeeded(segment)) {
            // A new file would be without these blocks for ever, and a destination may still get what is in them.
            left.add(found + " events in " + segment.name()
                    + ": it is rewritten once every destination has had what is in it; erase once more then");
            return;
        }
        if (!rewriting.begin(segment)) {
            return;
        }
        boolean changed = false;
        try {
            close(segment);
            List<Long> blanked = rewrite(segment, unreadable != null);
            changed = true;
            noteInHand(blanked);
        } finally {
            rewriting.end(segment, changed);
        }
    }

    /** Counts the person's events in {@code segment}. */
    private void search(Segment segment, boolean passOver) throws IOException {
        try (Reader own = new Reader(disk, segments, damages)) {
            own.passOver(passOver);
            for (Spot spot = own.first(segment); spot != null; spot = own.next(spot.after())) {
                for (Event event : spot.piece().events()) {
                    EventFacts facts = EventFacts.of(event.json());
                    if (person.has(facts)) {
                        events++;
                        oldest = oldest == null ? event.receivedAt() : oldest;
                        note(facts);
                    }
                }
            }
        }
    }

    private void note(EventFacts facts) {
        String beside = facts.anonymousId();
        if (beside != null
                && anonymousIds.size() < MOST_IDS
                && !person.anonymousIds().contains(beside)) {
            anonymousIds.add(beside);
        }
    }

    private void close(Segment segment) throws IOException {
        if (!segment.isSealed()) {
            try {
                writer.roll().orTimeout(ROLL_SECONDS, TimeUnit.SECONDS).join();
            } catch (CompletionException e) {
                throw new IOException(segment.name() + " is still written to after " + ROLL_SECONDS + " s", e);
            }
        }
        if (!segment.isSealed()) {
            throw new IOException(segment.name() + " is still written to");
        }
    }

    /** A new file with all that can be read, at the same offsets; it replaces the old one when it is durable. */
    private List<Long> rewrite(Segment segment, boolean passOver) throws IOException {
        String fresh = segment.name() + ".new";
        List<Long> blanked = new ArrayList<>();
        try (Reader own = new Reader(disk, segments, damages);
                DiskFile file = disk.create(fresh)) {
            own.passOver(passOver);
            file.write(segment.head(), 0);
            for (Spot spot = own.first(segment); spot != null; spot = own.next(spot.after())) {
                Piece piece = blank(spot.piece(), blanked);
                ByteBuffer record = ByteBuffer.allocate(piece.length());
                piece.encode(record);
                file.write(record.flip(), spot.offset());
            }
            file.sync();
        } catch (Throwable e) {
            disk.delete(fresh);
            throw e;
        }
        disk.rename(fresh, segment.name());
        disk.delete(IdIndex.name(segment));
        disk.sync();
        return blanked;
    }

    private Piece blank(Piece piece, List<Long> blanked) {
        List<Event> all = new ArrayList<>(piece.events());
        for (int i = 0; i < all.size(); i++) {
            Event event = all.get(i);
            if (person.has(EventFacts.of(event.json()))) {
                Event blank = EventFacts.blank(event);
                if (blank == null) {
                    left.add("the event at position " + (piece.first() + i) + ": too short to be blanked");
                } else {
                    all.set(i, blank);
                    blanked.add(piece.first() + i);
                }
            }
        }
        return new Piece(piece.first(), piece.bytesBefore(), piece.receivedAt(), all, piece.bytes());
    }

    /** What was handed out before it was blank. What is read from now on is. */
    private void noteInHand(List<Long> blanked) {
        if (blanked.isEmpty()) {
            return;
        }
        journal.readAnew(blanked.get(0), blanked.get(blanked.size() - 1) + 1);
        for (Place place : journal.places()) {
            long its = blanked.stream()
                    .filter(position -> place.standing(position).stage() == Place.Stage.IN_HAND)
                    .count();
            if (its > 0) {
                inHand.merge(place.destination(), its, Long::sum);
            }
        }
    }
}
