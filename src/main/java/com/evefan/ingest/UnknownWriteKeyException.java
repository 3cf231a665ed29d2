package com.evefan.ingest;

/** A path names a write key that is none. */
public final class UnknownWriteKeyException extends Exception {
    UnknownWriteKeyException() {
        super("the write key in the path is not one of an enabled source");
    }
}
