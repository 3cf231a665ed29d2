package com.evefan.journal;

import java.time.Instant;

/** Where a new place stands. */
public sealed interface Start {
    /** Behind everything accepted so far. */
    Start END = new End();

    /** Before everything that is still kept. */
    Start EARLIEST = new Since(Instant.EPOCH);

    /** Behind everything accepted so far. */
    record End() implements Start {}

    /** Before the first kept event that was received at {@code time} or later. */
    record Since(Instant time) implements Start {}
}
