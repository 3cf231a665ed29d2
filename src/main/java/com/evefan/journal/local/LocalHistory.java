package com.evefan.journal.local;

import com.evefan.event.Event;
import com.evefan.event.EventFacts;
import com.evefan.event.Person;
import com.evefan.journal.History;
import com.evefan.journal.JournalUnavailableException;
import com.evefan.journal.Place;
import com.evefan.journal.local.Disk.DiskFile;
import com.evefan.journal.local.Segment.Spot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is kept in a {@link LocalJournal}; its thread makes the index of each segment once that is closed. */
final class LocalHistory implements History, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalHistory.class);
    private static final long EVERY_MILLIS = 200;
    private static final long ROLL_SECONDS = 10;
    private static final int MOST_CANDIDATES = 1_000;
    private static final int MOST_IDS = 20;

    private final LocalJournal journal;
    private final Disk disk;
    private final Segments segments;
    private final Damages damages;
    private final Tail tail;
    private final Writer writer;
    private final MessageIndex index;
    private final Map<String, Long> holds = new ConcurrentHashMap<>();
    private final Set<Segment> indexed = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Segment rewriting;
    private volatile boolean closing;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "evefan-journal-index");
        made.setDaemon(true);
        return made;
    });

    LocalHistory(LocalJournal journal, Disk disk, Segments segments, Damages damages, Tail tail, Writer writer) {
        this.journal = journal;
        this.disk = disk;
        this.segments = segments;
        this.damages = damages;
        this.tail = tail;
        this.writer = writer;
        index = new MessageIndex(disk);
    }

    // The index

    /** Before anything is appended. */
    void start(List<String> names) throws IOException {
        Set<String> there = new HashSet<>(names);
        for (Segment segment : segments.all()) {
            if (there.contains(MessageIndex.name(segment))) {
                indexed.add(segment);
            }
        }
        for (String name : names) {
            String of = MessageIndex.segment(name);
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
                        disk.delete(MessageIndex.name(segment));
                    }
                    if (read) {
                        return;
                    }
                } catch (IOException | RuntimeException e) {
                    LOG.debug("The index of {} cannot be made; its events are found all the same", segment, e);
                    return;
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
            List<Long> found = index.find(segment, MessageIndex.hash(id));
            positions.addAll(found.subList(0, Math.min(MOST_CANDIDATES, found.size())));
            return true;
        } catch (IOException e) {
            indexed.remove(segment); // it is made again
            return false;
        }
    }

    private void scan(Segment segment, String id, Reader own, List<Found> found) throws IOException {
        for (Spot spot = first(segment, own); spot != null; spot = own.next(after(spot))) {
            Piece piece = piece(spot);
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

    /** Null where there is nothing, or nothing any more. */
    private @Nullable Spot first(Segment segment, Reader own) throws IOException {
        try {
            return own.next(segment.before(segment.first()));
        } catch (IOException e) {
            if (segments.contains(segment)) {
                throw e;
            }
            return null;
        }
    }

    static Spot after(Spot spot) {
        Piece piece = piece(spot);
        return new Spot(spot.segment(), piece.end(), spot.offset() + piece.length(), null);
    }

    static Piece piece(Spot spot) {
        return Objects.requireNonNull(spot.read());
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
    public synchronized Erased erase(Person person, boolean dryRun, BooleanSupplier goOn) {
        Erasing erasing = new Erasing(person);
        try {
            for (Segment segment : segments.all()) {
                if (!goOn.getAsBoolean()) {
                    erasing.left.add("the journal from position " + segment.first() + " on: stopped early");
                    break;
                }
                if (erasing.search(segment) && !dryRun) {
                    rewrite(segment, erasing);
                }
            }
            if (disk.names().stream().anyMatch(name -> name.endsWith(".adopted"))) {
                erasing.left.add("files of the journal of Evefan 0.1, called *.adopted: delete them");
            }
        } catch (IOException e) {
            throw new JournalUnavailableException("the journal cannot be rewritten: " + e, e);
        }
        for (String damage : damages.all()) {
            erasing.left.add("damaged, and not looked through: " + damage);
        }
        return erasing.erased();
    }

    private void rewrite(Segment segment, Erasing erasing) throws IOException {
        boolean there = journal.lockedGet(() -> {
            rewriting = segment; // or it might be deleted, and come back with the new name
            return segments.contains(segment);
        });
        try {
            if (!there) {
                return;
            }
            if (!segment.isSealed()) {
                writer.roll().orTimeout(ROLL_SECONDS, TimeUnit.SECONDS).join();
            }
            if (!segment.isSealed()) {
                throw new IOException(segment.name() + " is still written to");
            }
            List<Long> blanked = erasing.rewrite(segment);
            tail.forget(segment.first(), segment.end());
            indexed.remove(segment);
            for (Place place : journal.places()) {
                long inHand = blanked.stream()
                        .filter(position -> place.standing(position).stage() == Place.Stage.IN_HAND)
                        .count();
                if (inHand > 0) {
                    erasing.inHand.merge(place.destination(), inHand, Long::sum);
                }
            }
        } finally {
            rewriting = null;
        }
    }

    /** One erasure. */
    private final class Erasing {
        private final Person person;
        private final Set<String> anonymousIds = new TreeSet<>();
        private final SortedMap<String, Long> inHand = new TreeMap<>();
        private final List<String> left = new ArrayList<>();
        private long events;
        private @Nullable Instant oldest;

        Erasing(Person person) {
            this.person = person;
        }

        Erased erased() {
            return new Erased(events, oldest, List.copyOf(anonymousIds), inHand, List.copyOf(left));
        }

        /** Counts the person's events in {@code segment}; whether there are any. */
        boolean search(Segment segment) throws IOException {
            long before = events;
            try (Reader own = new Reader(disk, segments, damages)) {
                for (Spot spot = first(segment, own); spot != null; spot = own.next(after(spot))) {
                    for (Event event : piece(spot).events()) {
                        EventFacts facts = EventFacts.of(event.json());
                        if (person.has(facts)) {
                            events++;
                            oldest = oldest == null ? event.receivedAt() : oldest;
                            note(facts);
                        }
                    }
                }
            }
            return events > before;
        }

        private void note(EventFacts facts) {
            String beside = facts.anonymousId();
            if (beside != null
                    && anonymousIds.size() < MOST_IDS
                    && !person.anonymousIds().contains(beside)) {
                anonymousIds.add(beside);
            }
        }

        /** A new file with all that can be read, at the same offsets; it replaces the old one when it is durable. */
        List<Long> rewrite(Segment segment) throws IOException {
            String fresh = segment.name() + ".new";
            List<Long> blanked = new ArrayList<>();
            try (Reader own = new Reader(disk, segments, damages);
                    DiskFile file = disk.create(fresh)) {
                file.write(segment.head(), 0);
                for (Spot spot = first(segment, own); spot != null; spot = own.next(after(spot))) {
                    Piece piece = blank(piece(spot), blanked);
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
            disk.delete(MessageIndex.name(segment));
            disk.sync();
            segments.rewritten();
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
    }

    @Override
    public void close() {
        closing = true;
        thread.shutdown();
        try {
            thread.awaitTermination(ROLL_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
