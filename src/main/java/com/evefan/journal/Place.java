package com.evefan.journal;

import com.evefan.event.Acknowledgement;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a destination stands in the journal. It moves forward only, in order, as what was handed out is
 * {@linkplain Acknowledgement#acknowledge acknowledged}. Thread-safe.
 *
 * <p>At every moment {@code accepted = delivered + pending + rejected + dead + leftOut}, because {@code accepted} is
 * their sum: {@link Status#pending} is what stands behind the place less what has been counted of it already.
 */
public interface Place {
    /** The destination's name. */
    String destination();

    /** Events are handed out from now on, as long as less than {@code room} is handed out and not acknowledged. */
    void open(Room room);

    /**
     * Nothing is handed out any more. What is handed out and not acknowledged is handed out again once the place is opened
     * again; acknowledgements of it that come meanwhile say nothing, and what was counted of it is not counted any more.
     */
    void close();

    /**
     * Another number once what is handed out is not this place's any more, which is another node's doing: it was closed by
     * that, and has to be opened again. What was handed out before is best dropped. Below 0 while nothing may be delivered.
     */
    default long term() {
        return 0;
    }

    /** Events that were received before this are deleted soon, delivered or not: what cannot be delivered has to be kept now. */
    default Instant keptFrom() {
        return Instant.MIN;
    }

    /**
     * The destination is gone. It is owed what was accepted until now; closes the place. Durable when this returns, unless
     * it fails with a {@link JournalUnavailableException}; {@link Journal#place} takes it back.
     */
    void remove();

    /**
     * As {@link #remove}, but what is accepted until the place is taken back is never owed. A journal that cannot tell may
     * owe it.
     */
    default void switchOff() {
        remove();
    }

    /** Nothing is owed any more; the place is gone for good. Durable as {@link #remove}. */
    void forget();

    /**
     * Counts what became of events that are handed out; says nothing while the place is closed. It becomes part of the
     * saved totals as the place passes as many events, so that a killed process counts nothing twice. Count before
     * acknowledging: what is acknowledged and was not counted is {@code leftOut}.
     */
    void count(Tally more);

    /** How it is doing. */
    Status status();

    /** Where the event at {@code position} is for this destination. Cheap. */
    Standing standing(long position);

    /**
     * The events, bytes as accepted, that may be handed out and not acknowledged. A hand-over that begins within it is
     * made; it is the only bound on memory that a destination needs.
     */
    record Room(long events, long bytes) {
        public Room {
            if (events < 1 || bytes < 1) {
                throw new IllegalArgumentException("room must be at least one event and one byte");
            }
        }
    }

    /** How many events ended how; {@code leftOut}: no destination was meant to get them, or a filter dropped them. */
    record Tally(long delivered, long rejected, long dead, long leftOut) {
        public static final Tally NOTHING = new Tally(0, 0, 0, 0);

        public Tally plus(Tally more) {
            return new Tally(
                    delivered + more.delivered, rejected + more.rejected, dead + more.dead, leftOut + more.leftOut);
        }

        public long sum() {
            return delivered + rejected + dead + leftOut;
        }
    }

    /**
     * One moment of a place.
     *
     * @param state whether events are handed out
     * @param position the number of events of the journal before the place
     * @param pending events behind the place and not counted yet
     * @param pendingBytes their size as accepted, in bytes; may be off by what is in hand
     * @param inHand of those, handed out
     * @param oldest when the first of them was received; null when there is none
     * @param ended what became of all events before, those counted of what is in hand included
     * @param lost events that the destination is owed and that are not there any more (damage, a deleted file)
     */
    record Status(
            State state,
            long position,
            long pending,
            long pendingBytes,
            long inHand,
            @Nullable Instant oldest,
            Tally ended,
            long lost) {
        public long accepted() {
            return ended.sum() + pending + lost;
        }
    }

    /** Whether a place is handed events. */
    enum State {
        /** It is. */
        OPEN,
        /** Not now; its events wait. */
        CLOSED,
        /** Its destination is gone; what it was owed until then waits. */
        REMOVED
    }

    /**
     * Where one event is.
     *
     * @param behind events that come before it; 0 where it does not wait
     */
    record Standing(Stage stage, long behind) {}

    /** How far an event has come. */
    enum Stage {
        /** The place has passed it. */
        PASSED,
        /** It is handed out. */
        IN_HAND,
        /** It is yet to be handed out. */
        WAITING,
        /** The destination is not owed it: it was accepted before the destination was new, or after it was removed. */
        NOT_OWED
    }
}
