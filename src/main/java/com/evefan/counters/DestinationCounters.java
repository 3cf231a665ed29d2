package com.evefan.counters;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The counters of one destination at one moment, in events. {@code accepted = delivered + pending + retrying + dead +
 * rejected} always holds. They survive a restart: what was pending at the stop is not in {@code accepted} then, and is
 * counted again when the journal hands it over.
 *
 * @param accepted handed to this destination by the fan-out; events whose {@code integrations} exclude it are not
 * @param delivered taken by the destination
 * @param retried sent again, once for every repeated attempt; not part of the equation
 * @param rejected never to be taken by the destination; now dead letters, or deleted
 * @param dead not taken by the destination within the retention; now dead letters, or deleted
 * @param deleted of the rejected and dead ones, those that an operator deleted; not part of the equation
 * @param pending in memory, on their way; the journal has them
 * @param pendingBytes their size as accepted
 * @param retrying in the retry queue; those that an operator replays too
 * @param retryingBytes their size as accepted
 * @param oldestRetrying when the first event of the retry queue was received; null when the queue is empty or that is
 *     not known yet
 * @param outage null when the destination takes what it is sent
 */
public record DestinationCounters(
        String destination,
        long accepted,
        long delivered,
        long retried,
        long rejected,
        long dead,
        long deleted,
        long pending,
        long pendingBytes,
        long retrying,
        long retryingBytes,
        @Nullable Instant oldestRetrying,
        @Nullable Outage outage,
        List<ErrorCounter> errors) {
    public DestinationCounters {
        errors = List.copyOf(errors);
    }

    /** Events in the destination's dead-letter queue. */
    public long deadLetters() {
        return rejected + dead - deleted;
    }

    /** What has not reached its end yet, in bytes. */
    public long bytesPending() {
        return pendingBytes + retryingBytes;
    }
}
