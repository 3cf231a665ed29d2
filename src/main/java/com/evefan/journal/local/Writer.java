package com.evefan.journal.local;

import com.evefan.event.Event;
import com.evefan.event.EventBatch;
import com.evefan.journal.JournalUnavailableException;
import com.evefan.journal.local.Disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes. Each round takes every append that waits and makes them durable with one sync; while it
 * syncs, the next round gathers. After a failure the file is left as it is, because it may have holes that only look
 * written, and a new one is begun once the disk works; until then appends are refused.
 */
final class Writer implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Writer.class);
    private static final int MOST_AT_ONCE = 1024;
    /** From this size on the cost of a record is nothing beside that of its events. */
    private static final int WORTH_A_RECORD = 64 << 10;

    private static final int BUFFER_BYTES = 512 << 10;
    private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final JournalSettings settings;
    private final Disk disk;
    private final Keeper keeper;
    private final Segments segments;
    private final long repairAfterNanos;
    private final Consumer<List<Piece>> published;
    private final Inbox waiting = new Inbox();
    private final Queue<CompletableFuture<Void>> rolls = new ConcurrentLinkedQueue<>();
    private final AtomicLong waitingBytes = new AtomicLong();
    private final LongAdder syncs = new LongAdder();
    private final LongAdder writtenBytes = new LongAdder();
    private final Thread thread = new Thread(this, "evefan-journal");
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);

    private long end;
    private long endBytes;
    private @Nullable Segment segment;
    /** Full, and with events in them that are not published. */
    private final Map<Segment, Long> ended = new LinkedHashMap<>();

    private @Nullable DiskFile file;
    private long offset;
    private long failedAt;
    private volatile @Nullable String broken;
    private volatile boolean closing;
    private volatile boolean closed;

    /**
     * @param repairAfter how long after a failure a new file is begun
     * @param published is told what is durable, before its senders are
     */
    Writer(
            JournalSettings settings,
            Disk disk,
            Keeper keeper,
            Segments segments,
            long end,
            long endBytes,
            Duration repairAfter,
            Consumer<List<Piece>> published) {
        this.settings = settings;
        this.disk = disk;
        this.keeper = keeper;
        this.segments = segments;
        this.end = end;
        this.endBytes = endBytes;
        this.repairAfterNanos = repairAfter.toNanos();
        this.published = published;
    }

    void start() {
        thread.start();
    }

    /** Why appends are refused; null when they are not. */
    @Nullable
    String refusal() {
        return closing ? "the journal is closed" : broken;
    }

    /** Whether it cannot write because there is no room on the disk, as far as the system says so. */
    boolean outOfRoom() {
        String reason = broken;
        return reason != null && Keeper.isLackOfRoom(reason);
    }

    boolean closing() {
        return closing;
    }

    /** The size of what waits to be written, in bytes as accepted. */
    long waitingBytes() {
        return waitingBytes.get();
    }

    long syncs() {
        return syncs.sum();
    }

    long writtenBytes() {
        return writtenBytes.sum();
    }

    CompletableFuture<Void> submit(EventBatch batch, Executor settledOn) {
        Append append = new Append(batch, settledOn, new CompletableFuture<>());
        waitingBytes.addAndGet(batch.bytes());
        waiting.add(append);
        try {
            // Once that thread has done what it is at: what it adds until then comes with this group, for one sync.
            settledOn.execute(waiting::wake);
        } catch (RejectedExecutionException e) {
            waiting.wake();
        }
        if (closed && waiting.remove(append)) {
            settle(List.of(append), new JournalUnavailableException("the journal is closed"));
        }
        return append.done();
    }

    /** What is appended later stands in another file; the last one is closed once this is completed. */
    CompletableFuture<Void> roll() {
        CompletableFuture<Void> rolled = new CompletableFuture<>();
        rolls.add(rolled);
        waiting.wake();
        if (closed) {
            rolled.complete(null);
        }
        return rolled;
    }

    private void rollIfAsked() {
        if (!rolls.isEmpty()) {
            leaveFile();
        }
        for (CompletableFuture<Void> asked = rolls.poll(); asked != null; asked = rolls.poll()) {
            asked.complete(null);
        }
    }

    /** Writes and syncs what waits, then ends. */
    void close() throws InterruptedException {
        closing = true;
        waiting.wake();
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
            settle(appends, round(appends));
            rollIfAsked();
        }
        closed = true;
        waiting.drainTo(appends, Integer.MAX_VALUE);
        settle(appends, new JournalUnavailableException("the journal is closed"));
        trim();
        leaveFile();
    }

    /** What was never written to need not stay on disk, with every stop some more. */
    private void trim() {
        try {
            if (file != null) {
                file.truncate(offset);
            }
        } catch (IOException e) {
            LOG.debug("The last file stays as long as it is", e);
        }
    }

    private void gather(List<Append> into) {
        if (waiting.isEmpty() && !closing) {
            waiting.await(broken == null ? IDLE_NANOS : Math.min(IDLE_NANOS, repairAfterNanos));
        }
        if (!waiting.isEmpty()) {
            // Where the cores are busy, others go first and bring more for this sync; else it returns at once.
            Thread.yield();
            waiting.drainTo(into, MOST_AT_ONCE);
        }
    }

    /** Whatever goes wrong, this thread goes on and every append has its answer: why it failed, or null. */
    private @Nullable JournalUnavailableException round(List<Append> appends) {
        try {
            if (broken != null) {
                repair();
            }
            if (!appends.isEmpty()) {
                write(pack(appends));
            }
            return null;
        } catch (Throwable e) {
            return failed(e);
        }
    }

    private void repair() throws IOException {
        if (System.nanoTime() - failedAt < repairAfterNanos) {
            throw new StillBroken(String.valueOf(broken));
        }
        begin(System.currentTimeMillis());
        broken = null;
        LOG.info("The journal works again");
    }

    private JournalUnavailableException failed(Throwable cause) {
        String reason = cause instanceof StillBroken ? cause.getMessage() : "the journal cannot write: " + cause;
        if (broken == null) {
            LOG.error("The journal cannot write and refuses events until it can", cause);
        }
        if (!(cause instanceof StillBroken)) {
            failedAt = System.nanoTime();
            broken = reason;
            leaveFile();
        }
        return new JournalUnavailableException(String.valueOf(reason), cause);
    }

    private void leaveFile() {
        ended.keySet().forEach(Segment::seal);
        ended.clear();
        if (segment != null) {
            segment.seal();
        }
        closeFile();
    }

    private void closeFile() {
        DiskFile left = file;
        if (left != null) {
            left.close();
        }
        file = null;
        segment = null;
    }

    /** Small appends share a record, because each record costs those who read it about as much as an event does. */
    private List<Piece> pack(List<Append> appends) {
        List<Piece> pieces = new ArrayList<>();
        List<Event> events = new ArrayList<>();
        long bytes = 0;
        long first = end;
        long bytesBefore = endBytes;
        for (Append append : appends) {
            for (Event event : append.batch().events()) {
                int length = event.json().length;
                if (!events.isEmpty()
                        && (bytes + length > WORTH_A_RECORD || events.size() >= settings.handoverEvents())) {
                    pieces.add(Piece.of(first, bytesBefore, events, bytes));
                    first += events.size();
                    bytesBefore += bytes;
                    events = new ArrayList<>();
                    bytes = 0;
                }
                events.add(event);
                bytes += length;
            }
        }
        pieces.add(Piece.of(first, bytesBefore, events, bytes));
        return pieces;
    }

    private void write(List<Piece> pieces) throws IOException {
        Piece last = pieces.get(pieces.size() - 1);
        for (Piece piece : pieces) {
            if (segment == null || offset + buffer.position() + piece.length() > settings.segmentBytes()) {
                if (segment != null) {
                    sync();
                    ended.put(segment, piece.first());
                    closeFile();
                }
                begin(piece.receivedAt(), piece.first(), piece.bytesBefore());
            }
            put(piece);
        }
        sync();
        ended.forEach((full, fullEnd) -> {
            full.endsAt(fullEnd);
            full.seal();
        });
        ended.clear();
        if (segment != null) {
            segment.endsAt(last.end());
        }
        end = last.end();
        endBytes = last.bytesBefore() + last.bytes();
        published.accept(pieces);
    }

    private void put(Piece piece) throws IOException {
        int length = piece.length();
        if (length > buffer.remaining()) {
            flush();
        }
        if (segment != null) {
            segment.note(piece.first(), offset + buffer.position());
        }
        if (length > buffer.capacity()) {
            ByteBuffer large = ByteBuffer.allocate(length);
            piece.encode(large);
            write(large.flip());
        } else {
            piece.encode(buffer);
        }
    }

    private void flush() throws IOException {
        if (buffer.position() > 0) {
            write(buffer.flip());
            buffer.clear();
        }
    }

    private void write(ByteBuffer bytes) throws IOException {
        int size = bytes.remaining();
        file().write(bytes, offset);
        offset += size;
        writtenBytes.add(size);
    }

    private void sync() throws IOException {
        flush();
        file().sync();
        syncs.increment();
    }

    private DiskFile file() throws IOException {
        if (file == null) {
            throw new IOException("no file is open");
        }
        return file;
    }

    private void begin(long receivedAt) throws IOException {
        begin(receivedAt, end, endBytes);
    }

    /** Begins a new segment; it exists for sure when this returns. */
    private void begin(long receivedAt, long first, long bytesBefore) throws IOException {
        buffer.clear();
        Keeper.Spare spare = keeper.spare();
        Segment begun = new Segment(spare.sequence(), first, bytesBefore, receivedAt, settings.segmentBytes());
        try {
            spare.file().write(begun.head(), 0);
            spare.file().sync();
            disk.rename(spare.name(), begun.name());
            disk.sync();
        } catch (Throwable e) {
            spare.file().close();
            keeper.drop(spare.name());
            keeper.drop(begun.name());
            throw e;
        }
        segments.add(begun);
        segment = begun;
        file = spare.file();
        offset = Segment.HEAD;
    }

    /** Each thread is told once of all that hangs on it: one waking instead of many. */
    private void settle(List<Append> appends, @Nullable JournalUnavailableException failure) {
        IdentityHashMap<Executor, List<Append>> byThread = new IdentityHashMap<>();
        for (Append append : appends) {
            waitingBytes.addAndGet(-append.batch().bytes());
            byThread.computeIfAbsent(append.settledOn(), thread -> new ArrayList<>())
                    .add(append);
        }
        byThread.forEach((thread, its) -> {
            try {
                thread.execute(() -> its.forEach(append -> append.settle(failure)));
            } catch (RejectedExecutionException e) {
                its.forEach(append -> append.settle(failure));
            } catch (Throwable e) {
                LOG.error("A sender's thread could not be told of its appends", e);
                its.forEach(append -> append.settle(failure));
            }
        });
    }

    /** Told again, without another try. */
    private static final class StillBroken extends IOException {
        private static final long serialVersionUID = 1;

        StillBroken(String reason) {
            super(reason);
        }
    }

    /** One sender's events on their way to the disk. */
    private record Append(EventBatch batch, Executor settledOn, CompletableFuture<Void> done) {
        void settle(@Nullable JournalUnavailableException failure) {
            if (failure == null) {
                done.complete(null);
            } else {
                done.completeExceptionally(failure);
            }
        }
    }

    /**
     * Appends on their way to the one thread that writes. Only a sleeping thread is woken, and by one sender: that costs a
     * sender more than all the rest.
     */
    private static final class Inbox {
        private final Queue<Append> appends = new ConcurrentLinkedQueue<>();
        private volatile @Nullable Thread asleep;

        /** Call {@link #wake} afterwards. */
        void add(Append append) {
            appends.add(append);
        }

        /** Whoever awaits something goes on, with what was added before this call. */
        void wake() {
            Thread sleeper = asleep;
            if (sleeper != null) {
                asleep = null;
                LockSupport.unpark(sleeper);
            }
        }

        /** Takes {@code append} back; false when it is taken already. */
        boolean remove(Append append) {
            return appends.remove(append);
        }

        boolean isEmpty() {
            return appends.isEmpty();
        }

        /** Returns when there is something, after {@code nanos} at the latest, and now and then for no reason. */
        void await(long nanos) {
            asleep = Thread.currentThread();
            if (appends.isEmpty()) { // only now: whoever adds something from here on sees who sleeps
                LockSupport.parkNanos(this, nanos);
            }
            asleep = null;
        }

        void drainTo(Collection<Append> taken, int most) {
            for (int left = most; left > 0; left--) {
                Append next = appends.poll();
                if (next == null) {
                    return;
                }
                taken.add(next);
            }
        }
    }
}
