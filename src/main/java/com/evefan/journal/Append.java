package com.evefan.journal;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One sender's records on their way to the disk.
 *
 * @param done how it ended; completed by the writer's thread, which has other things to do than what hangs on it
 * @see GroupCommit
 */
record Append(List<PendingRecord> records, CompletableFuture<Void> done) {
    Append(List<PendingRecord> records) {
        this(records, new CompletableFuture<>());
    }

    /** Size of the events as accepted. */
    long bytes() {
        long bytes = 0;
        for (PendingRecord record : records) {
            bytes += record.bytes();
        }
        return bytes;
    }

    void succeeded() {
        done.complete(null);
    }

    void failed(JournalException reason) {
        done.completeExceptionally(new JournalUnavailableException(String.valueOf(reason.getMessage()), reason));
    }
}
