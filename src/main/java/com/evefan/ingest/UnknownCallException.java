package com.evefan.ingest;

/** The path names none of the calls. */
public final class UnknownCallException extends Exception {
    public UnknownCallException(String call) {
        super("there is no /v1/" + call + "; expected track, identify, page, screen, group, alias, batch or import");
    }
}
