package com.evefan.deadletter;

import com.evefan.event.Event;
import com.evefan.event.EventCodec;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** A dead letter as it stands in its queue: an {@link Envelope} as JSON. */
record DeadLetter(String text, JsonNode json) {
    private static final JsonMapper JSON = new JsonMapper();

    /** Written last; within a string the quotes would be escaped. */
    private static final String EVENT = ",\"event\":";

    /** What a message holds; one that Evefan did not write is kept and shown, with nothing known about it. */
    static DeadLetter of(String text) {
        try {
            JsonNode json = JSON.readTree(text);
            return new DeadLetter(text, json.isObject() ? json : JSON.createObjectNode());
        } catch (JsonProcessingException e) {
            return new DeadLetter(text, JSON.createObjectNode());
        }
    }

    String error() {
        return json.path("error").asText("unknown");
    }

    String reason() {
        return json.path("reason").asText("not written by Evefan");
    }

    /** The event's name, or its type where it has none. */
    String eventName() {
        JsonNode event = json.path("event");
        return event.path("event").isTextual()
                ? event.path("event").asText()
                : event.path("type").asText();
    }

    String messageId() {
        return json.path("event").path("messageId").asText();
    }

    Instant lastFailure() {
        try {
            return Instant.parse(json.path("lastFailure").asText());
        } catch (java.time.DateTimeException e) {
            return Instant.EPOCH;
        }
    }

    /**
     * The event as accepted, byte by byte.
     *
     * @throws IllegalArgumentException when there is none in it
     */
    Event event() {
        int start = text.indexOf(EVENT);
        if (start < 0) {
            throw new IllegalArgumentException("no event in it");
        }
        String event = text.substring(start + EVENT.length(), text.lastIndexOf('}'));
        List<Event> events = EventCodec.decode(event.getBytes(StandardCharsets.UTF_8));
        if (events.size() != 1) {
            throw new IllegalArgumentException(events.size() + " events in it");
        }
        return events.get(0);
    }

    @Override
    public String toString() {
        return "dead letter " + messageId() + " (" + error() + ")";
    }
}
