package com.evefan.admin;

/** The caller is not the administrator. */
public final class ForbiddenException extends Exception {
    public ForbiddenException(String message) {
        super(message);
    }
}
