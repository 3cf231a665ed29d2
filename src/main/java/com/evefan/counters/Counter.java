package com.evefan.counters;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * What is counted of every destination, in events where nothing else is said. A line here is a line in health, in the
 * console, in JMX, in the metrics and, when it is stored, in the counters' file. {@code accepted = delivered + pending +
 * rejected + dead + leftOut + lost} always holds.
 */
public enum Counter {
    ACCEPTED(
            "accepted",
            "accepted_events",
            Kind.COUNTER,
            "Owed to it since it was new",
            one -> one.place().accepted() + one.books().beside().sum()),
    DELIVERED(
            "delivered",
            "delivered_events",
            Kind.COUNTER,
            "Taken",
            one -> one.ended().delivered()),
    PENDING(
            "pending",
            "pending_events",
            Kind.GAUGE,
            "Behind its place in the journal",
            one -> one.place().pending()),
    REJECTED(
            "rejected",
            "rejected_events",
            Kind.COUNTER,
            "Never to be taken",
            one -> one.ended().rejected()),
    DEAD(
            "dead",
            "dead_events",
            Kind.COUNTER,
            "Not taken in time",
            one -> one.ended().dead()),
    LEFT_OUT(
            "leftOut",
            "left_out_events",
            Kind.COUNTER,
            "Left out by integrations or by its own filter",
            one -> one.ended().leftOut()),
    LOST(
            "lost",
            "lost_events",
            Kind.COUNTER,
            "Damaged or deleted in the journal before it had them",
            one -> one.place().lost()),
    RETRIED("retried", "retried_events", "Sent again, once for every attempt"),
    REPLAYED("replayed", "replayed_events", "Taken once more, in replays from the journal"),
    DELETED("deleted", "deleted_events", "Dead letters that an operator deleted"),
    DEAD_LETTERS(
            "deadLetters", "dead_letters", Kind.GAUGE, "In its dead-letter queue", DestinationCounters::deadLetters),
    BYTES_PENDING(
            "bytesPending",
            "unfinished_bytes",
            Kind.GAUGE,
            "Size of what is pending, in bytes",
            one -> one.place().pendingBytes());

    private enum Kind {
        /** Grows only. */
        COUNTER,
        /** Grows only, and is known to the counters' file alone. */
        STORED,
        /** Rises and falls. */
        GAUGE
    }

    private final String member;
    private final String metric;
    private final Kind kind;
    private final String help;
    private final ToLongFunction<DestinationCounters> value;

    /** One that is stored. */
    Counter(String member, String metric, String help) {
        this.member = member;
        this.metric = metric;
        this.kind = Kind.STORED;
        this.help = help;
        this.value = one -> one.books().get(this);
    }

    Counter(String member, String metric, Kind kind, String help, ToLongFunction<DestinationCounters> value) {
        this.member = member;
        this.metric = metric;
        this.kind = kind;
        this.help = help;
        this.value = value;
    }

    /** Those that are kept in the counters' file. */
    static List<Counter> stored() {
        List<Counter> stored = new ArrayList<>();
        for (Counter counter : values()) {
            if (counter.kind == Kind.STORED) {
                stored.add(counter);
            }
        }
        return stored;
    }

    /** Its name in JSON. */
    public String member() {
        return member;
    }

    /** Its name in JMX. */
    public String attribute() {
        return Character.toUpperCase(member.charAt(0)) + member.substring(1);
    }

    /** Its name in metrics, after {@code evefan_destination_}. */
    public String metric() {
        return metric;
    }

    /** Whether it only ever grows. */
    public boolean grows() {
        return kind != Kind.GAUGE;
    }

    public String help() {
        return help;
    }

    public long of(DestinationCounters counters) {
        return value.applyAsLong(counters);
    }
}
