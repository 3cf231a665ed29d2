package com.evefan.delivery;

import com.evefan.event.Event;
import com.evefan.event.EventBatch;
import java.util.ArrayList;
import java.util.List;

/** The batch at the head of a retry queue, over all its attempts. Used by the queue's one consumer. */
final class Redelivery {
    private final String id;
    private final History history;
    private final List<Rejected> expired = new ArrayList<>();
    private EventBatch left;
    private boolean settled;

    /**
     * @param id of its message
     */
    Redelivery(String id, EventBatch batch, History history) {
        this.id = id;
        this.left = batch;
        this.history = history;
    }

    String id() {
        return id;
    }

    History history() {
        return history;
    }

    EventBatch left() {
        return left;
    }

    List<Rejected> expired() {
        return expired;
    }

    void tried(Attempt attempt) {
        left = EventBatch.of(attempt.remaining());
    }

    void expire(String reason) {
        for (Event event : left.events()) {
            expired.add(new Rejected(event, reason, Retries.EXPIRED));
        }
        left = EventBatch.of(List.of());
    }

    /** The end, with all dead letters of all attempts. */
    Attempt finished(EventBatch tried) {
        List<Rejected> all = new ArrayList<>(history.rejected());
        all.addAll(expired);
        return new Attempt(tried, all, List.of(), null);
    }

    /** Whether it has not been counted yet: a commit that fails brings the same message again. */
    boolean settle() {
        boolean first = !settled;
        settled = true;
        return first;
    }

    static long bytes(List<Rejected> events) {
        long bytes = 0;
        for (Rejected one : events) {
            bytes += one.event().json().length;
        }
        return bytes;
    }
}
