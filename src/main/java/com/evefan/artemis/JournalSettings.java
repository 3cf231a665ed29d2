package com.evefan.artemis;

import java.nio.file.Path;

/**
 * How much the journal holds, and where.
 *
 * @param directory {@code evefan.journal.directory}: where its files are; belongs to one process at a time
 * @param maxEvents {@code evefan.journal.max-events}: events in flight, past which an append is refused
 * @param maxBytes {@code evefan.journal.max-bytes}: bytes of events in flight, past which an append is refused
 * @param handoverEvents {@code evefan.journal.handover-events}: events handed to the fan-out at once; a request that
 *     has more is handed over whole
 * @param fileBytes {@code evefan.journal.file-bytes}: size of one file; one event may have up to half of it
 * @param minFreeBytes {@code evefan.journal.min-free-bytes}: disk space below which appends are refused, so that
 *     acknowledgements and compaction still have room
 */
public record JournalSettings(
        Path directory, int maxEvents, long maxBytes, int handoverEvents, int fileBytes, long minFreeBytes) {
    /** In memory an event takes about a quarter more than its bytes, and something has to be left for the work. */
    private static final int HEAP_SHARE = 3;

    private static final int SMALLEST_FILE = 64 << 10;
    private static final int LARGEST_FILE = 1 << 30;

    public JournalSettings {
        atLeast("max-events", 1, maxEvents);
        atLeast("max-bytes", 1, maxBytes);
        atLeast("handover-events", 1, handoverEvents);
        atLeast("file-bytes", SMALLEST_FILE, fileBytes);
        if (fileBytes > LARGEST_FILE) {
            throw new IllegalArgumentException(
                    "evefan.journal.file-bytes must be at most " + LARGEST_FILE + ", was " + fileBytes);
        }
        atLeast("min-free-bytes", 0, minFreeBytes);
    }

    /** The defaults, in {@code directory}. */
    public static JournalSettings in(Path directory) {
        return new JournalSettings(directory, 200_000, 256L << 20, 1_000, 16 << 20, 64L << 20);
    }

    /** The most that may be in flight at all, in bytes: events wait in memory too. */
    public static long mostBytes() {
        return Runtime.getRuntime().maxMemory() / HEAP_SHARE;
    }

    /** The size that a record may have, in bytes. */
    int maxRecordBytes() {
        return fileBytes / 2;
    }

    private static void atLeast(String key, long least, long value) {
        if (value < least) {
            throw new IllegalArgumentException(
                    "evefan.journal." + key + " must be at least " + least + ", was " + value);
        }
    }
}
