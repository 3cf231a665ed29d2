package com.evefan.configuration;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The data directory, held by this process alone. */
public final class DataDirectory implements AutoCloseable {
    private final FileChannel channel;

    private DataDirectory(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Makes the directory if it is missing and takes it for this process.
     *
     * @throws ConfigurationException when it cannot be written to or belongs to another process
     */
    public static DataDirectory open(Path directory) throws ConfigurationException {
        try {
            Files.createDirectories(directory);
            FileChannel channel = FileChannel.open(
                    directory.resolve("evefan.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (lock(channel) == null) {
                channel.close();
                throw new ConfigurationException(
                        List.of("evefan.data.directory: " + directory + " is in use by another Evefan"));
            }
            return new DataDirectory(channel);
        } catch (IOException e) {
            throw new ConfigurationException(List.of("evefan.data.directory: cannot write to " + directory + ": "
                    + e.getClass().getSimpleName()));
        }
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // another Evefan in this process
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
