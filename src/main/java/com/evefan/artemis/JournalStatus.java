package com.evefan.artemis;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The journal at one moment.
 *
 * @param state whether it takes events
 * @param reason why it does not; null when it does
 * @param inFlightEvents events on disk that a destination still owes
 * @param inFlightBytes their size as accepted, in bytes
 * @param oldest when the oldest of them arrived; null when there is none
 * @param appendedEvents events appended since the start
 * @param acknowledgedEvents events that every destination has acknowledged since the start
 * @param syncs fsyncs since the start
 * @param writtenBytes bytes written since the start, without preallocation
 * @param destinations what each destination owes, by name
 */
public record JournalStatus(
        State state,
        @Nullable String reason,
        long inFlightEvents,
        long inFlightBytes,
        @Nullable Instant oldest,
        long appendedEvents,
        long acknowledgedEvents,
        long syncs,
        long writtenBytes,
        Map<String, Backlog> destinations) {
    /** Whether events are taken. */
    public enum State {
        /** They are. */
        OPEN,
        /** Not until destinations acknowledge. */
        FULL,
        /** Not until the disk works or has room again; the journal tries on its own. */
        UNAVAILABLE,
        /** Not any more. */
        CLOSED
    }

    /**
     * What one destination owes.
     *
     * @param events events it has not acknowledged
     * @param bytes their size as accepted, in bytes
     * @param oldest when the oldest of them arrived; null when there is none
     */
    public record Backlog(long events, long bytes, @Nullable Instant oldest) {}
}
