package com.evefan.journal;

import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One sender's records on their way to the disk. The sender waits; the writer says how it went.
 *
 * @see GroupCommit
 */
final class Append {
    private final List<PendingRecord> records;
    private final List<byte[]> bodies;
    private final Thread sender = Thread.currentThread();
    private @Nullable JournalException failure;
    private volatile boolean done;

    Append(List<PendingRecord> records, List<byte[]> bodies) {
        this.records = records;
        this.bodies = bodies;
    }

    List<PendingRecord> records() {
        return records;
    }

    List<byte[]> bodies() {
        return bodies;
    }

    void succeeded() {
        done = true;
        LockSupport.unpark(sender);
    }

    void failed(JournalException reason) {
        failure = reason;
        succeeded();
    }

    /** Returns when the records are on disk. Interrupts wait too: what was not awaited could not be answered. */
    void await() {
        boolean interrupted = false;
        while (!done) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (failure != null) {
            throw new JournalUnavailableException(String.valueOf(failure.getMessage()), failure);
        }
    }
}
