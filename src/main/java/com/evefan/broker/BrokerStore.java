package com.evefan.broker;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.apache.activemq.broker.BrokerService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of the embedded broker's store: journal files ({@code db-1.log} and on), which hold everything, and an index
 * ({@code db.data}), which can be made from them.
 */
final class BrokerStore {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerStore.class);

    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

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

    private final Path directory;

    BrokerStore(Path directory) {
        this.directory = directory;
    }

    /** Starts a broker on what is in the directory. */
    @FunctionalInterface
    interface Starter {
        BrokerService start(boolean damaged) throws Exception;
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
            probe.toFile().delete();
        }
    }

    /**
     * Starts a broker on a store that it does not start on: with a new index, then on what can be read of the journal
     * files, then on an empty store. Nothing is deleted: what was there stands beside, in {@code activemq.damaged-<time>}.
     *
     * @param lost told what is lost, in words
     */
    BrokerService mend(Starter starter, List<String> lost) throws Exception {
        Path aside = Files.createDirectory(
                directory.resolveSibling(directory.getFileName() + ".damaged-" + NAME.format(Instant.now())));
        LOG.warn("What is in {} now is kept in {}", directory, aside);
        for (Path file : files("db*.data", "db*.redo", "db*.free")) {
            Files.move(file, aside.resolve(file.getFileName()));
        }
        try {
            BrokerService broker = starter.start(false);
            LOG.warn("The index of the embedded broker's store was damaged and is made anew; nothing is lost");
            return broker;
        } catch (Exception e) {
            again(e, "with a new index");
        }
        keepJournal(aside);
        deleteIndex();
        try {
            BrokerService broker = starter.start(true);
            lost.add("the embedded broker's store was damaged: messages that could not be read are missing from its"
                    + " queues; the damaged files are in " + aside);
            LOG.error("{}", lost.get(0));
            return broker;
        } catch (Exception e) {
            again(e, "on what can be read");
        }
        deleteIndex();
        for (Path file : files("db-*.log")) {
            Files.delete(file);
        }
        BrokerService broker = starter.start(false);
        lost.add(
                "the embedded broker's store could not be read: its queues begin anew without the dead letters that were"
                        + " in it; the damaged files are in " + aside);
        LOG.error("{}", lost.get(0));
        return broker;
    }

    private void again(Exception failure, String how) throws Exception {
        if (!isDamage(failure)) {
            throw failure;
        }
        LOG.warn("The embedded broker does not start {} either: {}", how, failure.toString());
    }

    /** Links cost no room. The last file is written to further on, so it is copied. */
    private void keepJournal(Path aside) throws IOException {
        List<Path> journal = files("db-*.log");
        for (Path file : journal) {
            Path kept = aside.resolve(file.getFileName());
            if (number(file) == number(journal.get(journal.size() - 1))) {
                Files.copy(file, kept, StandardCopyOption.COPY_ATTRIBUTES);
                continue;
            }
            try {
                Files.createLink(kept, file);
            } catch (UnsupportedOperationException | IOException e) {
                Files.copy(file, kept, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private void deleteIndex() throws IOException {
        for (Path file : files("db*.data", "db*.redo", "db*.free")) {
            Files.delete(file);
        }
    }

    /** Those that match, journal files by their number. */
    private List<Path> files(String... globs) throws IOException {
        List<Path> files = new ArrayList<>();
        for (String glob : globs) {
            try (DirectoryStream<Path> matching = Files.newDirectoryStream(directory, glob)) {
                matching.forEach(files::add);
            }
        }
        Collections.sort(files, java.util.Comparator.comparingLong(BrokerStore::number));
        return files;
    }

    private static long number(Path file) {
        String digits = file.getFileName().toString().replaceAll("\\D", "");
        return digits.isEmpty() ? 0 : Long.parseLong(digits);
    }
}
