package com.evefan.broker;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.zip.Adler32;
import org.apache.activemq.store.kahadb.disk.journal.DataFile;
import org.apache.activemq.store.kahadb.disk.journal.Journal;
import org.apache.activemq.store.kahadb.disk.util.Sequence;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of the embedded broker's store: journal files ({@code db-1.log} and on), which hold everything, and an index
 * ({@code db.data}), which can be made from them. Of what is damaged, and before anything is begun anew, a copy is kept
 * beside the store in {@code activemq.damaged-<time>}.
 */
final class BrokerStore {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerStore.class);

    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    /** Damage that was told already: a line for each place. */
    private static final String KNOWN = "damage.known";

    private static final int PROBE_BYTES = 64 << 10;

    /** Twice a journal file. */
    private static final long ROOM = 64L << 20;

    private static final List<String> SURROUNDINGS = List.of(
            "no space left",
            "quota",
            "too many open files",
            "cannot allocate memory",
            "permission denied",
            "read-only file system",
            "could not be locked");

    private static final int MOST_BATCH_BYTES = 1 << 30;
    private static final int ZEROS = 16;

    private final Path directory;

    BrokerStore(Path directory) {
        this.directory = directory;
    }

    /**
     * Whether {@code failure} is the store's and not its surroundings': a full disk, a quota and the like damage nothing,
     * and are no reason to give up anything.
     */
    boolean isDamage(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
            if (cause instanceof FileSystemException || SURROUNDINGS.stream().anyMatch(message::contains)) {
                return false;
            }
        }
        return isWritable();
    }

    private boolean isWritable() {
        Path probe = directory.resolve("probe");
        try {
            Files.write(probe, new byte[PROBE_BYTES], StandardOpenOption.CREATE, StandardOpenOption.SYNC);
            return Files.getFileStore(directory).getUsableSpace() >= ROOM;
        } catch (IOException e) {
            return false;
        } finally {
            var unused = probe.toFile().delete();
        }
    }

    /** Takes the index away: the broker makes a new one. */
    void setIndexAside() throws IOException {
        moveAside(files("db*.data", "db*.redo", "db*.free"));
    }

    /** Takes everything away. Returns where it is. */
    Path setAllAside() throws IOException {
        return moveAside(files("db*.data", "db*.redo", "db*.free", "db-*.log", KNOWN));
    }

    private Path moveAside(List<Path> files) throws IOException {
        Path aside = aside();
        for (Path file : files) {
            Files.move(file, aside.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        }
        return aside;
    }

    private Path aside() throws IOException {
        return Files.createDirectories(
                directory.resolveSibling(directory.getFileName() + ".damaged-" + NAME.format(Instant.now())));
    }

    /**
     * Before the broker starts: it ends the journal before a last write that is not whole, and writes over it.
     *
     * @return what cannot be read there, in words; empty when all can
     */
    List<String> tornEnd() throws IOException {
        List<Path> journal = files("db-*.log");
        if (journal.isEmpty()) {
            return List.of();
        }
        Path last = journal.get(journal.size() - 1);
        long torn = tornAt(last);
        return torn < 0 ? List.of() : tell(last, last.getFileName() + " from byte " + torn + " to its end", false);
    }

    /**
     * Where something begins that cannot be read and that no other write follows; -1 where there is none. A write that
     * broke off, as on a full disk, ends in the zeros that were there before: nobody was told that it succeeded.
     */
    private static long tornAt(Path file) throws IOException {
        byte[] header = Journal.BATCH_CONTROL_RECORD_HEADER;
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            long position = 0;
            while (isHeader(in, position, header)) {
                in.seek(position + header.length);
                int size = in.readInt();
                long checksum = in.readLong();
                long next = position + Journal.BATCH_CONTROL_RECORD_SIZE + size;
                if (size < 0 || size > MOST_BATCH_BYTES || next > in.length()) {
                    return position;
                }
                byte[] content = new byte[size];
                in.readFully(content);
                Adler32 adler = new Adler32();
                adler.update(content);
                // One that others follow is found by the broker itself.
                if (checksum != 0 && adler.getValue() != checksum && !isHeader(in, next, header)) {
                    return isZero(content, Math.max(0, size - ZEROS)) ? -1 : position;
                }
                position = next;
            }
            in.seek(Math.min(position, in.length()));
            byte[] end = new byte[(int) Math.min(ZEROS, in.length() - position)];
            in.readFully(end);
            return isZero(end, 0) || startsWith(end, Journal.EOF_RECORD) ? -1 : position;
        } catch (EOFException e) {
            return -1;
        }
    }

    private static boolean startsWith(byte[] bytes, byte[] start) {
        return bytes.length >= start.length && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
    }

    private static boolean isZero(byte[] bytes, int from) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isHeader(RandomAccessFile in, long position, byte[] header) throws IOException {
        if (position + header.length > in.length()) {
            return false;
        }
        byte[] found = new byte[header.length];
        in.seek(position);
        in.readFully(found);
        return Arrays.equals(found, header);
    }

    /**
     * What the broker could not read when it opened {@code journal}, in words; empty when there is nothing that was not
     * told before.
     */
    List<String> damage(Journal journal) throws IOException {
        List<String> all = new ArrayList<>();
        for (DataFile file : journal.getFileMap().values()) {
            for (Sequence block = file.getCorruptedBlocks().getHead(); block != null; block = block.getNext()) {
                all.addAll(tell(
                        file.getFile().toPath(),
                        file.getFile().getName() + " bytes " + block.getFirst() + " to " + block.getLast(),
                        true));
            }
        }
        return all;
    }

    /** Keeps the damaged file, unless that was done before. */
    private List<String> tell(Path file, String place, boolean stays) throws IOException {
        Path known = directory.resolve(KNOWN);
        if (stays && Files.exists(known) && Files.readAllLines(known).contains(place)) {
            return List.of();
        }
        Path kept = aside().resolve(file.getFileName());
        try {
            Files.copy(file, kept, StandardCopyOption.COPY_ATTRIBUTES);
        } catch (FileAlreadyExistsException e) {
            LOG.debug("{} is kept already", kept);
        }
        if (stays) {
            Files.writeString(
                    known, place + "\n", StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
        return List.of(place + " cannot be read, and dead letters in it are missing; kept as " + kept);
    }

    /** Those that match, journal files by their number. */
    private List<Path> files(String... globs) throws IOException {
        List<Path> files = new ArrayList<>();
        for (String glob : globs) {
            try (DirectoryStream<Path> matching = Files.newDirectoryStream(directory, glob)) {
                matching.forEach(files::add);
            }
        }
        files.sort(Comparator.comparingLong(BrokerStore::number));
        return files;
    }

    private static long number(Path file) {
        String digits = file.getFileName().toString().replaceAll("\\D", "");
        return digits.isEmpty() || digits.length() > 18 ? 0 : Long.parseLong(digits);
    }
}
