package com.evefan.deduplication;

import java.time.Duration;

/**
 * How long and how many message ids are remembered.
 *
 * @param window zero for not at all
 * @param maxIds ids in memory at most; 32 bytes each, about
 */
public record DeduplicationSettings(Duration window, int maxIds) {
    public DeduplicationSettings {
        if (window.isNegative()) {
            throw new IllegalArgumentException(
                    "evefan.deduplication.window-ms must be at least 0, was " + window.toMillis());
        }
        if (maxIds < 1_000) {
            throw new IllegalArgumentException("evefan.deduplication.max-ids must be at least 1000, was " + maxIds);
        }
    }

    boolean isOn() {
        return !window.isZero();
    }
}
