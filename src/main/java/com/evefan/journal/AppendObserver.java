package com.evefan.journal;

import com.evefan.event.EventBatch;

/** Hears how long senders wait for the journal. At most one in Camel's registry; called by many threads. */
@FunctionalInterface
public interface AppendObserver {
    /** The events of {@code batch} were on disk {@code nanos} nanoseconds after they were handed in. */
    void appended(EventBatch batch, long nanos);
}
