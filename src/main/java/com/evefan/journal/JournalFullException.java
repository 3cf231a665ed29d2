package com.evefan.journal;

/** So much is in flight already that nothing was appended; there is room again once destinations acknowledge. */
public final class JournalFullException extends JournalException {
    public JournalFullException(String message) {
        super(message);
    }
}
