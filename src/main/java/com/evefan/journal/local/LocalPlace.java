package com.evefan.journal.local;

import com.evefan.journal.Place;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A place of a {@link LocalJournal}, whose lock guards everything in it. */
final class LocalPlace implements Place {
    /** Owed without end. */
    static final long ALL = Long.MAX_VALUE;

    private final LocalJournal journal;
    private final String destination;
    private final Deque<Skip> skips = new ArrayDeque<>();
    private final Deque<Range> inHand = new ArrayDeque<>();
    /** What was counted of events that the place has not passed, in the order of counting. */
    private final Deque<Tally> counted = new ArrayDeque<>();

    private long position;
    private long bytes;
    private long owedUntil = ALL;
    private long owedBytes = ALL;
    /** Whether it is removed because it is switched off: what comes meanwhile it is not owed. */
    private boolean off;

    private Tally ended = Tally.NOTHING;
    private long lost;
    private @Nullable Room room;
    private boolean forgotten;
    /** Where the next hand-over begins. */
    private long next;

    private long nextBytes;
    private long handedEvents;
    private long handedBytes;
    /** The last turn of {@link LocalJournal#take} in which it was served. */
    private long turn;

    /** The position whose event arrived at {@code oldest}; the place may have moved a little since. */
    private long oldestAsked = -1;

    private @Nullable Instant oldest;

    /** A new place. */
    LocalPlace(LocalJournal journal, String destination, long position, long bytes) {
        this.journal = journal;
        this.destination = destination;
        this.position = position;
        this.bytes = bytes;
    }

    /** A saved place. */
    LocalPlace(LocalJournal journal, Saved saved) {
        this(journal, saved.destination(), saved.position(), saved.bytes());
        owedUntil = saved.owedUntil();
        owedBytes = saved.owedBytes();
        off = saved.off();
        ended = saved.ended();
        lost = saved.lost();
        skips(saved.skips());
    }

    /**
     * What is saved of a place.
     *
     * @param bytes the size of all events before the position, as accepted
     * @param owedUntil the position up to which a removed destination is owed events; {@link #ALL} when it is not removed
     * @param owedBytes the size of all events before that
     * @param skips what it is not owed of that
     * @param off whether what comes while it is removed is not owed later either
     */
    record Saved(
            String destination,
            long position,
            long bytes,
            long owedUntil,
            long owedBytes,
            Tally ended,
            long lost,
            List<Skip> skips,
            boolean off) {
        Saved {
            skips = List.copyOf(skips);
        }
    }

    /** Positions whose events the destination is not owed, and their size as accepted. */
    record Skip(long from, long to, long bytes) {}

    /** What was handed out at once: moves the place when it is done and all before it are. */
    static final class Range {
        private final LocalPlace place;
        private final long to;
        private final long bytesAfter;
        private final int events;
        private final long bytes;
        private final long lost;
        private boolean done;

        Range(LocalPlace place, long to, long bytesAfter, int events, long bytes, long lost) {
            this.place = place;
            this.to = to;
            this.bytesAfter = bytesAfter;
            this.events = events;
            this.bytes = bytes;
            this.lost = lost;
            this.done = events == 0;
        }

        void done() {
            place.done(this);
        }
    }

    Saved saved() {
        return new Saved(destination, position, bytes, owedUntil, owedBytes, ended, lost, new ArrayList<>(skips), off);
    }

    @Override
    public String destination() {
        return destination;
    }

    @Override
    public void open(Room newRoom) {
        journal.locked(() -> {
            if (forgotten) {
                throw new IllegalStateException("the place of " + destination + " is forgotten");
            }
            if (owedUntil != ALL) {
                owedAgain();
            }
            if (room == null) {
                next = position;
                nextBytes = bytes;
            }
            room = newRoom;
            journal.stepped();
        });
    }

    @Override
    public void close() {
        journal.locked(this::closeLocked);
    }

    private void closeLocked() {
        room = null;
        inHand.clear();
        counted.clear();
        handedEvents = 0;
        handedBytes = 0;
    }

    @Override
    public void remove() {
        remove(false);
    }

    @Override
    public void switchOff() {
        remove(true);
    }

    private void remove(boolean switchedOff) {
        journal.locked(() -> {
            closeLocked();
            if (owedUntil == ALL) {
                owedUntil = journal.end();
                owedBytes = journal.endBytes();
                off = switchedOff;
            }
            journal.stepped();
        });
        journal.saveDurably();
    }

    /** Its destination is there again; what was deleted meanwhile it is not owed. */
    void owedAgain() {
        long from = Math.max(owedUntil, position);
        skips(
                off
                        ? List.of(new Skip(from, journal.end(), Math.max(0, journal.endBytes() - owedBytes)))
                        : journal.holes(from));
        off = false;
        owedUntil = ALL;
        owedBytes = ALL;
    }

    @Override
    public void forget() {
        journal.locked(() -> {
            closeLocked();
            forgotten = true;
            journal.forgotten(this);
        });
        journal.saveDurably();
    }

    @Override
    public void count(Tally more) {
        journal.locked(() -> {
            if (room != null) {
                counted.add(part(more, handedEvents - countedEvents()));
            }
        });
    }

    private long countedEvents() {
        return counted.stream().mapToLong(Tally::sum).sum();
    }

    private void done(Range range) {
        journal.locked(() -> {
            if (!range.done && inHand.contains(range)) {
                range.done = true;
                step();
            }
        });
    }

    private void step() {
        boolean moved = false;
        for (Range first = inHand.peek(); first != null && first.done; first = inHand.peek()) {
            inHand.remove();
            position = first.to;
            bytes = first.bytesAfter;
            handedEvents -= first.events;
            handedBytes -= first.bytes;
            lost += first.lost;
            commit(first.events);
            moved = true;
        }
        while (!skips.isEmpty() && skips.getFirst().to() <= position) {
            skips.removeFirst();
        }
        if (moved) {
            journal.stepped();
        }
    }

    /** Takes {@code events} of what was counted into the total; of what nobody counted nothing became. */
    private void commit(long events) {
        long left = events;
        while (left > 0 && !counted.isEmpty()) {
            Tally first = counted.removeFirst();
            Tally part = part(first, left);
            if (part.sum() < first.sum()) {
                counted.addFirst(new Tally(
                        first.delivered() - part.delivered(),
                        first.rejected() - part.rejected(),
                        first.dead() - part.dead(),
                        first.leftOut() - part.leftOut()));
            }
            ended = ended.plus(part);
            left -= part.sum();
        }
        ended = ended.plus(new Tally(0, 0, 0, left));
    }

    /** At most {@code events} of {@code tally}. */
    private static Tally part(Tally tally, long events) {
        long delivered = Math.min(tally.delivered(), events);
        long rejected = Math.min(tally.rejected(), events - delivered);
        long dead = Math.min(tally.dead(), events - delivered - rejected);
        return new Tally(delivered, rejected, dead, Math.min(tally.leftOut(), events - delivered - rejected - dead));
    }

    // What LocalJournal asks, with its lock held.

    /** Whether it can be handed something now. */
    boolean ready(long end) {
        if (room == null || handedEvents >= room.events() || handedBytes >= room.bytes()) {
            return false;
        }
        skip();
        return next < Math.min(end, owedUntil);
    }

    private void skip() {
        for (Skip skip : skips) {
            if (skip.from() > next) {
                break; // in order
            }
            if (next < skip.to()) {
                inHand.add(new Range(this, skip.to(), nextBytes + skip.bytes(), 0, 0, 0));
                next = skip.to();
                nextBytes += skip.bytes();
            }
        }
        step();
    }

    /** The position up to which events may be handed out that it is owed. */
    long limit(long end) {
        long limit = Math.min(end, owedUntil);
        for (Skip skip : skips) {
            if (skip.from() > next) {
                return Math.min(limit, skip.from());
            }
        }
        return limit;
    }

    /** It is handed so many events; null when they were not read for it. */
    @Nullable
    Range hand(long from, long to, long bytesAfter, int events, long eventBytes) {
        if (room == null || next != from) {
            return null;
        }
        Range range = new Range(this, to, bytesAfter, events, eventBytes, to - from - events);
        inHand.add(range);
        handedEvents += events;
        handedBytes += eventBytes;
        next = to;
        nextBytes = bytesAfter;
        step();
        return range;
    }

    boolean isRemoved() {
        return owedUntil != ALL;
    }

    long position() {
        return position;
    }

    long bytes() {
        return bytes;
    }

    long owedUntil() {
        return owedUntil;
    }

    long owedBytes() {
        return owedBytes;
    }

    /** In order; what it is known to skip already counts once. */
    void skips(List<Skip> more) {
        for (Skip skip : more) {
            long from = skips.isEmpty()
                    ? skip.from()
                    : Math.max(skip.from(), skips.getLast().to());
            if (from < skip.to()) {
                skips.add(from == skip.from() ? skip : new Skip(from, skip.to(), 0));
            }
        }
    }

    boolean isOpen() {
        return room != null;
    }

    long next() {
        return next;
    }

    long turn() {
        return turn;
    }

    void served(long now) {
        turn = now;
    }

    /** Events behind the place. */
    long behind(long end) {
        long until = Math.min(end, owedUntil);
        long events = Math.max(0, until - position);
        for (Skip skip : skips) {
            events -= Math.max(0, Math.min(until, skip.to()) - Math.max(position, skip.from()));
        }
        return Math.max(0, events);
    }

    private long bytesBehind(long endBytes) {
        long behind = Math.min(endBytes, owedBytes) - bytes;
        for (Skip skip : skips) {
            behind -= skip.bytes();
        }
        return Math.max(0, behind);
    }

    @Override
    public Status status() {
        lookUpOldest(journal.lockedGet(() -> position));
        return journal.lockedGet(this::statusLocked);
    }

    @Override
    public Standing standing(long asked) {
        return journal.lockedGet(() -> new Standing(stage(asked), asked < position ? 0 : behind(asked)));
    }

    private Stage stage(long asked) {
        if (asked < position) {
            // All that it has passed is counted, but for what it was not owed.
            return asked < position - ended.sum() - lost ? Stage.NOT_OWED : Stage.PASSED;
        }
        if (asked >= owedUntil || skips.stream().anyMatch(skip -> skip.from() <= asked && asked < skip.to())) {
            return Stage.NOT_OWED;
        }
        return room != null && asked < next ? Stage.IN_HAND : Stage.WAITING;
    }

    private void lookUpOldest(long asked) {
        if (journal.lockedGet(() -> oldestAsked != asked && behind(journal.end()) > 0)) {
            Instant found = journal.receivedAt(asked);
            journal.locked(() -> {
                oldestAsked = asked;
                oldest = found;
            });
        }
    }

    private Status statusLocked() {
        Tally open = counted.stream().reduce(Tally.NOTHING, Tally::plus);
        long behind = behind(journal.end());
        long pending = Math.max(0, behind - open.sum());
        return new Status(
                isRemoved() ? State.REMOVED : room != null ? State.OPEN : State.CLOSED,
                position,
                pending,
                pending == 0 ? 0 : bytesBehind(journal.endBytes()),
                Math.max(0, handedEvents - open.sum()),
                pending == 0 ? null : oldest,
                ended.plus(open),
                lost);
    }

    @Override
    public String toString() {
        return "place of " + destination + " at " + position;
    }
}
