package com.evefan.journal;

/** There is no room, so nothing was appended; there is again once destinations have taken what is undelivered, or the disk
 * has more. */
public final class JournalFullException extends JournalException {
    public JournalFullException(String message) {
        super(message);
    }
}
