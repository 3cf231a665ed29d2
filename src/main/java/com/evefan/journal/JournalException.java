package com.evefan.journal;

/** The journal cannot do what was asked. On opening, the message names the directory. */
public class JournalException extends RuntimeException {
    public JournalException(String message) {
        super(message);
    }

    public JournalException(String message, Throwable cause) {
        super(message, cause);
    }
}
