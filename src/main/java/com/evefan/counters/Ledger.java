package com.evefan.counters;

import com.evefan.journal.Place.Tally;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The {@link Books} of one destination as they grow. Thread-safe. */
public final class Ledger {
    private final Clock clock;
    private final ErrorCounters errors = new ErrorCounters();
    private final Map<Counter, Long> counts = new EnumMap<>(Counter.class);
    private Tally beside = Tally.NOTHING;
    private @Nullable Outage outage;
    private boolean paused;
    private boolean oldQueue;

    Ledger(Clock clock) {
        this.clock = clock;
    }

    /** Events are being sent once more. */
    public void retried(long events) {
        count(Counter.RETRIED, events);
    }

    /** The destination has taken events of a replay. */
    public void replayed(long events) {
        count(Counter.REPLAYED, events);
    }

    /** Takes back what the destination said, where {@code named} finds somebody named in it; returns how often. */
    public synchronized int forget(Predicate<String> named) {
        int found = errors.forget(named);
        Outage now = outage;
        if (now != null && named.test(now.message())) {
            outage = new Outage(now.since(), now.attempts(), now.setUp(), ErrorCounters.ERASED);
            found++;
        }
        return found;
    }

    /** An operator has deleted dead letters. They stay counted as rejected or dead, for that is how they ended. */
    public void deleted(long events) {
        count(Counter.DELETED, events);
    }

    /**
     * Events have ended of which the place does not know: a replay has moved them from one end to another, or they come
     * from a retry queue of an earlier version.
     */
    public synchronized void ended(Tally more) {
        beside = beside.plus(more);
    }

    /** Whether an earlier version may have left events in the destination's retry queue. */
    public synchronized boolean hasOldQueue() {
        return oldQueue;
    }

    /** An earlier version has left events there, whatever the counters say. */
    public synchronized void oldQueueIsThere() {
        oldQueue = true;
    }

    /** There is nothing there any more. */
    public synchronized void oldQueueIsEmpty() {
        oldQueue = false;
    }

    /** How many dead letters there should be, by the books. */
    public synchronized long deadLetters(Tally ended) {
        Tally all = ended.plus(beside);
        return all.rejected() + all.dead() - counts.getOrDefault(Counter.DELETED, 0L);
    }

    /** Sets right what a killed process could not save: what the queue holds is the truth. */
    public synchronized void found(long deadLetters, Tally ended) {
        long unknown = deadLetters - deadLetters(ended);
        beside = beside.plus(new Tally(0, Math.max(0, unknown), 0, 0));
        counts.merge(Counter.DELETED, Math.max(0, -unknown), Long::sum);
    }

    private synchronized void count(Counter counter, long events) {
        counts.merge(counter, events, Long::sum);
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

    public synchronized void paused(boolean now) {
        paused = now;
    }

    public synchronized boolean isPaused() {
        return paused;
    }

    /** The books at this moment. */
    public synchronized Books snapshot() {
        return new Books(counts, beside, outage, paused, oldQueue, errors.all());
    }

    /** Goes on from what was saved. */
    synchronized void restore(Books saved) {
        counts.putAll(saved.counts());
        beside = saved.beside();
        outage = saved.outage();
        paused = saved.paused();
        oldQueue = saved.oldQueue();
        errors.restore(saved.errors());
    }
}
