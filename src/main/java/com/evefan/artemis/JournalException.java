package com.evefan.artemis;

/** The journal cannot do what was asked. On opening, the message names the directory. */
public class JournalException extends RuntimeException {
    JournalException(String message) {
        super(message);
    }

    JournalException(String message, Throwable cause) {
        super(message, cause);
    }
}
