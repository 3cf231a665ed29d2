package com.evefan.destination.bigquery;

/** What a request for insertAll may run into at {@link BigQueryServer}. */
enum Fault {
    NONE(200, ""),
    INVALID(400, "invalid"),
    UNAUTHORIZED(401, "authError"),
    RATE_LIMITED(403, "rateLimitExceeded"),
    QUOTA(403, "quotaExceeded"),
    DENIED(403, "accessDenied"),
    TOO_MANY(429, "rateLimitExceeded"),
    INTERNAL(500, "internalError"),
    UNAVAILABLE(503, "backendError"),
    /** Every second row fails in the backend, its neighbours are stopped or go in. */
    BACKEND_ROWS(200, ""),
    /** The connection breaks before anything is stored. */
    RESET_BEFORE(0, ""),
    /** The rows are stored, then the connection breaks in the middle of the answer. */
    RESET_AFTER(0, ""),
    /** The rows are stored, the answer comes too late. */
    SLOW(200, "");

    final int status;
    final String reason;

    Fault(int status, String reason) {
        this.status = status;
        this.reason = reason;
    }
}
