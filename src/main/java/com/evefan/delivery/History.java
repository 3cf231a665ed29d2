package com.evefan.delivery;

import com.evefan.counters.Ledger.From;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a batch has been through. Belongs to one exchange, so to one thread at a time. */
public final class History {
    private final From from;
    private final List<Rejected> rejected = new ArrayList<>();
    private int attempts;
    private @Nullable Instant firstFailure;
    private @Nullable Instant lastFailure;

    History(From from) {
        this.from = from;
    }

    History(From from, int attempts, @Nullable Instant firstFailure) {
        this.from = from;
        this.attempts = attempts;
        this.firstFailure = firstFailure;
    }

    From from() {
        return from;
    }

    /** How often it was tried. */
    public int attempts() {
        return attempts;
    }

    /** Null where none of its attempts has failed. */
    public @Nullable Instant firstFailure() {
        return firstFailure;
    }

    /** Null where none of its attempts has failed in this process. */
    public @Nullable Instant lastFailure() {
        return lastFailure;
    }

    /** What the destination has rejected and is no dead letter yet. */
    List<Rejected> rejected() {
        return rejected;
    }

    void tried(Attempt attempt, Instant now) {
        if (attempt.batch().size() > 0) {
            attempts++;
        }
        rejected.addAll(attempt.rejected());
        if (attempt.failure() != null || attempt.hasRejected()) {
            lastFailure = now;
            firstFailure = firstFailure == null ? now : firstFailure;
        }
    }
}
