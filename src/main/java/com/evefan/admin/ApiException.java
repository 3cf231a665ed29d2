package com.evefan.admin;

/** A request of the operator that cannot be done; its message is the answer. */
public final class ApiException extends Exception {
    private final int status;

    /**
     * @param status of the answer: 400, 404 where what it names does not exist, 409 where something else is at work
     */
    public ApiException(int status, String message) {
        super(message);
        this.status = status;
    }

    public int status() {
        return status;
    }
}
