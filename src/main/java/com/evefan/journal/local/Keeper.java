package com.evefan.journal.local;

import com.evefan.journal.JournalUnavailableException;
import com.evefan.journal.local.Disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has time, in a thread of its own: it saves the places, makes files before they are needed and deletes those that
 * nobody needs.
 */
final class Keeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);
    private static final long EVERY_MILLIS = 100;
    private static final long STOP_SECONDS = 60;
    private static final long TRY_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final String NEW = ".new";
    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(64 << 10).asReadOnlyBuffer();

    private final JournalSettings settings;
    private final Disk disk;
    private final PlacesFile file;
    private final Supplier<PlacesFile.Content> content;
    private final Deletion deletion;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "evefan-journal-files");
        made.setDaemon(true);
        return made;
    });
    private long sequence;
    private final AtomicReference<@Nullable Future<Spare>> spare = new AtomicReference<>();
    private volatile boolean changed;
    private volatile boolean lacksRoom;
    private long madeAgainAt;
    private boolean failing;

    /**
     * @param sequence of the last segment that there ever was
     * @param deletion deletes segments that nobody needs
     */
    Keeper(
            JournalSettings settings,
            Disk disk,
            PlacesFile file,
            long sequence,
            Supplier<PlacesFile.Content> content,
            Deletion deletion) {
        this.settings = settings;
        this.disk = disk;
        this.file = file;
        this.sequence = sequence;
        this.content = content;
        this.deletion = deletion;
    }

    /** A file that is ready to be a segment: as long as one, full of zeros, and durable. */
    record Spare(long sequence, String name, DiskFile file) {}

    /** Deletes segments; tells whether there were any. */
    @FunctionalInterface
    interface Deletion {
        boolean run() throws IOException;
    }

    void start() {
        spare.set(thread.submit(this::make));
        thread.scheduleWithFixedDelay(this::tick, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Whether {@code name} is a file that was not finished. */
    static boolean isUnfinished(String name) {
        return name.endsWith(NEW);
    }

    /** For the thread that writes: the next file; one more is made meanwhile. */
    Spare spare() throws IOException {
        Future<Spare> ahead = spare.getAndSet(null);
        Future<Spare> made = ahead != null ? ahead : thread.submit(this::make);
        try {
            Spare next = made.get();
            spare.set(thread.submit(this::make));
            return next;
        } catch (ExecutionException e) {
            throw new IOException("a new file cannot be made: " + e.getCause(), e);
        } catch (InterruptedException e) {
            throw new IOException("the journal's thread is not to be interrupted", e);
        }
    }

    private Spare make() throws IOException {
        long next = ++sequence;
        String name = Segment.name(next) + NEW;
        DiskFile made = disk.create(name);
        try {
            for (int filled = 0; filled < settings.segmentBytes(); ) {
                ByteBuffer zeros = ZEROS.slice(0, Math.min(ZEROS.capacity(), settings.segmentBytes() - filled));
                filled += zeros.remaining();
                made.write(zeros, (long) filled - zeros.remaining());
            }
            made.sync();
            lacksRoom = false;
            return new Spare(next, name, made);
        } catch (Throwable e) {
            made.close();
            drop(name);
            lacksRoom = isLackOfRoom(e.toString());
            throw e;
        }
    }

    /** Whether {@code failure} says that the disk has no room, or this user none on it. */
    static boolean isLackOfRoom(String failure) {
        return failure.contains("space") || failure.contains("quota");
    }

    /** Whether there was no room for the next file. The free space need not tell: there may be a quota. */
    boolean lacksRoom() {
        return lacksRoom;
    }

    /** What could not be made ahead is made before it is needed, once there may be room. */
    private void makeAgain(boolean mayHaveRoom) {
        Future<Spare> failed = spare.get();
        if (!lacksRoom || failed == null || !failed.isDone()) {
            return;
        }
        long now = System.nanoTime();
        if (mayHaveRoom || now - madeAgainAt > TRY_AGAIN_NANOS) {
            madeAgainAt = now;
            FutureTask<Spare> again = new FutureTask<>(this::make);
            if (spare.compareAndSet(failed, again)) {
                again.run();
            }
        }
    }

    /** Deletes a file that is of no use; without a word when that fails, for it is tried again at the next start. */
    void drop(String name) {
        try {
            disk.delete(name);
        } catch (IOException e) {
            LOG.debug("{} cannot be deleted", name, e);
        }
    }

    /** A place has moved. */
    void changed() {
        changed = true;
    }

    private void tick() {
        try {
            makeAgain(deletion.run());
            if (changed) {
                changed = false;
                save(false);
            }
            failing = false;
        } catch (Throwable e) {
            changed = true;
            if (!failing) {
                LOG.warn("The journal's places cannot be saved and are tried again", e);
            }
            failing = true;
        }
    }

    /** For {@code deletion}: what is deleted afterwards no saved place needs. */
    void saveHere() throws IOException {
        save(true);
    }

    /** Where the disk has no room for it, in that of the file made ahead: without a place nothing can be deleted. */
    private void save(boolean durable) throws IOException {
        try {
            file.save(content.get(), durable);
        } catch (IOException e) {
            if (!giveUpSpare()) {
                throw e;
            }
            file.save(content.get(), durable);
        }
    }

    private boolean giveUpSpare() {
        Future<Spare> made = spare.getAndSet(null);
        if (made == null) {
            return false;
        }
        if (!made.isDone()) { // its turn on this thread has not come
            made.cancel(false);
            return false;
        }
        try {
            Spare left = made.get();
            left.file().close();
            drop(left.name());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            LOG.debug("The file that was made ahead is not there", e);
        }
        return false;
    }

    /**
     * Saves the places; they are durable when this returns.
     *
     * @throws JournalUnavailableException when that is not certain
     */
    void save() {
        CompletableFuture<@Nullable Void> saved = new CompletableFuture<>();
        try {
            thread.execute(() -> {
                try {
                    saveHere();
                    saved.complete(null);
                } catch (Throwable e) {
                    saved.completeExceptionally(e);
                }
            });
            saved.join(); // cannot be interrupted
        } catch (RejectedExecutionException e) {
            throw new JournalUnavailableException("the journal is closed", e);
        } catch (CompletionException e) {
            throw new JournalUnavailableException("the places cannot be saved: " + e.getCause(), e);
        }
    }

    /** Ends its thread and deletes the file that was made ahead. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("The journal's files are still being worked on after {} s", STOP_SECONDS);
            }
            giveUpSpare();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
