package com.evefan.ingest;

/** The source sends more than its rate limit. */
public final class RateLimitedException extends Exception {
    private final int seconds;

    RateLimitedException(String source, int limit, int seconds) {
        super("source " + source + " may send " + limit + " events a second; try again in " + seconds + " s");
        this.seconds = seconds;
    }

    /** After which time to try again. */
    int seconds() {
        return seconds;
    }
}
