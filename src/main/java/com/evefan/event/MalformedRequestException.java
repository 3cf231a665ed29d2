package com.evefan.event;

/** A request body of which nothing can be trusted: no JSON object. The message is fit for the sender. */
public final class MalformedRequestException extends Exception {
    public MalformedRequestException(String message) {
        super(message);
    }
}
