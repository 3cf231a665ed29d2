package com.evefan.ingest;

/** A bound of this Evefan is reached; the same request may be taken in a moment. */
public final class OverloadedException extends Exception {
    OverloadedException(String message) {
        super(message);
    }
}
