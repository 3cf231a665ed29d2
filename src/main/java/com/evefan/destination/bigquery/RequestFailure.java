package com.evefan.destination.bigquery;

/** A request failed as a whole; thrown within this package only. */
final class RequestFailure extends Exception {
    private final transient Failure failure;

    RequestFailure(Failure failure) {
        super(failure.message(), failure.cause());
        this.failure = failure;
    }

    Failure failure() {
        return failure;
    }
}
