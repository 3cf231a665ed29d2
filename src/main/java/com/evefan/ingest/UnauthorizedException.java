package com.evefan.ingest;

/** The request names no source's write key. */
public final class UnauthorizedException extends Exception {
    public UnauthorizedException(String message) {
        super(message);
    }
}
