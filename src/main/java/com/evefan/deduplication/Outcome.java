package com.evefan.deduplication;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** How a request's events ended, for those who wait to know. */
final class Outcome {
    private static final long PATIENCE_SECONDS = 30;

    private final CompletableFuture<Boolean> durable = new CompletableFuture<>();

    void end(boolean kept) {
        durable.complete(kept);
    }

    /** Whether the events are durable; false too where that takes too long to tell. */
    CompletionStage<Boolean> durable() {
        return durable.copy().completeOnTimeout(false, PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
}
