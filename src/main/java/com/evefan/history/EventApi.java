package com.evefan.history;

import static com.evefan.history.Requests.JSON;

import com.evefan.admin.ApiException;
import com.evefan.admin.Query;
import com.evefan.counters.Outage;
import com.evefan.counters.SafeText;
import com.evefan.deadletter.DeadLetterApi;
import com.evefan.deadletter.DeadLetterApi.Search;
import com.evefan.delivery.Destination;
import com.evefan.delivery.Destinations;
import com.evefan.event.Event;
import com.evefan.event.EventFacts;
import com.evefan.event.Person;
import com.evefan.journal.History;
import com.evefan.journal.Journal;
import com.evefan.journal.Place;
import com.evefan.journal.Place.Standing;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;

/**
 * Where an event is; bound as {@code eventApi}. When one was delivered is known to some seconds, for a day, and only since
 * the start: places are noted now and then, and no event for itself.
 */
public final class EventApi implements AutoCloseable {
    private static final int MOST = 10;
    private static final int OF_PERSON = 20;
    private static final int MOST_OF_PERSON = 100;
    /** Of looking through one destination's dead letters. */
    private static final Duration PATIENCE = Duration.ofMillis(300);

    private static final long NOTE_EVERY_SECONDS = 5;
    /** Of one destination: a day. */
    private static final int MOST_NOTES = 17_280;

    private final Map<String, Deque<Note>> passed = new ConcurrentHashMap<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "evefan-places-noted");
        made.setDaemon(true);
        return made;
    });
    private final Supplier<Journal> journal;
    private final Destinations destinations;
    private final DeadLetterApi deadLetters;
    private final Clock clock;

    public EventApi(Supplier<Journal> journal, Destinations destinations, DeadLetterApi deadLetters, Clock clock) {
        this.journal = journal;
        this.destinations = destinations;
        this.deadLetters = deadLetters;
        this.clock = clock;
    }

    /** A place at one moment: everything before {@code position} was done by then. */
    private record Note(Instant at, long position) {}

    public void start() {
        note();
        var unused =
                thread.scheduleWithFixedDelay(this::note, NOTE_EVERY_SECONDS, NOTE_EVERY_SECONDS, TimeUnit.SECONDS);
    }

    private void note() {
        try {
            Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
            for (Place place : journal.get().places()) {
                Deque<Note> notes = passed.computeIfAbsent(place.destination(), name -> new ConcurrentLinkedDeque<>());
                long position = place.status().position();
                Note last = notes.peekLast();
                if (last == null || last.position() < position) {
                    notes.add(new Note(now, position));
                }
                if (notes.size() > MOST_NOTES) {
                    notes.poll();
                }
            }
        } catch (RuntimeException e) {
            // the journal is closed, or not open yet
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    /** Where the events with this messageId are, the newest first; 404 says how far back it looked. */
    public byte[] find(@Header("messageId") String messageId, Exchange exchange)
            throws ApiException, JsonProcessingException {
        History history = journal.get().history();
        List<History.Found> found = history.find(messageId, MOST);
        if (found.isEmpty()) {
            History.Kept kept = history.kept();
            Instant oldest = kept.oldest();
            throw new ApiException(
                    404,
                    "no event with the messageId " + messageId + " is kept; looked through "
                            + (oldest == null
                                    ? "nothing: no event is kept"
                                    : (kept.end() - kept.first()) + " events, back to " + oldest));
        }
        ObjectNode json = JSON.createObjectNode().put("messageId", messageId);
        ArrayNode events = json.putArray("events");
        found.forEach(one -> write(one, events.addObject()));
        return Requests.answer(exchange, json);
    }

    /** The last events of a person, the newest first. */
    public byte[] ofPerson(@Header(Exchange.HTTP_QUERY) @Nullable String query, Exchange exchange)
            throws ApiException, JsonProcessingException {
        Map<String, String> asked = Query.parameters(query, List.of("userId", "anonymousId", "limit"));
        Person person = new Person(one(asked, "userId"), one(asked, "anonymousId"));
        if (person.userIds().isEmpty() && person.anonymousIds().isEmpty()) {
            throw new ApiException(400, "userId or anonymousId must say whose events are meant");
        }
        History history = journal.get().history();
        History.Kept kept = history.kept();
        ObjectNode json = JSON.createObjectNode();
        ArrayNode events = json.putArray("events");
        for (History.Found found : history.find(person, limit(asked.get("limit")))) {
            Event event = found.event();
            events.addObject()
                    .put("acceptedAt", event.receivedAt().toString())
                    .put("source", event.source())
                    .put("type", event.type().wireName())
                    .put("name", EventFacts.of(event.json()).name())
                    .put("messageId", event.messageId())
                    .put("id", event.id())
                    .putRawValue("event", new RawValue(new String(event.json(), StandardCharsets.UTF_8)));
        }
        Instant oldest = kept.oldest();
        if (oldest != null) {
            json.put("keptSince", oldest.toString());
        }
        return Requests.answer(exchange, json);
    }

    private static Set<String> one(Map<String, String> asked, String name) {
        String value = asked.get(name);
        return value == null || value.isEmpty() ? Set.of() : Set.of(value);
    }

    private static int limit(@Nullable String asked) throws ApiException {
        try {
            int limit = asked == null ? OF_PERSON : Integer.parseInt(asked);
            if (limit > 0 && limit <= MOST_OF_PERSON) {
                return limit;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new ApiException(400, "limit must be a number from 1 to " + MOST_OF_PERSON + ", was '" + asked + "'");
    }

    private void write(History.Found found, ObjectNode json) {
        json.put("acceptedAt", found.event().receivedAt().toString())
                .put("source", found.event().source())
                .put("type", found.event().type().wireName())
                .put("id", found.event().id())
                .put("position", found.position());
        ObjectNode all = json.putObject("destinations");
        for (Place place : journal.get().places()) {
            write(found, place, all.putObject(place.destination()));
        }
    }

    private void write(History.Found found, Place place, ObjectNode json) {
        Standing standing = place.standing(found.position());
        Destination destination = destinations.get(place.destination());
        if (standing.stage() == Place.Stage.NOT_OWED) {
            json.put("state", "not owed")
                    .put("reason", "accepted before the destination was new, or after it was removed");
            return;
        }
        if (!found.event().integrations().allows(place.destination())) {
            json.put("state", "left out").put("reason", "the event's integrations");
            return;
        }
        if (destination != null && !destination.consent().isGivenBy(found.event())) {
            json.put("state", "left out").put("reason", "the consent that the event gives");
            return;
        }
        if (standing.stage() == Place.Stage.WAITING) {
            json.put("state", "waiting").put("behind", standing.behind());
            if (destination != null && !destination.message().isEmpty()) {
                json.put("message", destination.message());
            }
            return;
        }
        if (isRejected(found, place, json)) {
            return;
        }
        if (standing.stage() == Place.Stage.PASSED) {
            json.put("state", "delivered"); // or left out by the destination's own filter, which leaves no trace
            for (Note note : passed.getOrDefault(place.destination(), new ArrayDeque<>())) {
                if (note.position() > found.position()) {
                    json.put("deliveredBy", note.at().toString());
                    return;
                }
            }
            json.put(
                    "deliveredBy",
                    clock.instant().truncatedTo(ChronoUnit.MILLIS).toString());
            return;
        }
        json.put("state", "in hand").put("behind", standing.behind());
        Outage outage =
                destination == null ? null : destination.counters().books().outage();
        if (outage != null) {
            json.put("failedAttempts", outage.attempts()).put("lastError", outage.message());
        }
    }

    private boolean isRejected(History.Found found, Place place, ObjectNode json) {
        try {
            Search search = deadLetters.find(
                    place.destination(),
                    found.event().messageId(),
                    found.event().id(),
                    PATIENCE);
            DeadLetterApi.GivenUp letter = search.found();
            if (letter != null) {
                json.put("state", letter.isExpired() ? "dead" : "rejected")
                        .put("error", letter.error())
                        .put("reason", letter.reason())
                        .put("at", letter.at().toString());
                return true;
            }
            if (!search.whole()) {
                json.put("note", "not all of its dead letters were looked through: it may be one of them");
            }
        } catch (Exception e) {
            json.put(
                    "note",
                    "its dead letters cannot be looked through: "
                            + SafeText.of(e.getMessage(), e.getClass().getSimpleName()));
        }
        return false;
    }
}
