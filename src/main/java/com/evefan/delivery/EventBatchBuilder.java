package com.evefan.delivery;

import com.evefan.event.Acknowledgement;
import com.evefan.event.Event;
import com.evefan.event.EventBatch;
import java.util.ArrayList;
import java.util.List;

/** A batch that is still growing in an aggregator. Not thread-safe: the aggregator locks. */
final class EventBatchBuilder {
    private final List<Event> events = new ArrayList<>();
    private final List<Acknowledgement> acknowledgements = new ArrayList<>();
    private final boolean forQuiet;
    private long bytes;

    /** @param forQuiet whether its destination has nothing to do when its first event comes */
    EventBatchBuilder(boolean forQuiet) {
        this.forQuiet = forQuiet;
    }

    boolean isForQuiet() {
        return forQuiet;
    }

    void add(EventBatch batch) {
        events.addAll(batch.events());
        acknowledgements.addAll(batch.acknowledgements());
        bytes += batch.bytes();
    }

    int size() {
        return events.size();
    }

    long bytes() {
        return bytes;
    }

    EventBatch build() {
        return new EventBatch(events, acknowledgements, bytes);
    }

    @Override
    public String toString() {
        return size() + " events so far";
    }
}
