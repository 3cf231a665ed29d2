package com.evefan.artemis;

import com.evefan.event.EventBatch;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * One sender's events on their way to the disk.
 *
 * @param destinations who has to acknowledge them
 * @param settledOn the sender's thread: what hangs on {@code done} runs there, as the thread that writes has other
 *     things to do
 * @param done how it ended
 * @see GroupCommit
 */
record Append(EventBatch batch, Destinations destinations, Executor settledOn, CompletableFuture<Void> done) {
    Append(EventBatch batch, Destinations destinations, Executor settledOn) {
        this(batch, destinations, settledOn, new CompletableFuture<>());
    }

    void succeeded() {
        done.complete(null);
    }

    void failed(JournalException reason) {
        done.completeExceptionally(new JournalUnavailableException(String.valueOf(reason.getMessage()), reason));
    }
}
