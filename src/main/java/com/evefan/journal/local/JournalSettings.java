package com.evefan.journal.local;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How the journal works.
 *
 * @param directory where its files are; it is made when it is missing
 * @param retention how long events are kept that every destination has passed; less when {@code maxBytes} or {@code
 *     minFreeBytes} ask for room
 * @param maxBytes size of the undelivered events, as accepted, from which nothing is taken any more; also what the journal
 *     may take on disk in all, as long as there are delivered events to delete
 * @param minFreeBytes free space on the disk below which nothing is taken
 * @param segmentBytes size of one file; one event may take half of it
 * @param handoverEvents most events of one hand-over
 */
public record JournalSettings(
        Path directory, Duration retention, long maxBytes, long minFreeBytes, int segmentBytes, int handoverEvents) {
    private static final String PREFIX = "evefan.journal.";
    private static final int SMALLEST_SEGMENT = 64 << 10;
    private static final int LARGEST_SEGMENT = 1 << 30;
    private static final int MOST_EVENTS = 100_000;

    public JournalSettings {
        check("retention-ms", retention.toMillis(), 0, Long.MAX_VALUE);
        check("max-bytes", maxBytes, 1, Long.MAX_VALUE);
        check("min-free-bytes", minFreeBytes, 0, Long.MAX_VALUE);
        check("segment-bytes", segmentBytes, SMALLEST_SEGMENT, LARGEST_SEGMENT);
        check("handover-events", handoverEvents, 1, MOST_EVENTS);
    }

    /** The defaults. */
    public static JournalSettings in(Path directory) {
        return new JournalSettings(directory, Duration.ofDays(1), 10L << 30, 64 << 20, 16 << 20, 1_000);
    }

    /** The size up to which an event is taken, in bytes as accepted. */
    int maxEventBytes() {
        return segmentBytes / 2;
    }

    private static void check(String key, long value, long least, long most) {
        if (value < least) {
            throw new IllegalArgumentException(PREFIX + key + " must be at least " + least + ", was " + value);
        }
        if (value > most) {
            throw new IllegalArgumentException(PREFIX + key + " must be at most " + most + ", was " + value);
        }
    }
}
