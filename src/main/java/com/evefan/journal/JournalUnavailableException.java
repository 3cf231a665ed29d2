package com.evefan.journal;

/** The events are not on disk for certain: the disk is full or fails, or the journal is closed. Send them again. */
public final class JournalUnavailableException extends JournalException {
    public JournalUnavailableException(String message) {
        super(message);
    }

    public JournalUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
