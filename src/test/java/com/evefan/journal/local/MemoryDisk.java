package com.evefan.journal.local;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory. It remembers every operation, so that a test can build what a loss of power may have left of them; and
 * it fails when a test wants.
 */
final class MemoryDisk implements Disk {
    private static final int SECTOR = 512;

    private final Map<String, Content> files = new TreeMap<>();
    private final List<Operation> operations = new ArrayList<>();
    private Fault fault = call -> {};
    private int calls;
    private @Nullable Content unreadable;
    private int unreadableAt;
    long free = Long.MAX_VALUE;
    private long capacity = Long.MAX_VALUE;

    /** The bytes of a file, whatever it is called. */
    private static final class Content {
        private byte[] bytes = new byte[0];

        Content copy() {
            Content copy = new Content();
            copy.bytes = bytes.clone();
            return copy;
        }

        void write(byte[] from, int position) {
            if (position + from.length > bytes.length) {
                bytes = Arrays.copyOf(bytes, position + from.length);
            }
            System.arraycopy(from, 0, bytes, position, from.length);
        }
    }

    /** Whether a call fails; {@code number} counts all calls that may change something. */
    @FunctionalInterface
    interface Fault {
        void check(int number) throws IOException;
    }

    /** What was done; kinds with {@code content} concern a file, the others the directory. */
    private record Operation(
            Kind kind, @Nullable Content content, String name, String other, byte[] bytes, int position) {}

    private enum Kind {
        CREATE,
        WRITE,
        TRUNCATE,
        SYNC,
        /** What was to be made durable is there as long as the power is, and no later sync writes it. */
        FAILED_SYNC,
        RENAME,
        DELETE,
        SYNC_DIRECTORY
    }

    synchronized void fault(Fault next) {
        fault = next;
        calls = 0;
    }

    /** From now on it has room for what it holds, and no more. */
    synchronized void full() {
        capacity = used();
    }

    private long used() {
        return files.values().stream()
                .mapToLong(content -> content.bytes.length)
                .sum();
    }

    /** A byte of {@code name} that the disk cannot read any more. */
    synchronized void unreadable(String name, int at) {
        unreadable = files.get(name);
        unreadableAt = at;
    }

    synchronized int calls() {
        return calls;
    }

    /** How much has been done. */
    synchronized int operations() {
        return operations.size();
    }

    private void done(Kind kind, @Nullable Content content, String name, String other, byte[] bytes, int position)
            throws IOException {
        fault.check(calls++);
        operations.add(new Operation(kind, content, name, other, bytes, position));
    }

    synchronized byte[] bytes(String name) {
        return files.get(name).bytes;
    }

    synchronized void put(String name, byte[] bytes) {
        Content content = new Content();
        content.bytes = bytes;
        files.put(name, content);
    }

    /** The same files, without a past. */
    synchronized MemoryDisk copy() {
        MemoryDisk copy = new MemoryDisk();
        files.forEach((name, content) -> copy.files.put(name, content.copy()));
        return copy;
    }

    /** A state that a loss of power after the first {@code count} operations may leave. */
    synchronized MemoryDisk afterPowerLoss(int count, Survival survival) {
        return afterPowerLoss(new MemoryDisk(), count, survival);
    }

    /** The same, where {@code before} was there before the first operation. */
    synchronized MemoryDisk afterPowerLoss(MemoryDisk before, int count, Survival survival) {
        Map<Content, Content> durable = new HashMap<>();
        Map<Content, List<Operation>> unsynced = new LinkedHashMap<>();
        Map<String, Content> names = new TreeMap<>(before.files);
        names.values().forEach(content -> durable.put(content, content));
        List<Operation> unsyncedNames = new ArrayList<>();
        for (Operation operation : operations.subList(0, count)) {
            Content content = operation.content();
            switch (operation.kind()) {
                case WRITE, TRUNCATE ->
                    unsynced.computeIfAbsent(content, of -> new ArrayList<>()).add(operation);
                case SYNC -> {
                    List<Operation> written = unsynced.remove(content);
                    if (written != null) {
                        Content synced = durable.computeIfAbsent(content, of -> new Content());
                        written.forEach(write -> apply(write, synced, Survival.ALL));
                    }
                }
                case FAILED_SYNC -> unsynced.remove(content);
                case CREATE, RENAME, DELETE -> unsyncedNames.add(operation);
                case SYNC_DIRECTORY -> {
                    unsyncedNames.forEach(change -> apply(change, names));
                    unsyncedNames.clear();
                }
            }
        }
        unsynced.forEach((content, writes) -> {
            Content left = durable.computeIfAbsent(content, of -> new Content());
            writes.forEach(write -> apply(write, left, survival));
        });
        unsyncedNames.stream().filter(change -> survival.survives()).forEach(change -> apply(change, names));
        MemoryDisk left = new MemoryDisk();
        names.forEach((name, content) -> left.files.put(
                name, durable.getOrDefault(content, new Content()).copy()));
        return left;
    }

    /** What of that which was not synced is there nevertheless. */
    @FunctionalInterface
    interface Survival {
        Survival ALL = () -> true;
        Survival NOTHING = () -> false;

        boolean survives();

        /** Half of it, by chance. */
        static Survival some(long seed) {
            Random random = new Random(seed);
            return random::nextBoolean;
        }

        /** The first {@code count}. */
        static Survival first(int count) {
            int[] asked = {0};
            return () -> asked[0]++ < count;
        }
    }

    private static void apply(Operation operation, Content to, Survival survival) {
        if (operation.kind() == Kind.TRUNCATE) {
            if (survival.survives()) {
                to.bytes = Arrays.copyOf(to.bytes, operation.position());
            }
            return;
        }
        byte[] bytes = operation.bytes();
        if (survival == Survival.ALL) {
            to.write(bytes, operation.position());
            return;
        }
        for (int at = 0; at < bytes.length; ) {
            int end = Math.min(bytes.length, at + SECTOR - (operation.position() + at) % SECTOR);
            if (survival.survives()) {
                to.write(Arrays.copyOfRange(bytes, at, end), operation.position() + at);
            }
            at = end;
        }
    }

    private static void apply(Operation change, Map<String, Content> names) {
        switch (change.kind()) {
            case CREATE -> names.put(change.name(), change.content());
            case DELETE -> names.remove(change.name());
            default -> {
                Content moved = names.remove(change.name());
                if (moved != null) {
                    names.put(change.other(), moved);
                }
            }
        }
    }

    @Override
    public synchronized List<String> names() {
        return List.copyOf(files.keySet());
    }

    @Override
    public synchronized DiskFile create(String name) throws IOException {
        Content content = new Content();
        done(Kind.CREATE, content, name, "", new byte[0], 0);
        files.put(name, content);
        return new MemoryFile(content);
    }

    @Override
    public synchronized DiskFile open(String name) throws IOException {
        Content content = files.get(name);
        if (content == null) {
            throw new FileNotFoundException(name);
        }
        return new MemoryFile(content);
    }

    @Override
    public synchronized void rename(String from, String to) throws IOException {
        Content content = files.get(from);
        if (content == null) {
            throw new FileNotFoundException(from);
        }
        done(Kind.RENAME, null, from, to, new byte[0], 0);
        files.remove(from);
        files.put(to, content);
    }

    @Override
    public synchronized void delete(String name) throws IOException {
        done(Kind.DELETE, null, name, "", new byte[0], 0);
        files.remove(name);
    }

    @Override
    public synchronized void sync() throws IOException {
        done(Kind.SYNC_DIRECTORY, null, "", "", new byte[0], 0);
    }

    @Override
    public synchronized long free() {
        return free;
    }

    @Override
    public void close() {
        // nothing to free
    }

    @Override
    public String toString() {
        return "memory";
    }

    private final class MemoryFile implements DiskFile {
        private final Content content;

        MemoryFile(Content content) {
            this.content = content;
        }

        @Override
        public long size() {
            synchronized (MemoryDisk.this) {
                return content.bytes.length;
            }
        }

        @Override
        public int read(ByteBuffer into, long position) throws IOException {
            synchronized (MemoryDisk.this) {
                if (content == unreadable && position <= unreadableAt && unreadableAt < position + into.remaining()) {
                    throw new IOException("Input/output error");
                }
                int length = (int) Math.max(0, Math.min(into.remaining(), content.bytes.length - position));
                if (length > 0) {
                    into.put(content.bytes, (int) position, length);
                }
                return length;
            }
        }

        @Override
        public void write(ByteBuffer from, long position) throws IOException {
            synchronized (MemoryDisk.this) {
                byte[] bytes = new byte[from.remaining()];
                from.get(bytes);
                long more = Math.max(0, position + bytes.length - content.bytes.length);
                if (more > 0 && used() + more > capacity) {
                    throw new IOException("No space left on device");
                }
                try {
                    done(Kind.WRITE, content, "", "", bytes, (int) position);
                } catch (IOException e) { // as on a full disk: a part of it was written
                    byte[] part = Arrays.copyOf(bytes, bytes.length / 2);
                    operations.add(new Operation(Kind.WRITE, content, "", "", part, (int) position));
                    content.write(part, (int) position);
                    throw e;
                }
                content.write(bytes, (int) position);
            }
        }

        @Override
        public void truncate(long size) throws IOException {
            synchronized (MemoryDisk.this) {
                done(Kind.TRUNCATE, content, "", "", new byte[0], (int) size);
                content.bytes = Arrays.copyOf(content.bytes, (int) size);
            }
        }

        @Override
        public void sync() throws IOException {
            synchronized (MemoryDisk.this) {
                try {
                    done(Kind.SYNC, content, "", "", new byte[0], 0);
                } catch (IOException e) {
                    operations.add(new Operation(Kind.FAILED_SYNC, content, "", "", new byte[0], 0));
                    throw e;
                }
            }
        }

        @Override
        public void close() {
            // nothing to free
        }
    }
}
