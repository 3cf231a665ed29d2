package com.evefan.counters;

import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The books of one destination: every method moves events from one account to another at once. Thread-safe. */
public final class Ledger {
    /** Where events that are being delivered come from. */
    public enum From {
        /** Memory; the journal has them. */
        PENDING,
        /** The retry queue. */
        RETRYING
    }

    private final String destination;
    private final Clock clock;
    private final ErrorCounters errors = new ErrorCounters();
    private long accepted;
    private long delivered;
    private long retried;
    private long rejected;
    private long dead;
    private long deleted;
    private long pending;
    private long pendingBytes;
    private long retrying;
    private long retryingBytes;
    private @Nullable Instant oldestRetrying;
    private @Nullable Outage outage;

    Ledger(String destination, Clock clock) {
        this.destination = destination;
        this.clock = clock;
    }

    /** The fan-out has handed over events. */
    public synchronized void accepted(long events, long bytes) {
        accepted += events;
        pending += events;
        pendingBytes += bytes;
    }

    /** The destination has taken events. */
    public synchronized void delivered(From from, long events, long bytes) {
        delivered += events;
        take(from, events, bytes);
    }

    /** The destination will never take these events; they are dead letters now. */
    public synchronized void rejected(From from, long events, long bytes) {
        rejected += events;
        take(from, events, bytes);
    }

    /** The retention of these events in the retry queue is over; they are dead letters now. */
    public synchronized void expired(long events, long bytes) {
        dead += events;
        take(From.RETRYING, events, bytes);
    }

    /** Pending events have gone into the retry queue. */
    public synchronized void queued(long events, long bytes, Instant receivedAt) {
        if (retrying == 0) {
            oldestRetrying = receivedAt;
        }
        take(From.PENDING, events, bytes);
        retrying += events;
        retryingBytes += bytes;
    }

    /** Dead letters have gone back into the retry queue, so they are not dead any more. */
    public synchronized void replayed(long wereRejected, long wereDead, long bytes) {
        rejected -= wereRejected;
        dead -= wereDead;
        retrying += wereRejected + wereDead;
        retryingBytes += bytes;
    }

    /** An operator has deleted dead letters. They stay counted as rejected or dead, for that is how they ended. */
    public synchronized void deleted(long events) {
        deleted += events;
    }

    /** Events are being sent once more. */
    public synchronized void retried(long events) {
        retried += events;
    }

    /** The first event in the retry queue was received at {@code receivedAt}. */
    public synchronized void oldestRetrying(Instant receivedAt) {
        oldestRetrying = receivedAt;
    }

    private void take(From from, long events, long bytes) {
        if (from == From.PENDING) {
            pending -= events;
            pendingBytes -= bytes;
        } else {
            retrying -= events;
            retryingBytes -= bytes;
            if (retrying == 0) {
                oldestRetrying = null;
            }
        }
    }

    /** The destination rejected {@code events} events for {@code reason}. */
    public synchronized void error(String reason, String message, long events) {
        errors.seen(reason, message, events, clock.instant());
    }

    /** An attempt failed as a whole. */
    public synchronized void failed(String reason, String message, boolean setUp) {
        Instant now = clock.instant();
        errors.seen(reason, message, 1, now);
        Outage before = outage;
        outage = before == null
                ? new Outage(now, 1, setUp, message)
                : new Outage(before.since(), before.attempts() + 1, setUp, message);
    }

    /** The destination takes events. Returns the outage that is over, if there was one. */
    public synchronized Optional<Outage> worked() {
        Outage over = outage;
        outage = null;
        return Optional.ofNullable(over);
    }

    /** The outage that goes on. */
    public synchronized Optional<Outage> outage() {
        return Optional.ofNullable(outage);
    }

    /** The books at this moment. */
    public synchronized DestinationCounters snapshot() {
        return new DestinationCounters(
                destination,
                accepted,
                delivered,
                retried,
                rejected,
                dead,
                deleted,
                pending,
                pendingBytes,
                retrying,
                retryingBytes,
                oldestRetrying,
                outage,
                errors.all());
    }

    /** Goes on from what was saved: what was pending then comes again from the journal. */
    synchronized void restore(DestinationCounters saved) {
        delivered = saved.delivered();
        retried = saved.retried();
        rejected = saved.rejected();
        dead = saved.dead();
        deleted = saved.deleted();
        retrying = saved.retrying();
        retryingBytes = saved.retryingBytes();
        oldestRetrying = saved.oldestRetrying();
        outage = saved.outage();
        errors.restore(saved.errors());
        accepted = delivered + rejected + dead + retrying;
    }

    /** Sets right what a killed process could not save: what the queues really hold is the truth. */
    public synchronized void found(long inRetryQueue, long bytesInRetryQueue, long inDeadLetterQueue) {
        retrying = inRetryQueue;
        retryingBytes = bytesInRetryQueue;
        long unknown = inDeadLetterQueue - (rejected + dead - deleted);
        rejected += Math.max(0, unknown);
        deleted += Math.max(0, -unknown);
        accepted = delivered + rejected + dead + retrying + pending;
    }
}
