package com.evefan.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a umask of 077 would do, which a JVM cannot set: directories of mode 700, files of mode 600. Where there are no such
 * modes, nothing is done.
 */
public final class PrivateFiles {
    private static final Set<PosixFilePermission> OWNERS = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");

    private PrivateFiles() {}

    /** Puts {@code text} into a file, all of it or nothing; nobody else can read it at any moment. */
    public static void write(Path file, String text) throws IOException {
        Path made = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(made);
        create(made, text);
        Files.move(made, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The same, and it stays so when the power fails. */
    public static void writeDurably(Path file, String text) throws IOException {
        write(file, text);
        try (FileChannel directory = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    private static void create(Path file, String text) throws IOException {
        FileAttribute<?>[] attributes = hasModes(file)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(FILE)}
                : new FileAttribute<?>[0];
        try (FileChannel channel =
                FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true); // the name must not outlive a loss of power without what it names
        }
    }

    /** Makes {@code directory} where it is missing, and takes from others what they may do with it. */
    public static void createDirectory(Path directory) throws IOException {
        Files.createDirectories(directory);
        if (hasModes(directory)) {
            close(directory);
        }
    }

    /**
     * Takes from others what they may do with anything below {@code directory}, and with itself. What its owner may do stays
     * as it is; links are not followed.
     *
     * @return what stays open, as it belongs to another user: a volume's root, as a rule, that is ours by its group
     */
    public static List<Path> closeToOthers(Path directory) throws IOException {
        List<Path> open = new ArrayList<>();
        if (!hasModes(directory)) {
            return open;
        }
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path found, BasicFileAttributes attributes) {
                return visitFile(found, attributes);
            }

            @Override
            public FileVisitResult visitFile(Path found, BasicFileAttributes attributes) {
                if (!attributes.isSymbolicLink() && !close(found)) {
                    open.add(found);
                }
                return FileVisitResult.CONTINUE;
            }

            /** Gone meanwhile, or closed to us. */
            @Override
            public FileVisitResult visitFileFailed(Path found, IOException failure) {
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path found, @Nullable IOException failure) {
                return FileVisitResult.CONTINUE;
            }
        });
        return open;
    }

    /** Whether it is closed now, or gone. */
    private static boolean close(Path file) {
        try {
            Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
            permissions.addAll(Files.getPosixFilePermissions(file));
            if (permissions.retainAll(OWNERS)) {
                Files.setPosixFilePermissions(file, permissions);
            }
            return true;
        } catch (NoSuchFileException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean hasModes(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
