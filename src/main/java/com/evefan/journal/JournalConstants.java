package com.evefan.journal;

/** Names that routes use. */
public final class JournalConstants {
    /** Exchange property of a hand-over: the names of the destinations that get it, a {@code Set<String>}. */
    public static final String DESTINATIONS = "EvefanJournalDestinations";

    /**
     * Exchange property of an append: the {@link java.util.concurrent.Executor} on which its exchange goes on when its
     * events are on disk; best one object for a thread, which is then woken once for many. Without one the thread that
     * appends waits.
     */
    public static final String RESUME_ON = "EvefanJournalResumeOn";

    private JournalConstants() {}
}
