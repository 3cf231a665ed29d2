package com.evefan.counters;

import com.evefan.journal.Place;

/**
 * The counters of one destination at one moment.
 *
 * @param place what the journal counts
 * @param books what is counted beside it
 */
public record DestinationCounters(Place.Status place, Books books) {
    /** Of a destination that has no place. */
    public static final Place.Status NO_PLACE =
            new Place.Status(Place.State.CLOSED, 0, 0, 0, 0, null, Place.Tally.NOTHING, 0);

    public long get(Counter counter) {
        return counter.of(this);
    }

    /** How all events ended that did. */
    Place.Tally ended() {
        return place.ended().plus(books.beside());
    }

    /** Events in the destination's dead-letter queue. */
    long deadLetters() {
        return ended().rejected() + ended().dead() - get(Counter.DELETED);
    }
}
