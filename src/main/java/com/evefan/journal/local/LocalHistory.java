package com.evefan.journal.local;

import com.evefan.event.Event;
import com.evefan.event.EventFacts;
import com.evefan.event.Person;
import com.evefan.journal.History;
import com.evefan.journal.JournalUnavailableException;
import com.evefan.journal.local.Segment.Spot;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is kept in a {@link LocalJournal}; its thread makes the index of each segment once that is closed. */
final class LocalHistory implements History, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalHistory.class);
    private static final long EVERY_MILLIS = 200;
    private static final long STOP_SECONDS = 10;
    private static final int MOST_CANDIDATES = 1_000;

    private final LocalJournal journal;
    private final Disk disk;
    private final Segments segments;
    private final Damages damages;
    private final Writer writer;
    private final IdIndex index;
    private final Map<String, Long> holds = new ConcurrentHashMap<>();
    private final Set<Segment> indexed = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Segment rewriting;
    private volatile boolean closing;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "evefan-journal-index");
        made.setDaemon(true);
        return made;
    });

    LocalHistory(LocalJournal journal, Disk disk, Segments segments, Damages damages, Writer writer) {
        this.journal = journal;
        this.disk = disk;
        this.segments = segments;
        this.damages = damages;
        this.writer = writer;
        index = new IdIndex(disk);
    }

    // The index

    /** Before anything is appended. */
    void start(List<String> names) throws IOException {
        Set<String> there = new HashSet<>(names);
        for (Segment segment : segments.all()) {
            if (there.contains(IdIndex.name(segment))) {
                indexed.add(segment);
            }
        }
        for (String name : names) {
            String of = IdIndex.segment(name);
            if (of != null && !there.contains(of)) {
                disk.delete(name);
            }
        }
        var unused =
                thread.scheduleWithFixedDelay(this::makeMissing, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    void appended(List<Piece> pieces) {
        index.appended(pieces);
    }

    /** Those of segments that were written just now, or one that has to be read. */
    private void makeMissing() {
        indexed.removeIf(segment -> !segments.contains(segment));
        for (Segment segment : segments.all()) {
            if (closing) {
                return;
            }
            if (segment.isSealed() && !segment.isEmpty() && !indexed.contains(segment)) {
                try (Reader own = new Reader(disk, segments, damages)) {
                    boolean read = index.make(segment, own);
                    indexed.add(segment);
                    if (!segments.contains(segment)) {
                        disk.delete(IdIndex.name(segment));
                    }
                    if (read) {
                        return;
                    }
                } catch (IOException | RuntimeException e) {
                    LOG.debug("The index of {} cannot be made; its events are found all the same", segment, e);
                }
            }
        }
    }

    @Override
    public List<Found> find(String id, int most) {
        List<Found> found = new ArrayList<>();
        List<Segment> all = segments.all();
        int colon = id.indexOf(':');
        try (Reader own = new Reader(disk, segments, damages)) {
            own.passOver(true);
            for (int i = all.size() - 1; i >= 0 && found.size() < most; i--) {
                Set<Long> positions = new TreeSet<>();
                Segment segment = all.get(i);
                if (!candidates(segment, id, positions)
                        || (colon >= 0 && !candidates(segment, id.substring(colon + 1), positions))) {
                    scan(segment, id, own, found);
                    continue;
                }
                for (long position : positions) {
                    Event event = at(position, own);
                    if (event != null && is(event, id)) {
                        found.add(new Found(position, event));
                    }
                }
            }
        } catch (IOException e) {
            throw new JournalUnavailableException("the journal cannot be read: " + e, e);
        }
        found.sort((one, other) -> Long.compare(other.position(), one.position()));
        return found.subList(0, Math.min(most, found.size()));
    }

    private static boolean is(Event event, String id) {
        return event.messageId().equals(id) || event.id().equals(id);
    }

    /** False where the index does not tell. */
    private boolean candidates(Segment segment, String id, Set<Long> positions) {
        try {
            List<Long> found = index.find(segment, IdIndex.hash(id));
            positions.addAll(found.subList(0, Math.min(MOST_CANDIDATES, found.size())));
            return true;
        } catch (IOException e) {
            indexed.remove(segment); // it is made again
            return false;
        }
    }

    private void scan(Segment segment, String id, Reader own, List<Found> found) throws IOException {
        for (Spot spot = own.first(segment); spot != null; spot = own.next(spot.after())) {
            Piece piece = spot.piece();
            for (int i = 0; i < piece.events().size(); i++) {
                if (is(piece.events().get(i), id)) {
                    found.add(new Found(piece.first() + i, piece.events().get(i)));
                }
            }
        }
    }

    private @Nullable Event at(long position, Reader own) throws IOException {
        Piece piece = own.at(position);
        return piece == null || piece.first() > position ? null : piece.events().get((int) (position - piece.first()));
    }

    @Override
    public List<Found> find(Person person, int most) {
        List<Found> found = new ArrayList<>();
        List<Segment> all = segments.all();
        try (Reader own = new Reader(disk, segments, damages)) {
            for (int i = all.size() - 1; i >= 0 && found.size() < most; i--) {
                find(all.get(i), person, most, own, found);
            }
        }
        return List.copyOf(found.subList(0, Math.min(most, found.size())));
    }

    private void find(Segment segment, Person person, int most, Reader own, List<Found> found) {
        try {
            for (long offset : records(segment, person, own).descendingSet()) {
                Piece piece = found.size() < most ? own.behind(segment, offset) : null;
                if (piece != null) {
                    addNewest(piece, person, found);
                }
            }
        } catch (IOException e) {
            if (segments.contains(segment)) { // else it was deleted meanwhile
                throw new JournalUnavailableException("the journal cannot be read: " + e, e);
            }
        }
    }

    private static void addNewest(Piece piece, Person person, List<Found> found) {
        for (int i = piece.events().size() - 1; i >= 0; i--) {
            Event event = piece.events().get(i);
            if (person.has(EventFacts.of(event.json()))) {
                found.add(new Found(piece.first() + i, event));
            }
        }
    }

    /** Offsets of records in which there may be events of {@code person}. */
    private NavigableSet<Long> records(Segment segment, Person person, Reader own) throws IOException {
        NavigableSet<Long> offsets = new TreeSet<>();
        Set<String> ids = new HashSet<>(person.userIds());
        ids.addAll(person.anonymousIds());
        boolean told = indexed.contains(segment);
        try {
            for (String id : told ? ids : Set.<String>of()) {
                offsets.addAll(index.findPerson(segment, IdIndex.hash(id)));
            }
        } catch (IOException e) {
            indexed.remove(segment); // it is made again
            told = false;
        }
        offsets.addAll(told ? List.of() : IdIndex.scan(segment, ids, own));
        return offsets;
    }

    // Reading

    @Override
    public Kept kept() {
        Segment first = segments.at(-1);
        return journal.lockedGet(() -> {
            long end = journal.end();
            return first == null
                    ? new Kept(end, end, null)
                    : new Kept(first.first(), end, Instant.ofEpochMilli(first.receivedAt()));
        });
    }

    @Override
    public long since(Instant time) {
        return journal.firstSince(time)[0];
    }

    @Override
    public Cursor from(long from) {
        Reader own = new Reader(disk, segments, damages);
        return new Cursor() {
            private long position = from;

            @Override
            public @Nullable Page next(long until) {
                Piece piece = read();
                if (piece == null || piece.first() >= until) {
                    long missing = Math.max(0, until - position);
                    position = Math.max(position, until);
                    return missing == 0 ? null : new Page(missing, List.of(), until);
                }
                long first = Math.max(position, piece.first());
                long end = Math.min(until, piece.end());
                if (end <= first) {
                    return null;
                }
                Page page = new Page(
                        first - position,
                        piece.events().subList((int) (first - piece.first()), (int) (end - piece.first())),
                        end);
                position = end;
                return page;
            }

            private @Nullable Piece read() {
                try {
                    return own.at(position);
                } catch (IOException e) {
                    own.close(); // its file may have been deleted
                }
                try {
                    return own.at(position);
                } catch (IOException e) {
                    throw new JournalUnavailableException("the journal cannot be read: " + e, e);
                }
            }

            @Override
            public void close() {
                own.close();
            }
        };
    }

    @Override
    public void hold(String reader, long position) {
        holds.put(reader, position);
    }

    @Override
    public void release(String reader) {
        holds.remove(reader);
    }

    boolean holds(Segment segment) {
        return holds.values().stream().anyMatch(position -> segment.end() > position);
    }

    // Erasing

    boolean rewrites(Segment segment) {
        return segment.equals(rewriting);
    }

    @Override
    public Erased erase(Person person, boolean dryRun, BooleanSupplier goOn) {
        return erase(person, dryRun, 0, position -> goOn.getAsBoolean());
    }

    @Override
    public synchronized Erased erase(Person person, boolean dryRun, long position, LongPredicate goOn) {
        Erased erased = new Erasing(journal, disk, segments, damages, writer, person, dryRun)
                .all(position, goOn, new Rewritten());
        try {
            return disk.names().stream().noneMatch(name -> name.endsWith(".adopted"))
                    ? erased
                    : erased.andLeft("files of the journal of Evefan 0.1, called *.adopted: delete them");
        } catch (IOException e) {
            return erased.andLeft("the journal's directory cannot be read: " + e);
        }
    }

    /** Segments that are replaced. */
    private final class Rewritten implements Erasing.Rewriting {
        @Override
        public boolean begin(Segment segment) {
            return journal.lockedGet(() -> {
                rewriting = segment;
                return segments.contains(segment);
            });
        }

        @Override
        public void end(Segment segment, boolean changed) {
            rewriting = null;
            if (changed) {
                indexed.remove(segment);
            }
        }
    }

    @Override
    public void close() {
        closing = true;
        thread.shutdown();
        try {
            thread.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
