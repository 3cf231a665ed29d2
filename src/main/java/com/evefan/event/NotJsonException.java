package com.evefan.event;

import java.io.IOException;

/** Bytes are no JSON (RFC 8259). It says no more: {@link ParseErrors} finds out what a sender has to be told. */
public final class NotJsonException extends IOException {
    private static final long serialVersionUID = 1;

    NotJsonException() {
        super("no JSON");
    }

    /** Tells nothing, and costs most of what an exception costs. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
