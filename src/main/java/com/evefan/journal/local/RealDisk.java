package com.evefan.journal.local;

import com.evefan.journal.JournalException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory that this process has for itself, as long as it is open; the system frees it when the process ends, however
 * it ends. Only its owner may read it.
 */
final class RealDisk implements Disk {
    private static final Logger LOG = LoggerFactory.getLogger(RealDisk.class);
    private static final String LOCK = "lock";
    private static final Set<OpenOption> CREATE = Set.of(
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    private static final Set<OpenOption> OPEN = Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);

    private final Path directory;
    private final FileChannel lock;
    private final FileStore store;

    private RealDisk(Path directory, FileChannel lock) throws IOException {
        this.directory = directory;
        this.lock = lock;
        this.store = Files.getFileStore(directory);
    }

    /**
     * Opens a directory, which is made when it is missing.
     *
     * @throws JournalException when it cannot be made or another process or journal has it
     */
    static RealDisk open(Path directory) {
        FileChannel lock = null;
        try {
            makeDirectory(directory.toAbsolutePath());
            closeToOthers(directory);
            lock = FileChannel.open(directory.resolve(LOCK), CREATE, ownersOnly(directory, "rw-------"));
            if (tryLock(lock) != null) {
                return new RealDisk(directory, lock);
            }
        } catch (IOException e) {
            closeQuietly(lock);
            throw new JournalException("journal directory " + directory + " cannot be used: " + e, e);
        }
        closeQuietly(lock);
        throw new JournalException("journal directory " + directory + " is in use by another journal or process");
    }

    private static void makeDirectory(Path directory) throws IOException {
        Path parent = directory.getParent();
        if (Files.isDirectory(directory) || parent == null) {
            return;
        }
        makeDirectory(parent);
        Files.createDirectory(directory, ownersOnly(parent, "rwx------"));
        syncDirectory(parent);
    }

    /** One that an older Evefan made is open to others. */
    private static void closeToOthers(Path directory) {
        try {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        } catch (IOException | UnsupportedOperationException e) {
            LOG.debug("{} stays as it is", directory, e);
        }
    }

    private static FileAttribute<?>[] ownersOnly(Path path, String permissions) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException heldByThisProcess) {
            return null;
        }
    }

    private static void closeQuietly(@Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // what matters has been synced
        }
    }

    private static void syncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals(LOCK))
                    .sorted()
                    .toList();
        }
    }

    @Override
    public DiskFile create(String name) throws IOException {
        Path path = directory.resolve(name);
        return new RealFile(path, FileChannel.open(path, CREATE, ownersOnly(path, "rw-------")));
    }

    @Override
    public DiskFile open(String name) throws IOException {
        Path path = directory.resolve(name);
        return new RealFile(path, FileChannel.open(path, OPEN));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(
                directory.resolve(from),
                directory.resolve(to),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(directory.resolve(name));
    }

    @Override
    public void sync() throws IOException {
        syncDirectory(directory);
    }

    @Override
    public long free() throws IOException {
        return store.getUsableSpace();
    }

    @Override
    public void close() {
        closeQuietly(lock);
    }

    @Override
    public String toString() {
        return directory.toString();
    }

    private static final class RealFile implements DiskFile {
        private final Path path;
        private FileChannel channel;

        RealFile(Path path, FileChannel channel) {
            this.path = path;
            this.channel = channel;
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public int read(ByteBuffer into, long position) throws IOException {
            int before = into.position();
            boolean interrupted = false;
            try {
                while (into.hasRemaining()) {
                    try {
                        if (channel.read(into, position + into.position() - before) < 0) {
                            break;
                        }
                    } catch (ClosedByInterruptException e) { // Java closes the file of an interrupted thread
                        interrupted |= Thread.interrupted();
                        channel = FileChannel.open(path, OPEN);
                    }
                }
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
            return into.position() - before;
        }

        @Override
        public void write(ByteBuffer from, long position) throws IOException {
            long at = position;
            while (from.hasRemaining()) {
                at += channel.write(from, at); // may write less than asked for on a full disk; the next one then fails
            }
        }

        @Override
        public void truncate(long size) throws IOException {
            channel.truncate(size);
        }

        @Override
        public void sync() throws IOException {
            channel.force(false);
        }

        @Override
        public void close() {
            closeQuietly(channel);
        }
    }
}
