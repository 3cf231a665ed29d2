package com.evefan.console;

import com.evefan.admin.Administration;
import com.evefan.counters.Counter;
import com.evefan.counters.Outage;
import com.evefan.delivery.Destination;
import com.evefan.delivery.Destination.Status;
import com.evefan.delivery.Destinations;
import com.evefan.event.Event;
import com.evefan.health.DestinationHealth;
import com.evefan.health.Health;
import com.evefan.health.HealthAnswer;
import com.evefan.health.HealthReport;
import com.evefan.ingest.SourceCounters;
import com.evefan.ingest.Sources;
import com.evefan.journal.History;
import com.evefan.journal.Journal;
import com.evefan.journal.JournalStatus;
import com.evefan.journal.local.JournalSettings;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/** How everything is, in numbers; bound as {@code console}. Thread-safe. */
public final class Console {
    static final JsonMapper JSON = new JsonMapper();

    private static final Duration RATE_OVER = Duration.ofSeconds(10);
    private static final Duration BEHIND = Duration.ofMinutes(1);
    private static final int DAY_MINUTES = 1_440;
    private static final int LISTED_AT_FIRST = 1_000;

    private final Health health;
    private final HealthAnswer answer;
    private final Supplier<Journal> journal;
    private final Destinations destinations;
    private final Sources sources;
    private final Traffic traffic;
    private final JournalSettings settings;
    private final Facts facts;
    private final Clock clock;
    private volatile Instant start;
    /** By the second, while somebody looks. */
    private final Deque<Minutes.Moment> seconds = new ArrayDeque<>();
    /** Bytes written until then, by the minute. */
    private final Deque<long[]> written = new ArrayDeque<>();

    private final Map<String, Since> states = new HashMap<>();
    private Minutes minutes;

    /**
     * What does not change.
     *
     * @param publicUrl where senders send
     */
    public record Facts(String version, String publicUrl, String docs) {}

    private record Since(Status status, Instant at) {}

    public Console(
            Health health,
            HealthAnswer answer,
            Supplier<Journal> journal,
            Destinations destinations,
            Sources sources,
            Traffic traffic,
            JournalSettings settings,
            Facts facts,
            Clock clock) {
        this.health = health;
        this.answer = answer;
        this.journal = journal;
        this.destinations = destinations;
        this.sources = sources;
        this.traffic = traffic;
        this.settings = settings;
        this.facts = facts;
        this.clock = clock;
        this.start = now();
        this.minutes = new Minutes(new Minutes.Moment(start, Map.of(), Map.of()));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    /** From now on it is counted: all runs. */
    public synchronized void start() {
        start = now();
        minutes = new Minutes(moment(health.report()));
    }

    /** When Evefan started. */
    Instant since() {
        return start;
    }

    // ---- Each second ------------------------------------------------------------------------------------------------

    synchronized boolean isMinuteOver() {
        return minutes.isOver(now());
    }

    /** A second is over; returns the minute that is over with it, or null. Nothing to do in most seconds. */
    @Nullable
    synchronized ObjectNode tick() {
        if (!minutes.isOver(now())) {
            return null;
        }
        HealthReport report = health.report();
        Minutes.Moment moment = moment(report);
        JournalStatus status = report.journal();
        if (status != null) {
            written.add(new long[] {moment.at().toEpochMilli(), status.writtenBytes()});
            if (written.size() > DAY_MINUTES) {
                written.poll();
            }
        }
        ObjectNode over = minutes.tick(moment);
        return over;
    }

    private Minutes.Moment moment(HealthReport report) {
        Instant now = now();
        report.destinations().forEach((name, one) -> {
            Since known = states.get(name);
            if (known == null || known.status() != one.status()) {
                states.put(name, new Since(one.status(), known == null ? start : now));
            }
        });
        states.keySet().retainAll(report.destinations().keySet());
        return Minutes.Moment.of(now, report, sources.counters(), traffic);
    }

    /** The state of now; of a second in which somebody looks. */
    synchronized ObjectNode second() {
        HealthReport report = health.report();
        Minutes.Moment moment = moment(report);
        ObjectNode state = state(report, moment);
        seconds.add(moment);
        while (seconds.size() > 1
                && Duration.between(seconds.peek().at(), moment.at()).compareTo(RATE_OVER) > 0) {
            seconds.poll();
        }
        return state;
    }

    /** Nobody looks any more. */
    synchronized void rest() {
        seconds.clear();
    }

    /** Events come to be looked at; the last that are kept are where to begin. */
    void watch(boolean now) {
        Deque<Row> before = new ArrayDeque<>();
        if (now) {
            long bytes = 0;
            try {
                History history = journal.get().history();
                History.Kept kept = history.kept();
                try (History.Cursor cursor = history.from(Math.max(kept.first(), kept.end() - LISTED_AT_FIRST))) {
                    for (History.Page page = cursor.next(kept.end()); page != null; page = cursor.next(kept.end())) {
                        for (Event event : page.events()) {
                            before.add(Row.of(event));
                            bytes += event.json().length;
                            while (bytes > Traffic.KEPT_BYTES) {
                                bytes -= before.remove().json().length;
                            }
                        }
                    }
                }
            } catch (RuntimeException e) {
                // the journal is closed, or cannot be read: what comes from now on is shown
            }
        }
        traffic.watch(now, List.copyOf(before));
    }

    // ---- The state --------------------------------------------------------------------------------------------------

    /** Everything now, and the last hour. */
    public byte[] snapshot(Exchange exchange) throws JsonProcessingException {
        return answer(exchange, snapshot());
    }

    private synchronized ObjectNode snapshot() {
        HealthReport report = health.report();
        Minutes.Moment moment = moment(report);
        ObjectNode json = JSON.createObjectNode()
                .put("at", moment.at().toString())
                .put("since", start.toString())
                .put("version", facts.version())
                .put("publicUrl", facts.publicUrl())
                .put("docs", facts.docs());
        json.set("state", state(report, moment));
        json.set("health", answer.json(report));
        json.set("hour", minutes.hour(moment));
        return json;
    }

    static byte[] answer(Exchange exchange, ObjectNode json) throws JsonProcessingException {
        Message message = exchange.getMessage();
        message.removeHeaders("*");
        message.setHeader(Exchange.CONTENT_TYPE, Administration.JSON_TYPE);
        return JSON.writeValueAsBytes(json);
    }

    private ObjectNode state(HealthReport report, Minutes.Moment now) {
        Minutes.Moment first = seconds.peek();
        Minutes.Moment before = first == null || millis(first, now) < 900 ? minutes.began() : first;
        Minutes.Moment minuteAgo = minutes.lastBegan();
        ObjectNode json = JSON.createObjectNode()
                .put("at", now.at().toString())
                .put("message", headline(report, now, before))
                .put("healthy", report.isHealthy())
                .put("acceptedPerSecond", perSecond(now.accepted() - before.accepted(), before, now))
                .put(
                        "refusedPerMinute",
                        perMinute(
                                now.refused(),
                                minutes.began().refused(),
                                minuteAgo == null ? -1 : minuteAgo.refused(),
                                now))
                .put("broker", report.broker().wireName());
        json.set("journal", journal(report.journal()));
        ObjectNode all = json.putObject("sources");
        boolean ever = false;
        for (Map.Entry<String, SourceCounters> one : sources.counters().entrySet()) {
            all.set(one.getKey(), source(one.getKey(), one.getValue(), before, now));
        }
        ObjectNode own = json.putObject("destinations");
        double delivered = 0;
        for (Map.Entry<String, DestinationHealth> one : report.destinations().entrySet()) {
            ObjectNode state = destination(one.getKey(), one.getValue(), before, now);
            own.set(one.getKey(), state);
            delivered += state.path("deliveredPerSecond").asDouble();
            ever |= state.path("accepted").asLong() > 0;
        }
        JournalStatus status = report.journal();
        json.put("deliveredPerSecond", rounded(delivered));
        json.put("eventsEver", ever || (status != null && status.events() > 0));
        json.put("refusedKept", answer.refusedKept());
        return json;
    }

    /** As health has it; where all is well, with what runs. */
    private static String headline(HealthReport report, Minutes.Moment now, Minutes.Moment before) {
        String line = report.headline();
        boolean well = report.isHealthy() && line.equals("Evefan is well");
        if (!well) {
            return line;
        }
        Duration oldest = report.destinations().values().stream()
                .filter(one -> one.status() == Status.UP)
                .map(DestinationHealth::oldestPending)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
        return String.format(
                Locale.ROOT,
                "All is well: %s events/s, oldest waiting %.1f s",
                Math.round(perSecond(now.accepted() - before.accepted(), before, now)),
                oldest.toMillis() / 1e3);
    }

    private static long millis(Minutes.Moment before, Minutes.Moment now) {
        return Duration.between(before.at(), now.at()).toMillis();
    }

    private static double perSecond(long events, Minutes.Moment before, Minutes.Moment now) {
        long millis = millis(before, now);
        return millis <= 0 ? 0 : rounded(Math.max(0, events) * 1e3 / millis);
    }

    private static double rounded(double number) {
        return number < 100 ? Math.round(number * 10) / 10.0 : Math.round(number);
    }

    /** The minute under way with as much of the one before as makes it a whole one. */
    private double perMinute(long now, long began, long minuteAgo, Minutes.Moment at) {
        double share = Math.min(1, millis(minutes.began(), at) / 60_000.0);
        double before = minuteAgo < 0 ? 0 : (began - minuteAgo) * (1 - share);
        return rounded(now - began + before);
    }

    private ObjectNode source(String name, SourceCounters counters, Minutes.Moment before, Minutes.Moment now) {
        Minutes.Moment minuteAgo = minutes.lastBegan();
        ObjectNode json = JSON.createObjectNode()
                .put(
                        "enabled",
                        sources.all().stream().anyMatch(one -> one.name().equals(name) && one.enabled()))
                .put("acceptedPerSecond", perSecond(now.source(name, 0) - before.source(name, 0), before, now))
                .put(
                        "refusedPerMinute",
                        perMinute(
                                now.source(name, 1),
                                minutes.began().source(name, 1),
                                minuteAgo == null ? -1 : minuteAgo.source(name, 1),
                                now))
                .put("accepted", counters.accepted())
                .put("refused", counters.rejected());
        Instant seen = traffic.lastSeen(name);
        if (seen != null) {
            json.put("lastSeen", seen.toString());
        }
        return json;
    }

    private ObjectNode destination(String name, DestinationHealth health, Minutes.Moment before, Minutes.Moment now) {
        Minutes.Counts counts = Objects.requireNonNull(now.destinations().get(name));
        Minutes.Counts counted =
                Objects.requireNonNullElse(before.destinations().get(name), counts);
        Outage outage = health.counters().books().outage();
        Since since = states.get(name);
        Instant oldest = health.counters().place().oldest();
        ObjectNode json = JSON.createObjectNode()
                .put("status", health.status().wireName())
                .put(
                        "catchingUp",
                        health.status() == Status.UP && health.oldestPending().compareTo(BEHIND) > 0)
                .put(
                        "since",
                        (outage != null ? outage.since() : since == null ? start : since.at())
                                .truncatedTo(ChronoUnit.MILLIS)
                                .toString())
                .put("message", health.message())
                .put("failedAttempts", outage == null ? 0 : outage.attempts())
                .put("acceptedPerSecond", perSecond(counts.accepted() - counted.accepted(), before, now))
                .put("deliveredPerSecond", perSecond(counts.delivered() - counted.delivered(), before, now))
                .put("waiting", counts.waiting())
                .put("oldestSeconds", health.oldestPending().toMillis() / 100 / 10.0)
                .put("placeAt", oldest == null ? "" : oldest.toString())
                .put("accepted", counts.accepted())
                .put("delivered", counts.delivered())
                .put("deadLetters", health.counters().get(Counter.DEAD_LETTERS));
        if (outage != null) {
            json.put("lastFailure", outage.message());
            Destination own = destinations.get(name);
            if (own != null) {
                json.put(
                        "nextAttemptAt",
                        now.at()
                                .plus(own.untilNextAttempt())
                                .truncatedTo(ChronoUnit.SECONDS)
                                .toString());
            }
        }
        Traffic.Call call = traffic.calls(name).last;
        if (call != null) {
            json.putObject("lastCall")
                    .put("at", call.at().truncatedTo(ChronoUnit.MILLIS).toString())
                    .put("events", call.events())
                    .put("millis", call.millis())
                    .put("ok", call.ok());
        }
        return json;
    }

    /** The state of one destination; null where there is none. */
    @Nullable
    synchronized ObjectNode destination(String name, HealthReport report) {
        DestinationHealth own = report.destinations().get(name);
        Minutes.Moment now = moment(report);
        return own == null ? null : destination(name, own, minutes.began(), now);
    }

    /** The state of one source. */
    synchronized ObjectNode source(String name) {
        Minutes.Moment now = moment(health.report());
        SourceCounters counters = sources.counters().get(name);
        return counters == null ? JSON.createObjectNode() : source(name, counters, minutes.began(), now);
    }

    ObjectNode journal(@Nullable JournalStatus status) {
        ObjectNode json = JSON.createObjectNode();
        if (status == null) {
            return json.put("status", "closed");
        }
        boolean open = status.state() == JournalStatus.State.OPEN;
        json.put("status", open ? "up" : status.state().name().toLowerCase(Locale.ROOT));
        if (status.reason() != null) {
            json.put("message", status.reason());
        }
        json.put("usedBytes", status.bytes()).put("maxBytes", settings.maxBytes());
        long free = free();
        if (free >= 0) {
            json.put("freeBytes", free);
        }
        if (status.oldest() != null) {
            json.put(
                    "oldestAgeSeconds",
                    Math.max(
                            0,
                            Duration.between(status.oldest(), clock.instant()).toSeconds()));
        }
        json.put("undelivered", status.undelivered());
        if (status.holdsUp() != null) {
            json.put("holdsUp", status.holdsUp());
        }
        long[] first = written.peek();
        long since = first == null ? start.toEpochMilli() : first[0];
        double perSecond =
                (status.writtenBytes() - (first == null ? 0 : first[1])) * 1e3 / Math.max(1, clock.millis() - since);
        json.put("bytesPerSecond", rounded(perSecond));
        if (perSecond >= 1) {
            long room = settings.maxBytes() - status.undeliveredBytes();
            if (free >= 0) {
                room = Math.min(room, free - settings.minFreeBytes());
            }
            json.put("roomSeconds", (long) (Math.max(0, room) / perSecond));
        }
        return json;
    }

    private long free() {
        try {
            return Files.getFileStore(settings.directory()).getUsableSpace();
        } catch (IOException e) {
            return -1;
        }
    }

    /** How everything is, as health has it. */
    HealthReport report() {
        return health.report();
    }
}
