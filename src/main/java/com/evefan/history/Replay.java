package com.evefan.history;

import com.evefan.event.Event;
import com.evefan.event.EventFacts;
import com.evefan.event.Person;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One replay: what is to be sent again, and how far that is. Thread-safe. */
final class Replay {
    private static final int MOST_NAMES = 100;
    private static final String OTHER_NAMES = "(others)";

    /** How far it is, or an {@link Erasure}. */
    enum State {
        QUEUED,
        RUNNING,
        /** All of it is done, or counted. */
        DONE,
        STOPPED;

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Which events; what is null does not matter. */
    record Filter(
            @Nullable Instant since,
            @Nullable Instant until,
            @Nullable String event,
            @Nullable String user,
            @Nullable String source,
            @Nullable String messageId) {
        boolean matches(Event one) {
            return (since == null || !one.receivedAt().isBefore(since))
                    && (until == null || one.receivedAt().isBefore(until))
                    && (source == null || one.source().equals(source))
                    && (messageId == null
                            || one.messageId().equals(messageId)
                            || one.id().equals(messageId))
                    && ((event == null && user == null) || matches(EventFacts.of(one.json())));
        }

        private boolean matches(EventFacts facts) {
            return (event == null || event.equals(facts.name())) && (user == null || user.equals(facts.userId()));
        }

        private ObjectNode json() {
            ObjectNode json = Requests.JSON.createObjectNode();
            put(json, "since", since);
            put(json, "until", until);
            put(json, "event", event);
            put(json, "user", user);
            put(json, "source", source);
            put(json, "messageId", messageId);
            return json;
        }

        private static void put(ObjectNode json, String name, @Nullable Object value) {
            if (value != null) {
                json.put(name, value.toString());
            }
        }

        private static Filter of(JsonNode json) {
            return new Filter(
                    time(json, "since"),
                    time(json, "until"),
                    text(json, "event"),
                    text(json, "user"),
                    text(json, "source"),
                    text(json, "messageId"));
        }
    }

    /** What became of events of one batch. */
    record Sent(long replayed, long rejected, long dead, long leftOut) {}

    final long id;
    final String destination;
    final Filter filter;
    final boolean dryRun;
    /** The position behind the last event that may be sent: what comes after it the destination gets anyway. */
    final long end;

    final Instant asked;
    private final Map<String, Long> names = new TreeMap<>();
    private State state = State.QUEUED;
    private long position;
    private long events;
    private long bytes;
    private long replayed;
    private long rejected;
    private long dead;
    private long leftOut;
    private long missing;
    private @Nullable Instant first;
    private @Nullable Instant last;
    private @Nullable Instant begun;
    private @Nullable Instant ended;
    private @Nullable Instant keptSince;
    private @Nullable Double rate;
    private String message = "";

    Replay(long id, String destination, Filter filter, boolean dryRun, long position, long end, Instant asked) {
        this.id = id;
        this.destination = destination;
        this.filter = filter;
        this.dryRun = dryRun;
        this.position = position;
        this.end = end;
        this.asked = asked;
    }

    synchronized State state() {
        return state;
    }

    synchronized boolean isOver() {
        return state == State.DONE || state == State.STOPPED;
    }

    synchronized long position() {
        return position;
    }

    synchronized Instant begun() {
        return begun == null ? asked : begun;
    }

    synchronized void begin(Instant now) {
        if (!isOver()) {
            state = State.RUNNING;
            begun = begun == null ? now : begun;
        }
    }

    /** It has come to its end, or is to end here; false where it had already. */
    synchronized boolean end(State how, Instant now) {
        if (isOver()) {
            return false;
        }
        state = how;
        ended = now;
        return true;
    }

    synchronized void tell(String words) {
        message = words;
    }

    /** From when on there is anything, where that is later than what was asked for. */
    synchronized void keptSince(@Nullable Instant oldest) {
        keptSince = oldest;
    }

    synchronized void rate(@Nullable Double eventsPerSecond) {
        rate = eventsPerSecond;
    }

    synchronized void count(Sent sent) {
        replayed += sent.replayed();
        rejected += sent.rejected();
        dead += sent.dead();
        leftOut += sent.leftOut();
    }

    /** Everything before {@code next} is done. */
    synchronized void move(long next, long gone) {
        position = next;
        missing += gone;
    }

    /** One that is meant. */
    synchronized void meant(Event event) {
        events++;
        bytes += event.json().length;
        first = first == null ? event.receivedAt() : first;
        last = event.receivedAt();
        if (dryRun) {
            String name = EventFacts.of(event.json()).name();
            String known = name == null ? "" : name;
            names.merge(names.containsKey(known) || names.size() < MOST_NAMES ? known : OTHER_NAMES, 1L, Long::sum);
        }
    }

    boolean concerns(Person person) {
        return filter.user() != null && person.userIds().contains(filter.user());
    }

    /** As an answer. */
    synchronized ObjectNode json() {
        ObjectNode json = saved();
        json.remove("position");
        json.remove("end");
        if (dryRun && rate != null) {
            json.put("eventsPerSecond", Math.round(rate));
            json.put("seconds", (long) Math.ceil(events / rate));
        } else if (dryRun) {
            json.put("seconds", "not known: nothing has been delivered to it since the start");
        }
        json.put("percent", percent());
        return json;
    }

    private long percent() {
        return isOver() && state == State.DONE || end <= 0 ? 100 : Math.min(100, 100 * position / end);
    }

    synchronized ObjectNode saved() {
        ObjectNode json = Requests.JSON.createObjectNode();
        json.put("id", id).put("destination", destination).put("state", state.wireName());
        if (dryRun) {
            json.put("dryRun", true);
        }
        json.set("filter", filter.json());
        json.put("events", events).put("bytes", bytes);
        put(json, "from", first);
        put(json, "to", last);
        if (dryRun) {
            ObjectNode byName = json.putObject("names");
            names.forEach(byName::put);
        } else {
            json.put("replayed", replayed).put("rejected", rejected).put("dead", dead);
            json.put("leftOut", leftOut);
        }
        json.put("missing", missing);
        put(json, "keptSince", keptSince);
        put(json, "asked", asked);
        put(json, "begun", begun);
        put(json, "ended", ended);
        if (!message.isEmpty()) {
            json.put("message", message);
        }
        return json.put("position", position).put("end", end);
    }

    private static void put(ObjectNode json, String name, @Nullable Instant time) {
        if (time != null) {
            json.put(name, time.toString());
        }
    }

    /** One that was {@link #saved}. */
    static Replay of(JsonNode json) {
        Replay replay = new Replay(
                json.path("id").asLong(),
                json.path("destination").asText(),
                Filter.of(json.path("filter")),
                json.path("dryRun").asBoolean(),
                json.path("position").asLong(),
                json.path("end").asLong(),
                Instant.parse(json.path("asked").asText()));
        replay.state = State.valueOf(json.path("state").asText().toUpperCase(Locale.ROOT));
        replay.events = json.path("events").asLong();
        replay.bytes = json.path("bytes").asLong();
        replay.replayed = json.path("replayed").asLong();
        replay.rejected = json.path("rejected").asLong();
        replay.dead = json.path("dead").asLong();
        replay.leftOut = json.path("leftOut").asLong();
        replay.missing = json.path("missing").asLong();
        replay.first = time(json, "from");
        replay.last = time(json, "to");
        replay.keptSince = time(json, "keptSince");
        replay.begun = time(json, "begun");
        replay.ended = time(json, "ended");
        replay.message = json.path("message").asText();
        json.path("names")
                .properties()
                .forEach(name -> replay.names.put(name.getKey(), name.getValue().asLong()));
        return replay;
    }

    private static @Nullable Instant time(JsonNode json, String name) {
        String text = text(json, name);
        return text == null ? null : Instant.parse(text);
    }

    private static @Nullable String text(JsonNode json, String name) {
        return json.hasNonNull(name) ? json.path(name).asText() : null;
    }

    /** Without the filter, which may name a person: fit for logs. */
    @Override
    public synchronized String toString() {
        Duration took = begun == null || ended == null ? Duration.ZERO : Duration.between(begun, ended);
        return "replay " + id + " to " + destination + " (" + state.wireName() + ", " + replayed + " replayed, "
                + rejected
                + " rejected, " + dead + " dead, " + leftOut + " left out, " + missing + " not kept any more"
                + (ended == null ? "" : ", " + took.toMillis() + " ms") + ")";
    }
}
