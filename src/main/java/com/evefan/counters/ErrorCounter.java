package com.evefan.counters;

import java.time.Instant;

/**
 * How often a destination failed for one reason.
 *
 * @param reason the class of the error in the destination's own terms: an SQLSTATE, an HTTP status, an exception's name
 * @param count failed attempts; for rejected events, events
 * @param lastMessage in words, free of payloads and secrets
 */
public record ErrorCounter(String reason, long count, Instant firstSeen, Instant lastSeen, String lastMessage) {
    /** The same reason, once more or {@code times} more. */
    ErrorCounter seen(long times, Instant now, String message) {
        return new ErrorCounter(reason, count + times, firstSeen, now, message);
    }
}
