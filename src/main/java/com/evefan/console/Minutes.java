package com.evefan.console;

import com.evefan.counters.Counter;
import com.evefan.health.DestinationHealth;
import com.evefan.health.HealthReport;
import com.evefan.ingest.SourceCounters;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The last hour, by minute: what each was is the difference of two moments. Not thread-safe. */
final class Minutes {
    static final int HOUR = 60;
    private static final long MINUTE_MS = 60_000;
    private static final String[] OF_SOURCE = {"accepted", "refused"};
    private static final String[] OF_DESTINATION = {
        "accepted", "delivered", "failed", "dead", "waiting", "latencyP50", "latencyP99", "callP50", "callP99"
    };

    private final Deque<Minute> minutes = new ArrayDeque<>();
    private Moment began;

    Minutes(Moment now) {
        began = now;
    }

    /** What is counted at one moment, since the start or ever. */
    record Moment(Instant at, Map<String, long[]> sources, Map<String, Counts> destinations) {
        static Moment of(Instant at, HealthReport report, Map<String, SourceCounters> sources, Traffic traffic) {
            Map<String, long[]> bySource = new HashMap<>();
            sources.forEach((name, one) -> bySource.put(name, new long[] {one.accepted(), one.rejected()}));
            Map<String, Counts> byDestination = new HashMap<>();
            report.destinations().forEach((name, one) -> byDestination.put(name, Counts.of(one, traffic.calls(name))));
            return new Moment(at, bySource, byDestination);
        }

        long source(String name, int what) {
            long[] counts = sources.get(name);
            return counts == null ? 0 : counts[what];
        }

        long refused() {
            return sources.values().stream().mapToLong(counts -> counts[1]).sum();
        }

        long accepted() {
            return sources.values().stream().mapToLong(counts -> counts[0]).sum();
        }
    }

    /** Of one destination. */
    record Counts(
            long accepted, long delivered, long failed, long dead, long waiting, Snapshot latency, Snapshot calls) {
        private static Counts of(DestinationHealth health, Traffic.Calls calls) {
            return new Counts(
                    health.counters().get(Counter.ACCEPTED),
                    health.counters().get(Counter.DELIVERED),
                    calls.failed.sum(),
                    health.counters().get(Counter.REJECTED) + health.counters().get(Counter.DEAD),
                    health.counters().get(Counter.PENDING),
                    new Snapshot(calls.latency.counts()),
                    new Snapshot(calls.time.counts()));
        }
    }

    /** A {@link Spread} at one moment. */
    @SuppressWarnings("ArrayRecordComponent")
    record Snapshot(long[] counts) {}

    private record Minute(long index, Moment before, Moment after) {}

    /** When the minute under way began to be counted. */
    Moment began() {
        return began;
    }

    /** The last minute that is over; null where there is none. */
    @Nullable
    Moment lastBegan() {
        Minute last = minutes.peekLast();
        return last == null ? null : last.before();
    }

    /**
     * A minute is over where {@code now} is in another than the last moment; what spans several is a gap, for example of a
     * machine that slept.
     *
     * @return the minute that is over, as it is told; null where none is
     */
    @Nullable
    ObjectNode tick(Moment now) {
        long index = index(began.at());
        if (index(now.at()) == index) {
            return null;
        }
        Minute over = new Minute(index, began, now);
        boolean whole = index(now.at()) == index + 1;
        began = now;
        if (!whole) {
            return null;
        }
        minutes.add(over);
        if (minutes.size() >= HOUR) {
            minutes.poll();
        }
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("from", text(index));
        write(over, json);
        return json;
    }

    /** Is it due: a cheap question for every second. */
    boolean isOver(Instant now) {
        return index(now) != index(began.at());
    }

    private static long index(Instant at) {
        return Math.floorDiv(at.toEpochMilli(), MINUTE_MS);
    }

    private static String text(long index) {
        return Instant.ofEpochMilli(index * MINUTE_MS).toString();
    }

    /** The hour until {@code now}. */
    ObjectNode hour(Moment now) {
        long last = index(now.at());
        Minute oldest = minutes.peekFirst();
        long first = Math.max(last - HOUR + 1, oldest == null ? index(began.at()) : oldest.index());
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("from", text(first))
                .put("minutes", last - first + 1)
                .put(
                        "lastMinuteSeconds",
                        Math.max(0, now.at().toEpochMilli() - began.at().toEpochMilli()) / 1e3);
        Iterator<Minute> all = minutes.iterator();
        Minute next = all.hasNext() ? all.next() : null;
        for (long index = first; index <= last; index++) {
            while (next != null && next.index() < index) {
                next = all.hasNext() ? all.next() : null;
            }
            Minute minute = index == last
                    ? new Minute(last, began, now)
                    : next != null && next.index() == index ? next : new Minute(index, now, now);
            boolean gap = index < last && (next == null || next.index() != index);
            write(minute, json, now, gap);
        }
        return json;
    }

    private static void write(Minute minute, ObjectNode json) {
        write(minute, json, minute.after(), false);
    }

    private static void write(Minute minute, ObjectNode json, Moment names, boolean gap) {
        ObjectNode sources = json.withObjectProperty("sources");
        for (String name : names.sources().keySet()) {
            ObjectNode own = sources.withObjectProperty(name);
            boolean known = !gap && minute.after().sources().containsKey(name);
            for (int i = 0; i < OF_SOURCE.length; i++) {
                ArrayNode series = own.withArrayProperty(OF_SOURCE[i]);
                if (known) {
                    series.add(minute.after().source(name, i) - minute.before().source(name, i));
                } else {
                    series.addNull();
                }
            }
        }
        ObjectNode destinations = json.withObjectProperty("destinations");
        for (String name : names.destinations().keySet()) {
            Counts before = minute.before().destinations().get(name);
            Counts after = minute.after().destinations().get(name);
            @Nullable
            Double[] values = gap || before == null || after == null
                    ? new @Nullable Double[OF_DESTINATION.length]
                    : of(before, after);
            ObjectNode own = destinations.withObjectProperty(name);
            for (int i = 0; i < OF_DESTINATION.length; i++) {
                ArrayNode series = own.withArrayProperty(OF_DESTINATION[i]);
                Double value = values[i];
                if (value == null) {
                    series.addNull();
                } else if (value == Math.rint(value)) {
                    series.add(value.longValue());
                } else {
                    series.add(value);
                }
            }
        }
    }

    private static @Nullable Double[] of(Counts before, Counts after) {
        return new @Nullable Double[] {
            (double) Math.max(0, after.accepted() - before.accepted()),
            (double) Math.max(0, after.delivered() - before.delivered()),
            (double) (after.failed() - before.failed()),
            (double) Math.max(0, after.dead() - before.dead()),
            (double) after.waiting(),
            Spread.quantile(before.latency().counts(), after.latency().counts(), 0.5),
            Spread.quantile(before.latency().counts(), after.latency().counts(), 0.99),
            Spread.quantile(before.calls().counts(), after.calls().counts(), 0.5),
            Spread.quantile(before.calls().counts(), after.calls().counts(), 0.99)
        };
    }
}
