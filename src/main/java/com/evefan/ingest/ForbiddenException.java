package com.evefan.ingest;

/** The source does not take events from where the request comes from. */
public final class ForbiddenException extends Exception {
    ForbiddenException(String message) {
        super(message);
    }
}
