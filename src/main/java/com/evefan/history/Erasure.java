package com.evefan.history;

import com.evefan.event.Person;
import com.evefan.history.Replay.State;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One erasure: whose data, and how far that is. The person is known while it is under way, and forgotten at its end. What
 * it has found, and what is left to do, may name the person: that is told, and never saved. Thread-safe.
 */
final class Erasure {
    final long id;
    final boolean dryRun;
    private final Instant asked;
    private @Nullable Person person;
    private State state = State.QUEUED;
    /** All events before it are done. */
    private long position;

    private long end;
    private boolean resumed;
    private @Nullable Instant begun;
    private @Nullable Instant ended;
    private boolean complete;
    private @Nullable ObjectNode found;

    Erasure(long id, Person person, boolean dryRun, Instant asked) {
        this(id, dryRun, asked);
        this.person = person;
    }

    private Erasure(long id, boolean dryRun, Instant asked) {
        this.id = id;
        this.dryRun = dryRun;
        this.asked = asked;
    }

    /** Null once it is over. */
    synchronized @Nullable Person person() {
        return person;
    }

    synchronized boolean isOver() {
        return state == State.DONE || state == State.STOPPED;
    }

    synchronized void begin(Instant now, long until) {
        if (!isOver()) {
            resumed = begun != null;
            begun = begun == null ? now : begun;
            state = State.RUNNING;
            end = until;
        }
    }

    synchronized boolean isResumed() {
        return resumed;
    }

    synchronized long position() {
        return position;
    }

    synchronized void move(long to) {
        position = to;
    }

    /** It is to end where it is; what is under way says what it has done. */
    synchronized void stop(Instant now) {
        if (!isOver()) {
            person = state == State.QUEUED ? null : person; // nobody needs it any more
            state = State.STOPPED;
            ended = now;
        }
    }

    /** It has ended. */
    synchronized void end(ObjectNode what, boolean all, Instant now) {
        state = state == State.STOPPED ? State.STOPPED : State.DONE;
        ended = now;
        found = what;
        complete = all;
        person = null;
    }

    /** One that is stopped before it has begun. */
    synchronized void forget() {
        person = null;
    }

    /** As an answer. */
    synchronized ObjectNode json() {
        ObjectNode json = told();
        if (state == State.RUNNING) {
            json.put("percent", end <= 0 ? 0 : Math.min(99, 100 * position / end));
        }
        if (found != null) {
            json.setAll(found);
        } else if (isOver() && person == null) {
            json.put("complete", complete);
        }
        return json;
    }

    private ObjectNode told() {
        ObjectNode json = Requests.JSON.createObjectNode();
        json.put("id", id).put("state", state.wireName()).put("dryRun", dryRun);
        json.put("asked", asked.toString());
        if (begun != null) {
            json.put("begun", begun.toString());
        }
        if (ended != null) {
            json.put("ended", ended.toString());
        }
        return json;
    }

    /** With the person as long as that is needed. */
    synchronized ObjectNode saved() {
        ObjectNode json = told().put("position", position).put("complete", complete);
        Person whose = person;
        if (whose != null) {
            new TreeSet<>(whose.userIds()).forEach(json.putArray("userId")::add);
            new TreeSet<>(whose.anonymousIds()).forEach(json.putArray("anonymousId")::add);
        }
        return json;
    }

    /** One that was {@link #saved}. */
    static Erasure of(JsonNode json) {
        Erasure erasure = new Erasure(
                json.path("id").asLong(),
                json.path("dryRun").asBoolean(),
                Instant.parse(json.path("asked").asText()));
        erasure.state = State.valueOf(json.path("state").asText().toUpperCase(Locale.ROOT));
        erasure.position = json.path("position").asLong();
        erasure.complete = json.path("complete").asBoolean();
        erasure.begun = time(json, "begun");
        erasure.ended = time(json, "ended");
        if (!erasure.isOver()) {
            erasure.person = new Person(texts(json.path("userId")), texts(json.path("anonymousId")));
        }
        return erasure;
    }

    private static Set<String> texts(JsonNode array) {
        Set<String> texts = new TreeSet<>();
        array.forEach(one -> texts.add(one.asText()));
        return texts;
    }

    private static @Nullable Instant time(JsonNode json, String name) {
        return json.hasNonNull(name) ? Instant.parse(json.path(name).asText()) : null;
    }

    @Override
    public String toString() {
        return "erasure " + id;
    }
}
