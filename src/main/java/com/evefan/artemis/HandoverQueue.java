package com.evefan.artemis;

import com.evefan.event.Acknowledgement;
import com.evefan.event.Event;
import com.evefan.event.EventBatch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Records on disk that no destination has seen since the start, in the order of their acceptance. */
final class HandoverQueue {
    private static final Logger LOG = LoggerFactory.getLogger(HandoverQueue.class);

    /**
     * The size of a hand-over, in bytes; a record that has more goes alone. It may become a message of a retry queue, of
     * which the broker holds a few in memory, twice while they are written.
     */
    private static final long MAX_BYTES = 2 << 20;
    /** What may wait before senders are slowed down to what the fan-out takes. */
    private static final int ROOM_EVENTS = 4_000;

    private static final long ROOM_BYTES = 16 << 20;

    private final int maxEvents;
    private final Deque<PendingRecord> waiting = new ArrayDeque<>();
    private long waitingEvents;
    private long waitingBytes;

    HandoverQueue(int maxEvents) {
        this.maxEvents = maxEvents;
    }

    synchronized void add(Collection<PendingRecord> records) {
        if (waiting.isEmpty()) {
            notifyAll(); // who takes waits only for the first
        }
        for (PendingRecord record : records) {
            waiting.add(record);
            waitingEvents += record.events();
            waitingBytes += record.bytes();
        }
    }

    /** Waits, {@code millis} at the longest, while the fan-out is behind: what waits for it is in memory. */
    synchronized void awaitRoom(long millis) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (waitingEvents > ROOM_EVENTS || waitingBytes > ROOM_BYTES) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                return;
            }
            wait(left);
        }
    }

    /** The next records that the same destinations owe; null when there was none for {@code timeoutMillis}. */
    @Nullable
    Handover take(long timeoutMillis) throws InterruptedException {
        List<PendingRecord> records = takeRecords(timeoutMillis);
        List<Event> events = new ArrayList<>();
        List<Acknowledgement> acknowledgements = new ArrayList<>(records.size());
        for (PendingRecord record : records) {
            if (read(record, events)) {
                acknowledgements.add(record);
            }
        }
        if (acknowledgements.isEmpty()) {
            return null;
        }
        PendingRecord first = records.get(0);
        return new Handover(
                new EventBatch(events, acknowledgements), first.destinations().in(first.owed()));
    }

    private synchronized List<PendingRecord> takeRecords(long timeoutMillis) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        while (waiting.isEmpty()) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                return List.of();
            }
            wait(left);
        }
        List<PendingRecord> records = new ArrayList<>();
        int events = 0;
        long bytes = 0;
        for (PendingRecord next = waiting.peek(); next != null; next = waiting.peek()) {
            boolean fits = events + next.events() <= maxEvents && bytes + next.bytes() <= MAX_BYTES;
            if (!records.isEmpty() && !(fits && next.goesWith(records.get(0)))) {
                break;
            }
            events += next.events();
            bytes += next.bytes();
            records.add(waiting.remove());
        }
        waitingEvents -= events;
        waitingBytes -= bytes;
        notifyAll();
        return records;
    }

    private static boolean read(PendingRecord record, List<Event> into) {
        try {
            into.addAll(record.takeEvents());
            return true;
        } catch (IllegalArgumentException e) {
            LOG.error("Journal record {} cannot be read and stays in the journal: {}", record.id(), e.getMessage());
            return false;
        }
    }
}
