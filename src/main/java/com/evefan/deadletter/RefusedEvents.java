package com.evefan.deadletter;

import com.evefan.event.Invalid;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events that ingestion refused, kept for whoever has to mend their sender: envelopes as lines of JSON in files of their
 * own, not in the broker, so that garbage takes no room from dead letters. Bounded in bytes and in age; the oldest go
 * first. Their senders know that they were refused, so nothing is synced. On their way into the files they are in memory,
 * bounded as well. Bound as {@code refusedEvents}. Thread-safe.
 */
public final class RefusedEvents implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RefusedEvents.class);
    private static final long MOST_WAITING = 10_000;
    private static final long MOST_WAITING_BYTES = 16L << 20;

    /** The oldest file goes as a whole. */
    private static final int FILES = 16;

    private static final String PREFIX = "refused-";
    private static final String SUFFIX = ".jsonl";

    private final Path directory;
    private final Settings settings;
    private final Clock clock;
    private final Deque<Part> parts = new ArrayDeque<>();
    private @Nullable OutputStream out;
    private long next;
    private long bytes;
    private long events;
    private long waiting;
    private long waitingBytes;
    private long lost;
    private long dropped;
    private boolean losing;
    private volatile BiConsumer<List<Invalid>, Invalid.@Nullable Sender> observer = (refused, sender) -> {};

    private RefusedEvents(Path directory, Settings settings, Clock clock) {
        this.directory = directory;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * What is kept of refused events.
     *
     * @param maxBytes on disk
     * @param retention older ones go
     */
    public record Settings(long maxBytes, Duration retention) {}

    /**
     * How many there are.
     *
     * @param kept that can be shown
     * @param bytes what these take on disk
     * @param waiting on their way to the disk
     * @param lost not kept since the start: too many at once, or the disk did not take them
     * @param dropped kept and gone since the start, to make room or for their age
     */
    public record Status(long kept, long bytes, long waiting, long lost, long dropped) {}

    private static final class Part {
        private final Path path;
        private final Instant first;
        private Instant last;
        private long bytes;
        private long events;

        Part(Path path, Instant first, Instant last) {
            this.path = path;
            this.first = first;
            this.last = last;
        }
    }

    /** What was kept before; files that cannot be read are passed over. */
    public static RefusedEvents open(Path directory, Settings settings, Clock clock) {
        RefusedEvents refused = new RefusedEvents(directory, settings, clock);
        try {
            if (Files.isDirectory(directory)) {
                refused.find();
            }
        } catch (IOException e) {
            LOG.warn("What is kept of refused events in {} cannot be read: {}", directory, e.toString());
        }
        return refused;
    }

    private synchronized void find() throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, PREFIX + "*" + SUFFIX)) {
            found.forEach(files::add);
        }
        files.sort(Comparator.comparingLong(RefusedEvents::number));
        for (Path path : files) {
            Instant last = Files.getLastModifiedTime(path).toInstant();
            Part part = new Part(path, last, last);
            part.bytes = Files.size(path);
            try (Lines lines = new Lines(List.of(path))) {
                while (lines.nextLine() != null) {
                    part.events++;
                }
            }
            parts.add(part);
            bytes += part.bytes;
            events += part.events;
            next = Math.max(next, number(path) + 1);
        }
    }

    private static long number(Path path) {
        String digits = path.getFileName().toString().replaceAll("\\D", "");
        return digits.isEmpty() || digits.length() > 18 ? 0 : Long.parseLong(digits);
    }

    /** Whether there is room for them in memory. */
    public synchronized boolean take(@ExchangeProperty(Invalid.PROPERTY) List<Invalid> refused) {
        long more = bytes(refused);
        if (waiting + refused.size() > MOST_WAITING || waitingBytes + more > MOST_WAITING_BYTES) {
            lose(refused.size(), "they come faster than they can be written");
            return false;
        }
        waiting += refused.size();
        waitingBytes += more;
        return true;
    }

    /** Tells {@code hears} of all that is kept from now on; it has to be quick. */
    public void observe(BiConsumer<List<Invalid>, Invalid.@Nullable Sender> hears) {
        observer = hears;
    }

    /** Writes them; those that the disk does not take are counted. */
    public synchronized void keep(
            @ExchangeProperty(Invalid.PROPERTY) List<Invalid> refused,
            @ExchangeProperty(Invalid.SENDER) Invalid.@Nullable Sender sender) {
        waiting -= refused.size();
        waitingBytes -= bytes(refused);
        observer.accept(refused, sender);
        int left = refused.size();
        try {
            for (Invalid invalid : refused) {
                append(Envelope.refused(invalid, sender, clock.instant()).toJson());
                left--;
            }
            flush();
            losing = false;
        } catch (IOException e) {
            lose(left, e.toString());
        }
    }

    /** Takes over envelopes that were kept elsewhere. */
    synchronized void adopt(List<DeadLetter> letters) throws IOException {
        for (DeadLetter letter : letters) {
            append(letter.text());
        }
        flush();
    }

    private void lose(int count, String why) {
        lost += count;
        if (!losing) {
            losing = true;
            LOG.warn("Refused events are not kept at the moment: {}", why);
        }
    }

    private void append(String line) throws IOException {
        byte[] text = line.getBytes(StandardCharsets.UTF_8);
        Instant now = clock.instant();
        Part part = part(text.length + 1, now);
        OutputStream to = out;
        if (to == null) {
            throw new IOException("closed");
        }
        try {
            to.write(text);
            to.write('\n');
        } catch (IOException e) {
            closePart();
            throw e;
        }
        part.bytes += text.length + 1;
        part.events++;
        part.last = now;
        bytes += text.length + 1;
        events++;
        makeRoom();
    }

    /** The file that is written to: a new one when the last is large enough, or spans too much time. */
    private Part part(int more, Instant now) throws IOException {
        Part last = parts.peekLast();
        if (out == null
                || last == null
                || last.bytes + more > settings.maxBytes() / FILES
                || last.first.plus(settings.retention().dividedBy(FILES)).isBefore(now)) {
            closePart();
            Path path = directory.resolve(PREFIX + next++ + SUFFIX);
            Files.createDirectories(directory);
            out = new java.io.BufferedOutputStream(
                    Files.newOutputStream(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
            last = new Part(path, now, now);
            parts.add(last);
        }
        return last;
    }

    private void flush() throws IOException {
        OutputStream to = out;
        if (to != null) {
            try {
                to.flush();
            } catch (IOException e) {
                closePart();
                throw e;
            }
        }
    }

    private void closePart() {
        try (OutputStream last = out) {
            out = null;
        } catch (IOException e) {
            LOG.debug("What was written of refused events is not whole", e);
        }
    }

    /** The oldest go: those that are too old, and those that are too much. */
    synchronized void makeRoom() {
        Instant oldest = clock.instant().minus(settings.retention());
        Part first = parts.peekFirst();
        while (first != null && (bytes > settings.maxBytes() || first.last.isBefore(oldest))) {
            if (parts.size() == 1) {
                closePart();
            }
            drop(parts.removeFirst());
            first = parts.peekFirst();
        }
    }

    private void drop(Part part) {
        bytes -= part.bytes;
        events -= part.events;
        dropped += part.events;
        try {
            Files.deleteIfExists(part.path);
        } catch (IOException e) {
            LOG.warn("{} cannot be deleted: {}", part.path, e.toString());
        }
    }

    /** Deletes those that match; returns how many. */
    synchronized long delete(Filter filter) throws IOException {
        flush();
        closePart();
        long before = events;
        for (Part part : List.copyOf(parts)) {
            Path rest = part.path.resolveSibling(part.path.getFileName() + ".new");
            long kept = 0;
            try (Lines lines = new Lines(List.of(part.path));
                    OutputStream to = new java.io.BufferedOutputStream(Files.newOutputStream(rest))) {
                for (String line = lines.nextLine(); line != null; line = lines.nextLine()) {
                    DeadLetter letter = DeadLetter.of(line);
                    if (letter.isForeign() || !filter.matches(letter)) {
                        to.write(line.getBytes(StandardCharsets.UTF_8));
                        to.write('\n');
                        kept++;
                    }
                }
            }
            Files.setLastModifiedTime(rest, Files.getLastModifiedTime(part.path));
            Files.move(rest, part.path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            events -= part.events - kept;
            bytes -= part.bytes;
            part.events = kept;
            part.bytes = Files.size(part.path);
            bytes += part.bytes;
            if (kept == 0) {
                parts.remove(part);
                Files.delete(part.path);
            }
        }
        return before - events;
    }

    /** All of them, the oldest first. */
    synchronized Letters letters() {
        return new Lines(parts.stream().map(part -> part.path).toList());
    }

    /** How many there are. */
    public synchronized Status status() {
        return new Status(events, bytes, waiting, lost, dropped);
    }

    private static long bytes(List<Invalid> refused) {
        return refused.stream().mapToLong(one -> one.json().length).sum();
    }

    @Override
    public synchronized void close() {
        closePart();
    }

    /** Lines of files; one that is gone by its turn is passed over, and so is a line without an end. */
    private static final class Lines implements Letters {
        private final Deque<Path> files;
        private @Nullable InputStream in;

        Lines(List<Path> files) {
            this.files = new ArrayDeque<>(files);
        }

        @Override
        public @Nullable DeadLetter next() throws IOException {
            String line = nextLine();
            return line == null ? null : DeadLetter.of(line);
        }

        @Nullable
        String nextLine() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            while (true) {
                InputStream from = in;
                int next = from == null ? -1 : from.read();
                if (next == '\n') {
                    return line.toString(StandardCharsets.UTF_8);
                }
                if (next >= 0) {
                    line.write(next);
                    continue;
                }
                line.reset();
                close();
                if (files.isEmpty()) {
                    return null;
                }
                try {
                    in = new BufferedInputStream(Files.newInputStream(files.remove()), 64 << 10);
                } catch (NoSuchFileException e) {
                    LOG.debug("{} is gone already", e.getFile());
                }
            }
        }

        @Override
        public void close() throws IOException {
            InputStream last = in;
            in = null;
            if (last != null) {
                last.close();
            }
        }
    }
}
