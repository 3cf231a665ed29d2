package com.evefan.journal;

import com.evefan.event.Event;
import com.evefan.event.EventFacts;
import com.evefan.event.Person;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.function.BooleanSupplier;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of the accepted events, delivered ones included: for finding an event, sending events again and erasing a
 * person. Nothing here holds up who appends or takes, and nothing takes memory by what it goes through. Thread-safe, but
 * for a {@link Cursor}.
 */
public interface History {
    /** What there is now. */
    Kept kept();

    /** The position of the first kept event that was received at {@code time} or later; the end where there is none. */
    long since(Instant time);

    /** Reads events in their order, from {@code position} on. */
    Cursor from(long position);

    /**
     * The kept events whose messageId, or id at destinations, is {@code id}: the newest first, at most {@code most}. By an
     * index: no scan of all that is kept.
     */
    List<Found> find(String id, int most);

    /** The kept events of {@code person}: the newest first, at most {@code most}. By an index where the journal has one. */
    default List<Found> find(Person person, int most) {
        Kept kept = kept();
        Deque<Found> newest = new ArrayDeque<>();
        try (Cursor cursor = from(kept.first())) {
            for (Page page = cursor.next(kept.end()); page != null; page = cursor.next(kept.end())) {
                long position = page.next() - page.events().size();
                for (Event event : page.events()) {
                    if (person.has(EventFacts.of(event.json()))) {
                        newest.addFirst(new Found(position, event));
                    }
                    position++;
                }
                while (newest.size() > most) {
                    newest.removeLast();
                }
            }
        }
        return List.copyOf(newest);
    }

    /**
     * Events from {@code position} on are kept for {@code reader}, however old they become, as long as there is room: new
     * events go before. Not remembered over a restart. A journal whose retention is not its own may do nothing: what is gone
     * is told as {@link Page#missing}.
     */
    void hold(String reader, long position);

    /** {@code reader} needs nothing any more. */
    void release(String reader);

    /**
     * Blanks the events of {@code person} that are kept now: what it was stays nowhere in the journal, positions stay, and
     * a blank event goes to no destination. Crash-safe: each event is whole or blank. What is appended meanwhile may be
     * left.
     *
     * @param dryRun only counts
     * @param goOn asked now and then
     * @throws JournalUnavailableException when the disk fails; once more does the rest
     */
    Erased erase(Person person, boolean dryRun, BooleanSupplier goOn);

    /**
     * The same for the events from {@code position} on.
     *
     * @param goOn asked now and then, and told up to which position everything is done
     */
    default Erased erase(Person person, boolean dryRun, long position, LongPredicate goOn) {
        return erase(person, dryRun, () -> goOn.test(position));
    }

    /**
     * What is kept.
     *
     * @param first the position of the first kept event; {@code end} where there is none
     * @param end the position behind the last
     * @param oldest when the first was received; null where there is none
     */
    record Kept(long first, long end, @Nullable Instant oldest) {}

    /** An event and its position. */
    record Found(long position, Event event) {}

    /**
     * Events in a row.
     *
     * @param missing so many before them are not there any more
     * @param next the position behind the last
     */
    record Page(long missing, List<Event> events, long next) {
        public Page {
            events = List.copyOf(events);
        }
    }

    /** A reader of its own, for one thread. */
    interface Cursor extends AutoCloseable {
        /**
         * The next events, about as many as were written at once.
         *
         * @return null where there is none before {@code until}
         * @throws JournalUnavailableException when the disk cannot be read
         */
        @Nullable
        Page next(long until);

        @Override
        void close();
    }

    /**
     * What was blanked, or would be.
     *
     * @param events so many
     * @param oldest when the first of them was received; null where there was none
     * @param anonymousIds that stood beside one of the person's userIds and were not asked for, at most 20
     * @param inHand of them, by destination, on the way to it: they may still be delivered
     * @param left what could not be looked through or blanked, in words
     */
    record Erased(
            long events,
            @Nullable Instant oldest,
            List<String> anonymousIds,
            SortedMap<String, Long> inHand,
            List<String> left) {
        /** With one thing more that is left. */
        public Erased andLeft(String more) {
            List<String> all = new ArrayList<>(left);
            all.add(more);
            return new Erased(events, oldest, anonymousIds, inHand, List.copyOf(all));
        }
    }
}
