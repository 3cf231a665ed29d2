package com.evefan.artemis;

/** The events are not on disk for certain: the disk is full or fails, or the journal is closed. Send them again. */
public final class JournalUnavailableException extends JournalException {
    JournalUnavailableException(String message) {
        super(message);
    }

    JournalUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
