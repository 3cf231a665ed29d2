package com.evefan.deduplication;

import java.time.Clock;

/**
 * The keys of the last while: two generations, of which the younger takes new keys until it is as old as the window or
 * full; then the older is forgotten. So a key is remembered for one to two windows, and shorter only where more keys
 * came than there is room for. In many parts, so that threads seldom meet, and so that each takes and gives back little
 * memory at a time. Thread-safe.
 */
final class SeenKeys {
    private static final int PARTS = 256;

    private final Part[] parts = new Part[PARTS];

    SeenKeys(DeduplicationSettings settings, Clock clock) {
        for (int i = 0; i < PARTS; i++) {
            parts[i] = new Part(settings.window().toMillis(), Math.max(1, settings.maxIds() / 2 / PARTS), clock);
        }
    }

    boolean contains(MessageKey key) {
        return part(key).contains(key);
    }

    void add(MessageKey key) {
        part(key).add(key);
    }

    int size() {
        int size = 0;
        for (Part part : parts) {
            size += part.size();
        }
        return size;
    }

    long bytes() {
        long bytes = 0;
        for (Part part : parts) {
            bytes += part.bytes();
        }
        return bytes;
    }

    private Part part(MessageKey key) {
        return parts[(int) (key.high() >>> 56)];
    }

    private static final class Part {
        private final long windowMillis;
        private final int maxKeys;
        private final Clock clock;
        private KeySet younger = new KeySet();
        private KeySet older = new KeySet();
        private long begun;

        Part(long windowMillis, int maxKeys, Clock clock) {
            this.windowMillis = windowMillis;
            this.maxKeys = maxKeys;
            this.clock = clock;
            this.begun = clock.millis();
        }

        synchronized boolean contains(MessageKey key) {
            forgetOld();
            return younger.contains(key) || older.contains(key);
        }

        synchronized void add(MessageKey key) {
            forgetOld();
            if (younger.size() >= maxKeys) {
                turn(clock.millis());
            }
            younger.add(key);
        }

        private void forgetOld() {
            long now = clock.millis();
            long age = now - begun;
            if (age >= windowMillis) {
                turn(now);
                if (age >= 2 * windowMillis) {
                    older = new KeySet();
                }
            }
        }

        private void turn(long now) {
            older = younger;
            younger = new KeySet();
            begun = now;
        }

        synchronized int size() {
            return younger.size() + older.size();
        }

        synchronized long bytes() {
            return younger.bytes() + older.bytes();
        }
    }
}
