package com.evefan.artemis;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes. Each round takes every append that waits, the acknowledgements that came meanwhile, and
 * makes them durable with one sync; while it syncs, the next round gathers. Acknowledgements alone are not synced: a
 * lost one is a repeated delivery. After a failure the store is opened anew once there is disk space; until then
 * appends are refused.
 */
final class GroupCommit implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);
    private static final int MOST_AT_ONCE = 1024;
    private static final long ACKNOWLEDGEMENTS_WITHIN_MILLIS = 100;
    /** The longest that senders are made to wait for the fan-out; where it stands still, the journal's bounds end it. */
    private static final long SLOWED_DOWN_MILLIS = 100;

    private static final long REOPEN_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final JournalSettings settings;
    private final InFlight inFlight;
    private final HandoverQueue handovers;
    private final StoreFactory stores;
    private final DiskSpace disk;
    private final Inbox waiting = new Inbox();
    private final Thread thread = new Thread(this, "evefan-journal");
    private @Nullable Store store;
    private long nextId;
    private long failedAt;
    private volatile @Nullable String broken;
    private volatile @Nullable String shortage;
    private volatile boolean closing;
    private volatile boolean closed;

    GroupCommit(
            JournalSettings settings,
            InFlight inFlight,
            HandoverQueue handovers,
            StoreFactory stores,
            DiskSpace disk,
            Store store,
            long nextId) {
        this.settings = settings;
        this.inFlight = inFlight;
        this.handovers = handovers;
        this.stores = stores;
        this.disk = disk;
        this.store = store;
        this.nextId = nextId;
        this.shortage = disk.shortage();
    }

    void start() {
        thread.start();
    }

    /** Why appends are refused; null when they are not. */
    @Nullable
    String refusal() {
        if (closing) {
            return "the journal is closed";
        }
        return broken != null ? broken : shortage;
    }

    boolean closing() {
        return closing;
    }

    void submit(Append append) {
        waiting.add(append);
        try {
            // Once that thread has done what it is at: what it adds until then comes with this group, for one sync.
            append.settledOn().execute(waiting::wake);
        } catch (RejectedExecutionException e) {
            waiting.wake();
        }
        if (closed && waiting.remove(append)) {
            fail(List.of(append), new JournalException("the journal is closed"));
        }
    }

    /** Writes and syncs what waits, then ends. */
    void close() throws InterruptedException {
        closing = true;
        thread.join();
    }

    @Override
    public void run() {
        List<Append> appends = new ArrayList<>();
        boolean last = false;
        while (!last) {
            boolean wasClosing = closing;
            appends.clear();
            gather(appends);
            last = wasClosing && appends.isEmpty();
            shortage = disk.shortage();
            round(appends, last);
        }
        closed = true;
        waiting.drainTo(appends, Integer.MAX_VALUE);
        fail(appends, new JournalException("the journal is closed"));
        if (store != null) {
            store.close();
        }
    }

    private void gather(List<Append> into) {
        try {
            if (waiting.isEmpty() && !closing) {
                waiting.await(ACKNOWLEDGEMENTS_WITHIN_MILLIS);
            }
            if (!waiting.isEmpty()) {
                // Where the cores are busy, others go first and bring more for this sync; else it returns at once.
                Thread.yield();
                handovers.awaitRoom(SLOWED_DOWN_MILLIS);
                waiting.drainTo(into, MOST_AT_ONCE);
            }
        } catch (InterruptedException e) {
            LOG.debug("The journal's thread is not to be interrupted", e);
        }
    }

    private void round(List<Append> appends, boolean last) {
        List<PendingRecord> records;
        try {
            Store open = store != null ? store : reopen();
            records = Packing.pack(appends, settings, inFlight);
            for (PendingRecord record : records) {
                record.numbered(nextId++);
                open.add(record.id(), record.body());
            }
            writeAcknowledgements(open);
            if (last || !appends.isEmpty()) {
                open.sync();
            } else {
                open.flush();
            }
        } catch (Exception e) {
            failed(e);
            fail(appends, new JournalException("the journal cannot write: " + e.getMessage(), e));
            return;
        }
        records.forEach(inFlight::appended);
        handovers.add(records);
        settle(appends, Append::succeeded);
    }

    private void fail(List<Append> appends, JournalException reason) {
        appends.forEach(
                append -> inFlight.release(append.batch().size(), append.batch().bytes()));
        settle(appends, append -> append.failed(reason));
    }

    /** Each thread is told once of all that hangs on it: one waking instead of many. */
    private static void settle(List<Append> appends, Consumer<Append> how) {
        IdentityHashMap<Executor, List<Append>> byThread = new IdentityHashMap<>();
        for (Append append : appends) {
            byThread.computeIfAbsent(append.settledOn(), thread -> new ArrayList<>())
                    .add(append);
        }
        byThread.forEach((thread, its) -> {
            try {
                thread.execute(() -> its.forEach(how));
            } catch (RejectedExecutionException e) {
                LOG.debug("Nobody waits for {} appends any more", its.size(), e);
            }
        });
    }

    private void writeAcknowledgements(Store open) throws Exception {
        for (PendingRecord next = inFlight.pollUnwritten(); next != null; next = inFlight.pollUnwritten()) {
            next.writing();
            long owed = next.owed();
            if (owed == 0) {
                open.delete(next.id());
            } else {
                open.update(
                        next.id(), ByteBuffer.allocate(Long.BYTES).putLong(owed).array());
            }
        }
    }

    private Store reopen() throws Exception {
        if (System.nanoTime() - failedAt < REOPEN_EVERY_NANOS) {
            throw new IOException(broken);
        }
        String missing = disk.shortage();
        if (missing != null) {
            throw new IOException(missing);
        }
        Loader loader = new Loader(id -> false);
        Store opened = stores.open(loader);
        store = opened;
        opened.moveToNewFile();
        for (long id : loader.bodies().keySet()) {
            if (!inFlight.contains(id)) {
                opened.delete(id); // its sender was told that it failed, or all have acknowledged it
            }
        }
        inFlight.records().stream().filter(PendingRecord::partlyAcknowledged).forEach(inFlight::unwritten);
        broken = null;
        LOG.info("The journal works again");
        return opened;
    }

    private void failed(Exception cause) {
        if (broken == null) {
            LOG.error("The journal cannot write and refuses events until it can", cause);
        }
        broken = "the journal cannot write: " + cause.getMessage();
        if (store != null || System.nanoTime() - failedAt >= REOPEN_EVERY_NANOS) {
            failedAt = System.nanoTime();
        }
        if (store != null) {
            store.close();
            store = null;
        }
    }

    /** Opens a store and tells the loader what is in it. */
    @FunctionalInterface
    interface StoreFactory {
        Store open(Loader loader) throws IOException;
    }
}
