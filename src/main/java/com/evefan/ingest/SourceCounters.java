package com.evefan.ingest;

import com.evefan.event.Warning;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/**
 * What became of the events of one source since the start: every event of a request that was let in is accepted,
 * rejected, a duplicate or a robot's that was dropped. Thread-safe; meant to be read as counters.
 */
public final class SourceCounters {
    private final LongAdder accepted = new LongAdder();
    private final LongAdder rejected = new LongAdder();
    private final LongAdder duplicates = new LongAdder();
    private final LongAdder bots = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder limited = new LongAdder();
    private final Map<Warning.Kind, LongAdder> warnings = new EnumMap<>(Warning.Kind.class);

    SourceCounters() {
        for (Warning.Kind kind : Warning.Kind.values()) {
            warnings.put(kind, new LongAdder());
        }
    }

    /** Events that are on disk. */
    public long accepted() {
        return accepted.sum();
    }

    /** Events that break a rule of the API; each was reported to its sender. */
    public long rejected() {
        return rejected.sum();
    }

    /** Events that were accepted before and sent again. */
    public long duplicates() {
        return duplicates.sum();
    }

    /** Events of robots that were dropped: the source does not want them. */
    public long bots() {
        return bots.sum();
    }

    /** JSON in the requests that were read, after decompression, in bytes. */
    public long bytes() {
        return bytes.sum();
    }

    /** Requests refused for the source's rate limit, with 429. */
    public long limited() {
        return limited.sum();
    }

    /** Accepted events that are not what their sender meant, by kind; an event may count twice. */
    public Map<Warning.Kind, Long> warnings() {
        Map<Warning.Kind, Long> all = new EnumMap<>(Warning.Kind.class);
        warnings.forEach((kind, count) -> all.put(kind, count.sum()));
        return all;
    }

    void addWarning(Warning.Kind kind) {
        Objects.requireNonNull(warnings.get(kind)).increment();
    }

    void addAccepted(int events) {
        accepted.add(events);
    }

    void addRejected(int events) {
        rejected.add(events);
    }

    void addDuplicates(int events) {
        duplicates.add(events);
    }

    void addBots(int events) {
        bots.add(events);
    }

    void addBytes(int count) {
        bytes.add(count);
    }

    void addLimited() {
        limited.increment();
    }

    @Override
    public String toString() {
        return accepted() + " accepted, " + rejected() + " rejected, " + duplicates() + " duplicates";
    }
}
