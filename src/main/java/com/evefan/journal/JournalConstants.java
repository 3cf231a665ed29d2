package com.evefan.journal;

/** Names that routes use. */
public final class JournalConstants {
    /** Exchange property of a hand-over: the names of the destinations that owe its events, a {@code Set<String>}. */
    public static final String DESTINATIONS = "EvefanJournalDestinations";

    private JournalConstants() {}
}
