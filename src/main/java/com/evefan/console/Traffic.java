package com.evefan.console;

import com.evefan.delivery.DeliveryObserver;
import com.evefan.delivery.PartialDeliveryException;
import com.evefan.delivery.RejectedException;
import com.evefan.event.Event;
import com.evefan.event.EventBatch;
import com.evefan.event.Invalid;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Hears of every event that comes and of every call to a destination, on the threads of these, so it counts and no more. Of
 * the events a sample of some hundred a second is looked at, by the console's own thread; below that it is all. While
 * somebody looks at live events, the last thousand of the sample are kept. Thread-safe.
 */
public final class Traffic implements DeliveryObserver {
    private static final int KEPT = 1_000;
    static final long KEPT_BYTES = 8L << 20;
    /** Events a second that are looked at. */
    private static final int SAMPLE = 200;

    private static final int SAMPLE_WHILE_WATCHED = 1_000;
    private static final long SAMPLE_BYTES = 4L << 20;
    private static final int MOST_REFUSED = 1_000;

    private final Clock clock;
    private final Map<String, Calls> destinations = new ConcurrentHashMap<>();
    private final Map<String, Seen> sources = new ConcurrentHashMap<>();
    private final AtomicInteger room = new AtomicInteger(SAMPLE);
    private final AtomicLong bytes = new AtomicLong(SAMPLE_BYTES);
    private final AtomicLong refusedBytes = new AtomicLong(SAMPLE_BYTES);
    private final BlockingQueue<Event> taken = new ArrayBlockingQueue<>(2 * SAMPLE_WHILE_WATCHED);
    private final BlockingQueue<Refused> refused = new ArrayBlockingQueue<>(MOST_REFUSED);
    private final Deque<Row> kept = new ArrayDeque<>();
    private long keptBytes;
    private boolean watched;

    public Traffic(Clock clock) {
        this.clock = clock;
    }

    private record Refused(Invalid event, Invalid.@Nullable Sender sender, Instant at) {}

    /** How calls to one destination go. */
    static final class Calls {
        final Spread latency = new Spread();
        final Spread time = new Spread();
        final LongAdder failed = new LongAdder();
        volatile @Nullable Call last;
    }

    /** The last call. */
    record Call(Instant at, int events, double millis, boolean ok) {}

    /** What has come from one source. */
    private static final class Seen {
        final LongAdder events = new LongAdder();
        volatile long lastMillis;
        /** The console's thread's own. */
        long told;
    }

    // ---- Told by others --------------------------------------------------------------------------------------------

    /** Events of one request are on disk. */
    public void appended(EventBatch batch) {
        List<Event> events = batch.events();
        if (events.isEmpty()) {
            return;
        }
        Seen seen = sources.computeIfAbsent(events.get(0).source(), name -> new Seen());
        seen.events.add(events.size());
        seen.lastMillis = clock.millis();
        int step = Math.max(1, events.size() / 20);
        for (int i = 0; i < events.size() && room.get() > 0; i += step) {
            Event event = events.get(i);
            if (bytes.addAndGet(-event.json().length) < 0 || room.decrementAndGet() < 0 || !taken.offer(event)) {
                return;
            }
        }
    }

    /** An event came from {@code source} before the start. */
    public void seenBefore(String source, Instant last) {
        Seen seen = sources.computeIfAbsent(source, name -> new Seen());
        seen.lastMillis = Math.max(seen.lastMillis, last.toEpochMilli());
    }

    /** Events were refused at ingestion. */
    public void refused(List<Invalid> events, Invalid.@Nullable Sender sender) {
        Instant now = clock.instant();
        for (Invalid event : events) {
            if (refusedBytes.addAndGet(-event.json().length) < 0 || !refused.offer(new Refused(event, sender, now))) {
                return;
            }
        }
    }

    @Override
    public void called(String destination, int events, long nanos) {
        Calls calls = calls(destination);
        double millis = nanos / 1e6;
        calls.time.add(millis, 1);
        calls.last = new Call(clock.instant(), events, Math.round(millis * 10) / 10.0, true);
    }

    @Override
    public void failed(String destination, Exception why) {
        Calls calls = calls(destination);
        Call last = calls.last;
        if (!(why instanceof RejectedException) && !(why instanceof PartialDeliveryException)) {
            calls.failed.increment();
            calls.last = last == null ? null : new Call(last.at(), last.events(), last.millis(), false);
        }
    }

    /** Events stand in the order of their acceptance, so three of them say how long all took. */
    @Override
    public void delivered(String destination, List<Event> events) {
        int size = events.size();
        if (size == 0) {
            return;
        }
        Spread latency = calls(destination).latency;
        long now = clock.millis();
        int looks = Math.min(3, size);
        for (int i = 0; i < looks; i++) {
            Event event = events.get(looks == 1 ? 0 : i * (size - 1) / (looks - 1));
            latency.add(now - event.receivedAt().toEpochMilli(), (size + i) / looks);
        }
    }

    // ---- Asked by the console -------------------------------------------------------------------------------------

    Calls calls(String destination) {
        Calls known = destinations.get(destination);
        return known != null ? known : destinations.computeIfAbsent(destination, name -> new Calls());
    }

    @Nullable
    Instant lastSeen(String source) {
        Seen seen = sources.get(source);
        return seen == null || seen.lastMillis == 0 ? null : Instant.ofEpochMilli(seen.lastMillis);
    }

    /**
     * What was looked at since the last call.
     *
     * @param rows the newest last
     * @param seen events that came, by source
     */
    record Second(List<Row> rows, Map<String, Long> seen) {
        long all() {
            return seen.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /** The next second begins. On the console's thread only. */
    Second next() {
        List<Event> events = new ArrayList<>();
        taken.drainTo(events);
        List<Row> rows = new ArrayList<>();
        events.forEach(event -> rows.add(Row.of(event)));
        List<Refused> bad = new ArrayList<>();
        refused.drainTo(bad);
        bad.forEach(one -> rows.add(Row.of(one.event(), one.sender(), one.at())));
        Map<String, Long> seen = new ConcurrentHashMap<>();
        sources.forEach((name, one) -> {
            long all = one.events.sum();
            if (all > one.told) {
                seen.put(name, all - one.told);
            }
            one.told = all;
        });
        synchronized (kept) {
            room.set(watched ? SAMPLE_WHILE_WATCHED : SAMPLE);
            bytes.set(SAMPLE_BYTES);
            refusedBytes.set(SAMPLE_BYTES);
            if (watched) {
                rows.forEach(this::keep);
            }
        }
        return new Second(rows, seen);
    }

    private void keep(Row row) {
        kept.addFirst(row);
        keptBytes += row.json().length;
        while (kept.size() > KEPT || keptBytes > KEPT_BYTES) {
            keptBytes -= kept.removeLast().json().length;
        }
    }

    /** Whether somebody looks at live events. */
    boolean isWatched() {
        synchronized (kept) {
            return watched;
        }
    }

    /**
     * Somebody looks at live events, or nobody any more.
     *
     * @param before what came until now, the oldest first
     */
    void watch(boolean now, List<Row> before) {
        synchronized (kept) {
            kept.clear();
            keptBytes = 0;
            watched = now;
            before.forEach(this::keep);
        }
    }

    /** The last that match, the newest first. */
    List<Row> last(Row.Filter filter, int most) {
        List<Row> found = new ArrayList<>();
        synchronized (kept) {
            for (Row row : kept) {
                if (found.size() < most && filter.matches(row)) {
                    found.add(row);
                }
            }
        }
        return found;
    }
}
