package com.evefan.artemis;

import com.evefan.event.Event;
import com.evefan.event.EventBatch;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The journal of one directory. Thread-safe; hand-overs are for one thread. */
public final class Journal implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
    private static final int ID_BITS_PER_MILLISECOND = 20;

    private final JournalSettings settings;
    private final DirectoryLock lock;
    private final LongAdder syncs = new LongAdder();
    private final LongAdder writtenBytes = new LongAdder();
    private final InFlight inFlight;
    private final HandoverQueue handovers;
    private final GroupCommit writer;
    private volatile Destinations lastDestinations = Destinations.of(Set.of());

    private Journal(JournalSettings settings, DirectoryLock lock, Consumer<List<Event>> replayed) throws Exception {
        this.settings = settings;
        this.lock = lock;
        inFlight = new InFlight(settings);
        handovers = new HandoverQueue(settings.handoverEvents());
        for (String damage : DamageScan.in(settings.directory())) {
            LOG.warn("Damaged journal file: {}; what cannot be read there is passed over", damage);
        }
        DiskSpace disk = new DiskSpace(settings.directory(), settings.minFreeBytes());
        Loader loader = new Loader(id -> true);
        Store store = openStore(loader);
        try {
            List<PendingRecord> records = new Recovery(settings.directory(), inFlight).recover(loader, store);
            for (PendingRecord record : records) {
                inFlight.recovered(record);
                replayed.accept(record.peekEvents());
            }
            handovers.add(records);
        } catch (Exception e) {
            store.close();
            throw e;
        }
        // Ids never come back, not even where the file with the last one is gone.
        long firstId = Math.max(loader.lastId() + 1, System.currentTimeMillis() << ID_BITS_PER_MILLISECOND);
        writer = new GroupCommit(settings, inFlight, handovers, this::openStore, disk, store, firstId);
    }

    private Store openStore(Loader loader) throws IOException {
        return Store.open(settings, syncs, writtenBytes, loader);
    }

    /**
     * Opens the journal, and with it everything that is still owed.
     *
     * @throws JournalException when the directory is in use, cannot be read or written, or has another format
     */
    public static Journal open(JournalSettings settings) {
        return open(settings, events -> {});
    }

    /**
     * As {@link #open(JournalSettings)}; {@code replayed} is told the events that are still owed, before anything else
     * happens with them.
     */
    public static Journal open(JournalSettings settings, Consumer<List<Event>> replayed) {
        DirectoryLock lock = DirectoryLock.acquire(settings.directory());
        try {
            Journal journal = new Journal(settings, lock, replayed);
            journal.writer.start();
            return journal;
        } catch (JournalException e) {
            lock.close();
            throw e;
        } catch (Exception e) {
            lock.close();
            throw new JournalException("journal directory " + settings.directory() + " cannot be opened: " + e, e);
        }
    }

    /**
     * Returns once the events are on disk.
     *
     * @throws JournalUnavailableException when it is not certain that they are on disk; else as {@link #submit}
     */
    public void append(EventBatch batch, Set<String> destinations) {
        try {
            submit(batch, destinations, Runnable::run).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof JournalUnavailableException cause ? cause : e;
        }
    }

    /**
     * Returns at once.
     *
     * @param destinations who has to acknowledge the events
     * @param settledOn the sender's thread, one object for all its appends: completes what is returned, and wakes the
     *     thread that writes, once it is done with what it is at
     * @return completed when the events are on disk; fails with a {@link JournalUnavailableException} when it is not
     *     certain that they are there
     * @throws JournalFullException when too much is in flight
     * @throws JournalUnavailableException when nothing can be written now
     * @throws IllegalArgumentException when one event is larger than half a journal file
     */
    CompletableFuture<Void> submit(EventBatch batch, Set<String> destinations, Executor settledOn) {
        if (batch.size() == 0) {
            return CompletableFuture.completedFuture(null);
        }
        String refusal = destinations.isEmpty() ? "no destination is configured" : writer.refusal();
        if (refusal != null) {
            throw new JournalUnavailableException(refusal);
        }
        batch.events().forEach(this::checkSize);
        Append append = new Append(batch, destinations(destinations), settledOn);
        inFlight.reserve(batch.size(), batch.bytes());
        writer.submit(append);
        return append.done();
    }

    private Destinations destinations(Set<String> names) {
        Destinations last = lastDestinations;
        if (!last.hasExactly(names)) {
            last = Destinations.of(names);
            lastDestinations = last;
        }
        return last;
    }

    private void checkSize(Event event) {
        int bytes = event.json().length;
        if (bytes > settings.maxRecordBytes()) {
            throw new IllegalArgumentException("an event of " + bytes + " bytes is larger than the "
                    + settings.maxRecordBytes() + " that the journal takes");
        }
    }

    /** The next events to hand to the fan-out; null when none came within {@code timeoutMillis}. */
    @Nullable
    Handover take(long timeoutMillis) throws InterruptedException {
        return handovers.take(timeoutMillis);
    }

    /** How it is doing. Costs a look at every record in flight: call it every second, not every event. */
    public JournalStatus status() {
        String refusal = writer.refusal();
        return StatusReport.of(inFlight, writer.closing(), refusal, syncs.sum(), writtenBytes.sum());
    }

    /** Appends are refused from now on; what was acknowledged is written, then the directory is free. */
    @Override
    public void close() {
        try {
            writer.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.close();
        }
    }

    @Override
    public String toString() {
        return "journal in " + settings.directory() + ", owed by "
                + Map.copyOf(inFlight.owedByDestination()).keySet();
    }
}
