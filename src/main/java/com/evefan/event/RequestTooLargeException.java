package com.evefan.event;

/** A request over a limit. The message names the limit and is fit for the sender. */
public final class RequestTooLargeException extends Exception {
    public RequestTooLargeException(String message) {
        super(message);
    }

    static RequestTooLargeException ofEvents(int max) {
        return new RequestTooLargeException("batch has more than the " + max + " events a request may have");
    }
}
