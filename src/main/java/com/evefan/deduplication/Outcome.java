package com.evefan.deduplication;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** How a request's events ended, for those who wait to know. */
final class Outcome {
    private static final long PATIENCE_SECONDS = 30;

    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean kept;

    void end(boolean durable) {
        kept = durable;
        ended.countDown();
    }

    /** Whether the events are durable; false too where that takes too long to tell. */
    boolean await() {
        try {
            return ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS) && kept;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
