package com.evefan.admin;

/** The request asks for something that there is not. */
public final class BadRequestException extends Exception {
    private final int status;

    /**
     * @param status 400, or 404 where what it names does not exist
     */
    public BadRequestException(int status, String message) {
        super(message);
        this.status = status;
    }

    public int status() {
        return status;
    }
}
