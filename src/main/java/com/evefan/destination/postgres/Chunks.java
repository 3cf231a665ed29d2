package com.evefan.destination.postgres;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** Chunks that wait to be used again, so that batches do not fill the heap one after the other. Thread-safe. */
final class Chunks {
    /** 8 MB, a few large batches; more are left to the collector. */
    private static final int KEPT = 128;

    private final BlockingQueue<Chunk> free = new ArrayBlockingQueue<>(KEPT);

    /** An empty chunk. */
    Chunk take() {
        Chunk chunk = free.poll();
        return chunk == null ? new Chunk() : chunk;
    }

    /** Nobody uses {@code chunk} any more. */
    void giveBack(Chunk chunk) {
        chunk.clear();
        free.offer(chunk);
    }
}
