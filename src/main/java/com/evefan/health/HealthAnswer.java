package com.evefan.health;

import com.evefan.admin.Administration;
import com.evefan.broker.BrokerStatus;
import com.evefan.counters.Counter;
import com.evefan.counters.DestinationCounters;
import com.evefan.counters.Outage;
import com.evefan.deadletter.RefusedEvents;
import com.evefan.journal.Journal;
import com.evefan.journal.JournalStatus;
import com.evefan.plan.TrackingPlan;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/** Answers {@code GET /v1/health} of both ports; bound as {@code healthAnswer}. */
public final class HealthAnswer {
    private static final JsonMapper JSON = new JsonMapper();

    private static final byte[] UP = "{\"status\":\"up\"}".getBytes(StandardCharsets.UTF_8);
    private static final byte[] DOWN = "{\"status\":\"down\"}".getBytes(StandardCharsets.UTF_8);

    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final Health health;
    private final RefusedEvents refused;
    private final Supplier<JsonNode> replays;
    private final TrackingPlan plan;
    private final long maxUndelivered;
    private final Clock clock;
    private Instant lookedAt = Instant.MIN;
    private boolean taken;

    /**
     * @param maxUndelivered bytes that may be undelivered before senders are refused
     */
    public HealthAnswer(
            Health health,
            RefusedEvents refused,
            Supplier<JsonNode> replays,
            TrackingPlan plan,
            long maxUndelivered,
            Clock clock) {
        this.health = health;
        this.refused = refused;
        this.replays = replays;
        this.plan = plan;
        this.maxUndelivered = maxUndelivered;
        this.clock = clock;
    }

    /** Whether events are taken, and no more: 200, or 503. */
    public byte[] up(Message message) {
        boolean up = takesEvents();
        message.setHeader(Exchange.CONTENT_TYPE, Administration.JSON_TYPE);
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, up ? 200 : 503);
        message.setHeader("Cache-Control", "no-store");
        return up ? UP : DOWN;
    }

    /** Looked at once a second at most: everybody may ask. */
    private synchronized boolean takesEvents() {
        Instant now = clock.instant();
        if (now.isAfter(lookedAt.plus(LOOK_EVERY)) || now.isBefore(lookedAt)) {
            taken = health.takesEvents();
            lookedAt = now;
        }
        return taken;
    }

    /** The report as JSON: 200 when all is well, 503 when an operator should look. */
    public byte[] answer(Exchange exchange) throws JsonProcessingException {
        HealthReport report = health.report();
        Message message = exchange.getMessage();
        message.removeHeaders("*");
        message.setHeader(Exchange.CONTENT_TYPE, Administration.JSON_TYPE);
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, report.isHealthy() ? 200 : 503);
        message.setHeader("Cache-Control", "no-store");
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json(report));
    }

    public ObjectNode json(HealthReport report) {
        ObjectNode json = JSON.createObjectNode()
                .put("status", report.isHealthy() ? "up" : "down")
                .put("message", report.headline());
        ObjectNode destinations = json.putObject("destinations");
        report.destinations().forEach((name, destination) -> write(destination, destinations.putObject(name)));
        health.shares().forEach((name, share) -> {
            if (destinations.get(name) instanceof ObjectNode known) {
                write(share, known);
            }
        });
        write(report.journal(), json.putObject("journal"));
        write(report.broker(), json.putObject("broker"));
        json.set("replays", replays.get());
        var routes = json.putObject("routes").putArray("problems");
        report.routes().forEach(routes::add);
        ArrayNode violations = json.putObject("plan").putArray("violations");
        plan.broken().entrySet().stream()
                .sorted(Comparator.comparing(
                        one -> one.getKey().source() + " " + one.getKey().event()))
                .forEach(one -> violations
                        .addObject()
                        .put("source", one.getKey().source())
                        .put("event", one.getKey().event())
                        .put("count", one.getValue().count())
                        .put("last", one.getValue().last())
                        .put("lastSeen", one.getValue().lastAt().toString()));
        RefusedEvents.Status kept = refused.status();
        json.putObject("refused")
                .put("kept", kept.kept())
                .put("bytes", kept.bytes())
                .put("waiting", kept.waiting())
                .put("dropped", kept.dropped())
                .put("lost", kept.lost());
        return json;
    }

    /** Events refused at ingestion that can be shown. */
    public long refusedKept() {
        return refused.status().kept();
    }

    /** What all nodes owe a destination, and which of them have it. */
    private static void write(Journal.Share share, ObjectNode json) {
        ObjectNode cluster = json.putObject("cluster").put("lag", share.lag());
        share.members().forEach(cluster.putArray("members")::add);
        share.partitions().forEach(cluster.putArray("partitions")::add);
    }

    /** What is told of one destination. */
    public static void write(DestinationHealth destination, ObjectNode json) {
        DestinationCounters counters = destination.counters();
        Outage outage = counters.books().outage();
        json.put("status", destination.status().wireName());
        if (!destination.message().isEmpty()) {
            json.put("message", destination.message());
        }
        if (outage != null) {
            json.put("failingSince", outage.since().toString()).put("failedAttempts", outage.attempts());
        }
        for (Counter counter : Counter.values()) {
            json.put(counter.member(), counters.get(counter));
        }
        json.put("oldestPendingAgeSeconds", destination.oldestPending().toSeconds());
        var errors = json.putArray("errors");
        counters.books()
                .errors()
                .forEach(error -> errors.addObject()
                        .put("reason", error.reason())
                        .put("count", error.count())
                        .put("firstSeen", error.firstSeen().toString())
                        .put("lastSeen", error.lastSeen().toString())
                        .put("lastMessage", error.lastMessage()));
    }

    private void write(@Nullable JournalStatus journal, ObjectNode json) {
        if (journal == null) {
            json.put("status", "closed");
            return;
        }
        boolean open = journal.state() == JournalStatus.State.OPEN;
        json.put("status", open ? "up" : journal.state().name().toLowerCase(java.util.Locale.ROOT));
        if (journal.reason() != null) {
            json.put("message", journal.reason());
        }
        json.put("events", journal.events()).put("bytes", journal.bytes());
        json.put("undelivered", journal.undelivered()).put("undeliveredBytes", journal.undeliveredBytes());
        if (journal.holdsUp() != null) {
            json.put("holdsUp", journal.holdsUp());
        }
        long age = journal.oldest() == null
                ? 0
                : Duration.between(journal.oldest(), clock.instant()).toSeconds();
        json.put("oldestAgeSeconds", Math.max(0, age));
        if (open && journal.holdsUp() != null && journal.undeliveredBytes() > maxUndelivered / 2) {
            json.put(
                    "message",
                    journal.undeliveredBytes() + " bytes are undelivered, and " + journal.holdsUp()
                            + " is furthest behind; at " + maxUndelivered
                            + " (evefan.journal.max-bytes) senders get 503");
        }
        if (!journal.damage().isEmpty()) {
            var damage = json.putArray("damage");
            journal.damage().forEach(damage::add);
        }
    }

    private static void write(BrokerStatus broker, ObjectNode json) {
        json.put("status", broker.wireName()).put("since", broker.since().toString());
        if (!broker.text().isEmpty()) {
            json.put("message", broker.text());
        }
        json.put("storePercent", broker.storePercent());
    }
}
