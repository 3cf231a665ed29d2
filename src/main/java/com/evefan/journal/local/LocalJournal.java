package com.evefan.journal.local;

import com.evefan.event.Event;
import com.evefan.event.EventBatch;
import com.evefan.journal.Handover;
import com.evefan.journal.Journal;
import com.evefan.journal.JournalException;
import com.evefan.journal.JournalFullException;
import com.evefan.journal.JournalStatus;
import com.evefan.journal.JournalUnavailableException;
import com.evefan.journal.Place;
import com.evefan.journal.Start;
import com.evefan.journal.local.LocalPlace.Saved;
import com.evefan.journal.local.LocalPlace.Skip;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The journal of one directory: hands events out, and owns the places. */
public final class LocalJournal implements Journal {
    private static final Logger LOG = LoggerFactory.getLogger(LocalJournal.class);
    /** Records of an older journal that share syncs. */
    private static final int MOST_ADOPTED_AT_ONCE = 256;

    private static final Duration REPAIR_AFTER = Duration.ofSeconds(1);

    private final JournalSettings settings;
    private final Disk disk;
    private final Damages damages;
    private final Segments segments;
    private final Writer writer;
    private final Keeper keeper;
    private final Taker taker;
    private final RoomOnDisk room;
    private final Tail tail = new Tail();
    private final LocalHistory history;
    /** Until a stop: by then every destination has its place. */
    private boolean placesLost;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, LocalPlace> places = new LinkedHashMap<>();
    private long adopted;
    /** What is saved while an older journal is taken over; null when none is. */
    private PlacesFile.@Nullable Content beforeAdoption;

    private long end;
    private volatile long endBytes;
    private long appended;
    /** What is undelivered is {@code owedBase} and, when a place has no end, everything behind {@code owedFrom}. */
    private volatile long owedFrom = LocalPlace.ALL;

    private volatile long owedBase;

    private LocalJournal(JournalSettings settings, Disk disk, Opening opening, PlacesFile file, Duration repairAfter) {
        this.settings = settings;
        this.disk = disk;
        damages = opening.damages();
        segments = opening.segments();
        end = opening.end();
        endBytes = opening.endBytes();
        placesLost = opening.placesLost();
        adopted = opening.saved().adopted();
        for (Saved saved : opening.saved().places()) {
            LocalPlace place = new LocalPlace(this, saved);
            place.skips(opening.unknown());
            places.put(saved.destination(), place);
        }
        keeper = new Keeper(settings, disk, file, opening.sequence(), this::toSave, this::deletePassed);
        writer = new Writer(settings, disk, keeper, segments, end, endBytes, repairAfter, this::published);
        room = new RoomOnDisk(this, settings, disk, segments, () -> writer.outOfRoom() || keeper.lacksRoom());
        taker = new Taker(this, settings, disk, segments, damages, tail, writer::closing, lock);
        history = new LocalHistory(this, disk, segments, damages, writer);
    }

    /**
     * Opens the journal. Whatever of it can be read is there; what is not is in {@link JournalStatus#damage}.
     *
     * @throws JournalException when the directory is in use or cannot be read or written
     */
    public static LocalJournal open(JournalSettings settings) {
        return open(settings, events -> {});
    }

    /**
     * As {@link #open(JournalSettings)}; {@code recent} is told the events of the last ten minutes before the stop, at most
     * 64 MB of them, before anything else happens.
     */
    public static LocalJournal open(JournalSettings settings, Consumer<List<Event>> recent) {
        return open(settings, RealDisk.open(settings.directory()), recent, REPAIR_AFTER);
    }

    /** @param repairAfter how long after a failure a new file is begun */
    static LocalJournal open(JournalSettings settings, Disk disk, Consumer<List<Event>> recent, Duration repairAfter) {
        try {
            PlacesFile file = new PlacesFile(disk);
            Opening opening = Opening.of(disk, file);
            opening.tellRecent(recent);
            LocalJournal journal = new LocalJournal(settings, disk, opening, file, repairAfter);
            journal.begin(file);
            try {
                journal.adopt(opening);
            } catch (IOException | RuntimeException e) {
                journal.close();
                throw e;
            }
            return journal;
        } catch (IOException e) {
            disk.close();
            throw new JournalException("journal directory " + disk + " cannot be opened: " + e, e);
        } catch (RuntimeException e) {
            disk.close();
            throw e;
        }
    }

    private void begin(PlacesFile file) throws IOException {
        try {
            file.save(
                    toSave(), true); // before the first segment: where there are segments and no places, these are lost
        } catch (IOException e) {
            if (segments.all().isEmpty()) {
                throw e;
            }
            keeper.changed(); // on a full disk, what is there can be delivered
            LOG.warn("The journal's places cannot be saved yet: {}", e.toString());
        }
        room.askDisk();
        locked(this::stepped);
        history.start(disk.names());
        keeper.start();
        writer.start();
    }

    private PlacesFile.Content toSave() {
        return lockedGet(() -> beforeAdoption != null
                ? beforeAdoption
                : new PlacesFile.Content(
                        end,
                        endBytes,
                        placesLost,
                        adopted,
                        0,
                        places.values().stream().map(LocalPlace::saved).toList()));
    }

    // Upgrade

    /**
     * Takes over what is owed of a journal of Evefan 0.1 in the same directory. Its destinations get places, which skip what
     * they do not owe. Until all of it is durable, what is saved says from which file on to begin anew.
     */
    private void adopt(Opening opening) throws IOException {
        OldJournal old = new OldJournal(disk, damages);
        if (old.names().isEmpty()) {
            return;
        }
        PlacesFile.Content now = toSave();
        locked(() -> beforeAdoption = new PlacesFile.Content(
                now.end(), now.endBytes(), placesLost, now.adopted(), opening.sequence() + 1, now.places()));
        saveDurably();
        Adoption adoption = new Adoption(end, endBytes, places.keySet());
        Deque<CompletableFuture<Void>> underWay = new ArrayDeque<>();
        long lastId = old.read(adopted, record -> {
            EventBatch batch = EventBatch.of(record.events());
            underWay.add(writer.submit(batch, Runnable::run));
            while (underWay.size() > MOST_ADOPTED_AT_ONCE || writer.waitingBytes() > Taker.HANDOVER_BYTES) {
                underWay.remove().join();
            }
            adoption.add(batch, record.destinations());
        });
        underWay.forEach(CompletableFuture::join);
        locked(() -> {
            adoption.skips()
                    .forEach((destination, skips) -> places.computeIfAbsent(
                                    destination, name -> new LocalPlace(this, name, now.end(), now.endBytes()))
                            .skips(skips));
            adopted = lastId;
            beforeAdoption = null;
            stepped();
        });
        saveDurably();
        for (String name : old.names()) {
            disk.rename(name, name + ".adopted");
        }
        disk.sync();
        LOG.info(
                "{} events of the journal of Evefan 0.1 were taken over; its files are called *.adopted now and can be"
                        + " deleted",
                end - now.end());
    }

    // Appending

    @Override
    public CompletableFuture<Void> append(EventBatch batch, Executor settledOn) {
        if (batch.size() == 0) {
            return CompletableFuture.completedFuture(null);
        }
        String refusal = writer.refusal();
        if (refusal != null) {
            throw new JournalUnavailableException(refusal);
        }
        String full = full(batch.bytes());
        if (full != null) {
            throw new JournalFullException(full);
        }
        for (Event event : batch.events()) {
            if (event.json().length > settings.maxEventBytes()) {
                throw new IllegalArgumentException("an event of " + event.json().length + " bytes is larger than the "
                        + settings.maxEventBytes() + " that the journal takes");
            }
        }
        return writer.submit(batch, settledOn);
    }

    private @Nullable String full(long bytes) {
        return room.full(bytes, undeliveredBytes(), writer.waitingBytes());
    }

    private boolean deletePassed() throws IOException {
        return room.deletePassed(keeper::saveHere);
    }

    private long undeliveredBytes() {
        long from = owedFrom;
        return owedBase + (from == LocalPlace.ALL ? 0 : Math.max(0, endBytes - from));
    }

    /** From the thread that writes, once it is durable. */
    private void published(List<Piece> pieces) {
        pieces.forEach(tail::add);
        history.appended(pieces);
        Piece last = pieces.get(pieces.size() - 1);
        locked(() -> {
            appended += last.end() - end;
            end = last.end();
            endBytes = last.bytesBefore() + last.bytes();
            taker.wake();
        });
        room.askDisk();
    }

    // Places

    @Override
    public Place place(String destination, Start start) {
        LocalPlace known = lockedGet(() -> places.get(destination));
        LocalPlace place = known != null ? known : newPlace(destination, start);
        boolean changed = known == null || lockedGet(place::isRemoved);
        locked(() -> {
            if (place.isRemoved()) {
                place.owedAgain();
                stepped();
            }
        });
        if (changed) {
            saveDurably();
        }
        return place;
    }

    private LocalPlace newPlace(String destination, Start start) {
        Start from = start;
        if (start instanceof Start.End && lockedGet(() -> placesLost)) {
            LOG.warn("The places were lost: {} begins with the earliest event that is kept", destination);
            from = Start.EARLIEST;
        }
        long[] found = from instanceof Start.Since since ? firstSince(since.time()) : null;
        return lockedGet(() -> {
            LocalPlace madeMeanwhile = places.get(destination);
            if (madeMeanwhile != null) {
                return madeMeanwhile;
            }
            long position = found == null ? end : Math.min(end, Math.max(found[0], segments.earliest(end)));
            LocalPlace place = new LocalPlace(this, destination, position, found == null ? endBytes : found[1]);
            place.skips(segments.holes(position));
            places.put(destination, place);
            stepped();
            return place;
        });
    }

    /** Position, and size of all before it, of the first kept event that was received at {@code time} or later. */
    long[] firstSince(Instant time) {
        long mostSlack = TimeUnit.SECONDS.toMillis(10); // events of a group arrive in any order
        long earliest = lockedGet(() -> segments.earliest(end));
        long position = earliest;
        for (Segment segment : segments.all()) {
            if (segment.receivedAt() > time.toEpochMilli() - mostSlack) {
                break; // also where the clock was put back behind it
            }
            if (!segment.isEmpty()) {
                position = segment.first();
            }
        }
        try (Reader own = new Reader(disk, segments, damages)) {
            for (Piece piece = own.at(position); piece != null; piece = own.at(position)) {
                long bytes = piece.bytesBefore();
                for (int i = 0; i < piece.events().size(); i++) {
                    Event event = piece.events().get(i);
                    if (!event.receivedAt().isBefore(time)) {
                        return new long[] {piece.first() + i, bytes};
                    }
                    bytes += event.json().length;
                }
                position = piece.end();
            }
        } catch (IOException e) {
            throw new JournalUnavailableException("the journal cannot be read: " + e, e);
        }
        return lockedGet(() -> new long[] {end, endBytes});
    }

    @Override
    public Collection<Place> places() {
        return lockedGet(() -> List.copyOf(places.values()));
    }

    void forgotten(LocalPlace place) {
        places.remove(place.destination(), place);
        stepped();
    }

    void saveDurably() {
        keeper.save();
    }

    /** A place moved, came, went or has room, with the lock held. */
    void stepped() {
        long from = LocalPlace.ALL;
        List<LocalPlace> removed = new ArrayList<>();
        for (LocalPlace place : places.values()) {
            if (place.isRemoved()) {
                removed.add(place);
            } else {
                from = Math.min(from, place.bytes());
            }
        }
        removed.sort(Comparator.comparingLong(LocalPlace::bytes));
        long base = 0;
        long covered = 0;
        for (LocalPlace place : removed) {
            long until = Math.min(place.owedBytes(), from);
            base += Math.max(0, until - Math.max(covered, place.bytes()));
            covered = Math.max(covered, until);
        }
        owedFrom = from;
        owedBase = base;
        keeper.changed();
        taker.wake();
    }

    long end() {
        return end;
    }

    long endBytes() {
        return endBytes;
    }

    List<Skip> holes(long from) {
        return segments.holes(from);
    }

    /** When the event at {@code position}, or the first behind it, was received; null when that cannot be said. */
    @Nullable
    Instant receivedAt(long position) {
        Piece piece = tail.at(position);
        if (piece == null) {
            try (Reader own = new Reader(disk, segments, damages)) {
                piece = own.at(position);
            } catch (IOException e) {
                LOG.debug("The oldest event cannot be read", e);
            }
        }
        if (piece == null) {
            return null;
        }
        return piece.events().get((int) Math.max(0, position - piece.first())).receivedAt();
    }

    @Override
    public @Nullable Handover take(long timeoutMillis) throws InterruptedException {
        return taker.take(timeoutMillis);
    }

    /** Events with a position from {@code first} to {@code end} were changed on disk: nobody is handed what was read before. */
    void readAnew(long first, long end) {
        tail.forget(first, end);
        segments.rewritten();
    }

    /** Whether a destination is owed some of it. */
    boolean isNeeded(Segment segment) {
        return lockedGet(() -> needed(segment));
    }

    /** The same, with the lock held. */
    boolean needed(Segment segment) {
        for (LocalPlace place : places.values()) {
            long from = Math.max(segment.first(), place.position());
            if (from < Math.min(segment.end(), place.owedUntil())) {
                return true;
            }
        }
        return false;
    }

    /** With the lock held: whether all that is there is owed, by destinations that have no place yet. */
    boolean keepsAll() {
        return beforeAdoption != null || (placesLost && places.isEmpty());
    }

    /** With the lock held. */
    Collection<LocalPlace> placesLocked() {
        return places.values();
    }

    // The rest

    @Override
    public LocalHistory history() {
        return history;
    }

    @Override
    public JournalStatus status() {
        String refusal = writer.refusal();
        String full = full(1);
        List<Segment> all = segments.all();
        Segment first = segments.at(-1);
        return lockedGet(() -> {
            LocalPlace furthest = places.values().stream()
                    .filter(place -> place.behind(end) > 0)
                    .max(Comparator.comparingLong(place -> place.behind(end)))
                    .orElse(null);
            JournalStatus.State state = writer.closing()
                    ? JournalStatus.State.CLOSED
                    : refusal != null
                            ? JournalStatus.State.UNAVAILABLE
                            : full != null ? JournalStatus.State.FULL : JournalStatus.State.OPEN;
            return new JournalStatus(
                    state,
                    refusal != null ? refusal : full,
                    all.stream()
                            .mapToLong(segment -> segment.end() - segment.first())
                            .sum(),
                    all.stream().mapToLong(Segment::size).sum(),
                    first == null ? null : Instant.ofEpochMilli(first.receivedAt()),
                    furthest == null ? 0 : furthest.behind(end),
                    undeliveredBytes(),
                    furthest == null ? null : furthest.destination(),
                    appended,
                    writer.syncs(),
                    writer.writtenBytes(),
                    damages.all());
        });
    }

    void locked(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    <T> T lockedGet(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        if (writer.closing()) {
            return;
        }
        try {
            writer.close();
            locked(() -> placesLost = false);
            saveDurably();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (JournalException e) {
            LOG.warn("What was delivered at last is delivered again at the next start: {}", e.getMessage());
        } finally {
            history.close();
            keeper.close();
            taker.close();
            disk.close();
        }
    }

    @Override
    public String toString() {
        return "journal in " + settings.directory();
    }
}
