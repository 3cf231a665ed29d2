package com.evefan.artemis;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Watches the disk that the journal is on; asks the system at most every {@value #EVERY_MILLIS} ms. */
final class DiskSpace {
    private static final long EVERY_MILLIS = 10;

    private final FileStore disk;
    private final long minFreeBytes;
    private long askedAt;
    private @Nullable String shortage;

    DiskSpace(Path directory, long minFreeBytes) throws IOException {
        this.disk = Files.getFileStore(directory);
        this.minFreeBytes = minFreeBytes;
        this.askedAt = System.nanoTime() - EVERY_MILLIS * 1_000_000;
    }

    /** What is short; null when there is enough. */
    @Nullable
    String shortage() {
        long now = System.nanoTime();
        if (now - askedAt >= EVERY_MILLIS * 1_000_000) {
            askedAt = now;
            shortage = ask();
        }
        return shortage;
    }

    private @Nullable String ask() {
        try {
            long free = disk.getUsableSpace();
            return free >= minFreeBytes
                    ? null
                    : "the disk has " + free + " bytes left, evefan.journal.min-free-bytes is " + minFreeBytes;
        } catch (IOException e) {
            return "the disk cannot be asked for its free space: " + e.getMessage();
        }
    }
}
