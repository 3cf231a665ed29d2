package com.evefan.destination.bigquery;

import java.time.Duration;

/** Waiting, so that tests need not. */
@FunctionalInterface
interface Pause {
    void of(Duration duration) throws InterruptedException;

    /** Really waits. */
    static Pause real() {
        return duration -> java.util.concurrent.TimeUnit.NANOSECONDS.sleep(duration.toNanos());
    }
}
