package com.evefan.journal;

/** Hears how long senders wait for the journal. At most one in Camel's registry; called by many threads. */
@FunctionalInterface
public interface AppendObserver {
    /** A request's events were on disk {@code nanos} nanoseconds after they were handed in. */
    void appended(long nanos);
}
