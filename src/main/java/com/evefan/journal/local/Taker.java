package com.evefan.journal.local;

import com.evefan.event.Acknowledgement;
import com.evefan.event.Event;
import com.evefan.event.EventBatch;
import com.evefan.journal.Handover;
import com.evefan.journal.local.LocalPlace.Range;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Hands out what stands behind the places: each round begins with those that stand furthest ahead, and everyone with room
 * has a turn in it. For the one thread that takes; {@code journal}'s lock guards what it shares.
 */
final class Taker implements AutoCloseable {
    /** Of one hand-over, in bytes as accepted; a record that has more goes alone. */
    static final long HANDOVER_BYTES = 2 << 20;

    /** Failures to read after which what the disk cannot read is passed over, as damage. */
    private static final int MOST_FAILED_READS = 20;

    private final LocalJournal journal;
    private final JournalSettings settings;
    private final Segments segments;
    private final Damages damages;
    private final Tail tail;
    private final Reader reader;
    private final BooleanSupplier closing;
    private final ReentrantLock lock;
    private final Condition more;
    private boolean waits;
    private int failedReads;
    private long turn = 1;

    /**
     * @param closing whether nothing more is to be waited for
     */
    Taker(
            LocalJournal journal,
            JournalSettings settings,
            Disk disk,
            Segments segments,
            Damages damages,
            Tail tail,
            BooleanSupplier closing,
            ReentrantLock lock) {
        this.journal = journal;
        this.settings = settings;
        this.segments = segments;
        this.damages = damages;
        this.tail = tail;
        this.reader = new Reader(disk, segments, damages);
        this.closing = closing;
        this.lock = lock;
        this.more = lock.newCondition();
    }

    /** As {@link LocalJournal#take}. */
    @Nullable
    Handover take(long timeoutMillis) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        while (true) {
            Turn next = nextTurn(deadline);
            if (next == null) {
                return null;
            }
            Chunk chunk;
            long rewrites = segments.rewrites();
            try {
                reader.passOver(failedReads >= MOST_FAILED_READS);
                chunk = read(next.from(), next.limit());
                failedReads = Math.max(0, failedReads - 1); // there may be more to pass over right behind
            } catch (IOException e) {
                failedReads++;
                damages.add("position " + next.from() + " cannot be read: " + e);
                TimeUnit.MILLISECONDS.sleep(timeoutMillis);
                return null;
            }
            Handover handover = hand(next, chunk, rewrites);
            if (handover != null) {
                return handover;
            }
        }
    }

    /**
     * Who is served next.
     *
     * @param from where all of {@code places} stand
     * @param limit the position up to which they may be handed events at once
     */
    private record Turn(List<LocalPlace> places, long from, long limit) {}

    private @Nullable Turn nextTurn(long deadline) throws InterruptedException {
        lock.lock();
        try {
            Turn found = pick();
            while (found == null && !closing.getAsBoolean()) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return null;
                }
                waits = true;
                more.awaitNanos(left);
                found = pick();
            }
            return found;
        } finally {
            waits = false;
            lock.unlock();
        }
    }

    /** There may be something to take; with the lock held. */
    void wake() {
        if (waits) {
            waits = false;
            more.signal();
        }
    }

    private @Nullable Turn pick() {
        long end = journal.end();
        List<LocalPlace> ready = new ArrayList<>();
        boolean all = true;
        for (LocalPlace place : journal.placesLocked()) {
            if (place.ready(end)) {
                ready.add(place);
                all &= place.turn() >= turn;
            }
        }
        if (ready.isEmpty()) {
            turn++;
            return null;
        }
        if (all) {
            turn++;
        }
        long from = -1;
        for (LocalPlace place : ready) {
            if (place.turn() < turn) {
                from = Math.max(from, place.next());
            }
        }
        long limit = end;
        List<LocalPlace> served = new ArrayList<>(ready.size());
        for (LocalPlace place : ready) {
            if (place.next() == from) {
                served.add(place);
                place.served(turn);
                limit = Math.min(limit, place.limit(end));
            } else if (place.next() > from) {
                limit = Math.min(limit, place.next()); // from there on they go together
            }
        }
        return new Turn(served, from, limit);
    }

    /**
     * Events that are handed out at once, or, without events, positions that are missing.
     *
     * @param to the position behind them
     * @param bytesAfter the size of all events before that, as accepted
     * @param bytes the size of these
     */
    private record Chunk(long to, long bytesAfter, List<Event> events, long bytes) {}

    private Chunk read(long from, long limit) throws IOException {
        List<Event> events = new ArrayList<>();
        long bytes = 0;
        long bytesAfter = 0;
        long at = from;
        while (at < limit) {
            Piece piece = tail.at(at);
            if (piece == null) {
                try {
                    piece = reader.at(at);
                } catch (IOException e) {
                    if (events.isEmpty()) {
                        throw e;
                    }
                    break; // what stands before it is handed out
                }
            }
            if (piece == null || piece.first() > at) {
                if (events.isEmpty()) {
                    return missing(at, limit, piece);
                }
                break;
            }
            int first = (int) (at - piece.first());
            int last = (int) (Math.min(piece.end(), limit) - piece.first());
            boolean whole = first == 0 && last == piece.events().size();
            List<Event> part = whole ? piece.events() : piece.events().subList(first, last);
            long partBytes = whole ? piece.bytes() : bytes(part);
            if (!events.isEmpty()
                    && (events.size() + part.size() > settings.handoverEvents()
                            || bytes + partBytes > HANDOVER_BYTES)) {
                break;
            }
            events.addAll(part);
            bytes += partBytes;
            bytesAfter = piece.bytesBefore()
                    + (whole ? partBytes : bytes(piece.events().subList(0, last)));
            at = piece.first() + last;
        }
        return new Chunk(at, bytesAfter, events, bytes);
    }

    private Chunk missing(long from, long limit, @Nullable Piece next) {
        damages.add("events " + from + " to " + (next == null ? limit : next.first()) + " are missing");
        return next == null || next.first() >= limit
                ? new Chunk(limit, next == null ? journal.endBytes() : next.bytesBefore(), List.of(), 0)
                : new Chunk(next.first(), next.bytesBefore(), List.of(), 0);
    }

    private static long bytes(List<Event> events) {
        long bytes = 0;
        for (Event event : events) {
            bytes += event.json().length;
        }
        return bytes;
    }

    private @Nullable Handover hand(Turn next, Chunk chunk, long rewrites) {
        Map<String, Range> handed = new HashMap<>();
        journal.locked(() -> {
            if (segments.rewrites() != rewrites) {
                return; // what was read may be of a person who has been erased meanwhile
            }
            for (LocalPlace place : next.places()) {
                Range range = place.hand(
                        next.from(),
                        chunk.to(),
                        chunk.bytesAfter(),
                        chunk.events().size(),
                        chunk.bytes());
                if (range != null) {
                    handed.put(place.destination(), range);
                }
            }
        });
        if (handed.isEmpty() || chunk.events().isEmpty()) {
            return null;
        }
        Acknowledgement done = destination -> {
            Range range = handed.get(destination);
            if (range != null) {
                range.done();
            }
        };
        return new Handover(new EventBatch(chunk.events(), List.of(done), chunk.bytes()), handed.keySet());
    }

    @Override
    public void close() {
        reader.close();
    }
}
