package com.evefan.deduplication;

import java.time.Duration;

/**
 * How long and how many message ids are remembered.
 *
 * @param window zero for not at all
 * @param maxIds ids in memory at most; {@value #BYTES_PER_ID} bytes each, about
 */
public record DeduplicationSettings(Duration window, int maxIds) {
    private static final int BYTES_PER_ID = 32;
    private static final int HEAP_SHARE = 8;

    public DeduplicationSettings {
        if (window.isNegative()) {
            throw new IllegalArgumentException(
                    "evefan.deduplication.window-ms must be at least 0, was " + window.toMillis());
        }
        if (maxIds < 1_000) {
            throw new IllegalArgumentException("evefan.deduplication.max-ids must be at least 1000, was " + maxIds);
        }
    }

    /** The most ids that may be remembered at all: what an eighth of the heap holds. */
    public static int mostIds() {
        return (int) Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / HEAP_SHARE / BYTES_PER_ID);
    }

    boolean isOn() {
        return !window.isZero();
    }
}
