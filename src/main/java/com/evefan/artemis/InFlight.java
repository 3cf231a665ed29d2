package com.evefan.artemis;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What is appended and not acknowledged by all, and the bound on it. Thread-safe. */
final class InFlight {
    private final int maxEvents;
    private final long maxBytes;
    private final AtomicLong events = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final LongAdder appended = new LongAdder();
    private final LongAdder acknowledged = new LongAdder();
    private final Map<Long, PendingRecord> records = new ConcurrentHashMap<>();
    private final Map<String, Owed> owed = new ConcurrentHashMap<>();
    private final Queue<PendingRecord> unwritten = new ConcurrentLinkedQueue<>();

    InFlight(JournalSettings settings) {
        maxEvents = settings.maxEvents();
        maxBytes = settings.maxBytes();
    }

    /**
     * Makes room; a batch larger than the bound gets it when nothing else is in flight.
     *
     * @throws JournalFullException when there is none
     */
    void reserve(int newEvents, long newBytes) {
        long allEvents = events.addAndGet(newEvents);
        long allBytes = bytes.addAndGet(newBytes);
        if (allEvents != newEvents && (allEvents > maxEvents || allBytes > maxBytes)) {
            release(newEvents, newBytes);
            throw new JournalFullException("the journal is full: " + (allEvents - newEvents) + " events, "
                    + (allBytes - newBytes) + " bytes in flight");
        }
    }

    void release(long freedEvents, long freedBytes) {
        events.addAndGet(-freedEvents);
        bytes.addAndGet(-freedBytes);
    }

    /** {@code record} is on disk; its room has been reserved. */
    void appended(PendingRecord record) {
        appended.add(record.events());
        track(record);
    }

    /** {@code record} was found on disk. */
    void recovered(PendingRecord record) {
        events.addAndGet(record.events());
        bytes.addAndGet(record.bytes());
        track(record);
    }

    private void track(PendingRecord record) {
        records.put(record.id(), record);
        record.destinations()
                .forEach(record.owed(), destination -> owed(destination).add(record.events(), record.bytes()));
    }

    private Owed owed(String destination) {
        Owed known = owed.get(destination);
        return known != null ? known : owed.computeIfAbsent(destination, name -> new Owed());
    }

    void acknowledged(PendingRecord record, String destination, boolean byAll) {
        owed(destination).add(-record.events(), -record.bytes());
        if (byAll) {
            records.remove(record.id());
            acknowledged.add(record.events());
            release(record.events(), record.bytes());
        }
        unwritten(record);
    }

    void unwritten(PendingRecord record) {
        if (record.markUnwritten()) {
            unwritten.add(record);
        }
    }

    /** The next record with an acknowledgement to write; null when there is none. */
    @Nullable
    PendingRecord pollUnwritten() {
        return unwritten.poll();
    }

    boolean contains(long id) {
        return records.containsKey(id);
    }

    Collection<PendingRecord> records() {
        return records.values();
    }

    boolean full() {
        return events.get() >= maxEvents || bytes.get() >= maxBytes;
    }

    long events() {
        return events.get();
    }

    long bytes() {
        return bytes.get();
    }

    long appendedEvents() {
        return appended.sum();
    }

    long acknowledgedEvents() {
        return acknowledged.sum();
    }

    Map<String, Owed> owedByDestination() {
        return new HashMap<>(owed);
    }

    /** What one destination owes. */
    record Owed(LongAdder events, LongAdder bytes) {
        Owed() {
            this(new LongAdder(), new LongAdder());
        }

        void add(long newEvents, long newBytes) {
            events.add(newEvents);
            bytes.add(newBytes);
        }
    }
}
