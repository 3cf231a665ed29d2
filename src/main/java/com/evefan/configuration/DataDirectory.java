package com.evefan.configuration;

import com.evefan.files.PrivateFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The data directory, held by this process alone. */
public final class DataDirectory implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DataDirectory.class);
    private static final long SWEEP_SECONDS = 5;

    private final FileChannel channel;
    private final ScheduledExecutorService sweeper = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "data-directory");
        thread.setDaemon(true);
        return thread;
    });

    /** Libraries make files as the umask says, which a JVM cannot set; nobody gets to them through a closed directory. */
    private DataDirectory(Path directory, FileChannel channel) {
        this.channel = channel;
        sweeper.scheduleWithFixedDelay(() -> close(directory), SWEEP_SECONDS, SWEEP_SECONDS, TimeUnit.SECONDS);
    }

    private static void close(Path directory) {
        try {
            PrivateFiles.closeToOthers(directory);
        } catch (IOException e) {
            LOG.warn("Files in {} may be readable for others: {}", directory, e.toString());
        }
    }

    /**
     * Makes the directory if it is missing, closes it and all that is in it to other users, and takes it for this process.
     *
     * @throws ConfigurationException when it cannot be written to or belongs to another process
     */
    public static DataDirectory open(Path directory) throws ConfigurationException {
        try {
            PrivateFiles.createDirectory(directory);
            List<Path> open = PrivateFiles.closeToOthers(directory);
            if (!open.isEmpty()) {
                LOG.warn(
                        "{} in the data directory are another user's, and may be readable for others: {}",
                        open.size(),
                        open.get(0));
            }
            FileChannel channel = FileChannel.open(
                    directory.resolve("evefan.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (lock(channel) == null) {
                channel.close();
                throw new ConfigurationException(
                        List.of("evefan.data.directory: " + directory + " is in use by another Evefan"));
            }
            return new DataDirectory(directory, channel);
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
        sweeper.shutdownNow();
        channel.close();
    }
}
