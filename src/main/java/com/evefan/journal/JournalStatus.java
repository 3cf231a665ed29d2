package com.evefan.journal;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The journal at one moment.
 *
 * @param state whether it takes events
 * @param reason why it does not; null when it does
 * @param events events that are kept
 * @param bytes what they take on disk, in bytes
 * @param oldest when the oldest kept event was received; null when there is none
 * @param undelivered events behind the place that is furthest behind
 * @param undeliveredBytes the size of all that some destination is owed, as accepted, in bytes
 * @param holdsUp the destination whose place that is; null when nothing is undelivered
 * @param appended events appended since the start
 * @param syncs fsyncs since the start
 * @param writtenBytes bytes written since the start
 * @param damage what was passed over since the start, in words: file, position, how many events
 */
public record JournalStatus(
        State state,
        @Nullable String reason,
        long events,
        long bytes,
        @Nullable Instant oldest,
        long undelivered,
        long undeliveredBytes,
        @Nullable String holdsUp,
        long appended,
        long syncs,
        long writtenBytes,
        List<String> damage) {
    public JournalStatus {
        damage = List.copyOf(damage);
    }

    /** Whether events are taken. */
    public enum State {
        /** They are. */
        OPEN,
        /** Not until destinations have taken what is undelivered, or the disk has room. */
        FULL,
        /** Not until the disk works again; the journal tries on its own. */
        UNAVAILABLE,
        /** Not any more. */
        CLOSED
    }
}
