package com.evefan.delivery;

import com.evefan.event.Event;
import com.evefan.event.EventBatch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One batch on its way to its destination, over all attempts. Belongs to one exchange, so to one thread at a time. */
public final class Delivery {
    /** The exchange property that holds it. */
    public static final String PROPERTY = "delivery";

    private final Destination destination;
    private final long turn;
    private final EventBatch batch;
    private final List<Rejected> rejected = new ArrayList<>();
    private EventBatch left;
    private int attempts;
    private @Nullable Instant firstFailure;
    private @Nullable Instant lastFailure;
    private @Nullable Exception failure;
    private boolean done;

    Delivery(Destination destination, long turn, EventBatch batch) {
        this.destination = destination;
        this.turn = turn;
        this.batch = batch;
        this.left = EventBatch.of(batch.events());
    }

    Destination destination() {
        return destination;
    }

    /** What the destination has not got yet. */
    EventBatch left() {
        return left;
    }

    /** What it has rejected and is no dead letter yet. */
    List<Rejected> rejected() {
        return rejected;
    }

    /** How often it was tried. */
    public int attempts() {
        return attempts;
    }

    /** Null where none of its attempts has failed. */
    public @Nullable Instant firstFailure() {
        return firstFailure;
    }

    /** Null where none of its attempts has failed. */
    public @Nullable Instant lastFailure() {
        return lastFailure;
    }

    /** Why the last attempt left something; null where it did not. */
    @Nullable
    Exception failure() {
        return failure;
    }

    /** Waits for the next attempt; false when there is to be none. */
    boolean awaitTurn() throws InterruptedException {
        List<Event> events = left.events();
        Instant oldest = events.isEmpty() ? Instant.MAX : events.get(0).receivedAt();
        return destination.awaitTurn(turn, oldest);
    }

    void tried(Attempt attempt, Instant now) {
        attempts += attempt.batch().size() > 0 ? 1 : 0;
        rejected.addAll(attempt.rejected());
        left = EventBatch.of(attempt.remaining());
        failure = attempt.failure();
        if (failure != null || attempt.hasRejected()) {
            lastFailure = now;
            firstFailure = firstFailure == null ? now : firstFailure;
        }
    }

    /** Everything of it is where it belongs. */
    void acknowledge() {
        done = true;
        batch.acknowledge(destination.name());
    }

    /** Its exchange has ended. */
    void end(@Nullable Throwable why) {
        destination.end(turn, done, why);
    }
}
