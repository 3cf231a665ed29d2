package com.evefan.deadletter;

import com.evefan.event.Invalid;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter: an event and why it is dead.
 *
 * @param destination who did not take it; {@code ingest} where it was not accepted
 * @param reason in words
 * @param error the class of the error in the destination's own terms
 * @param attempts how often it was tried
 * @param firstFailure when its delivery failed first
 * @param lastFailure when it was given up
 * @param origin who sent it; null where that stands in the event
 * @param event the event whole, as accepted; one that was not accepted as sent, which is not always JSON
 */
@SuppressWarnings("ArrayRecordComponent")
record Envelope(
        String destination,
        String reason,
        String error,
        int attempts,
        Instant firstFailure,
        Instant lastFailure,
        @Nullable Origin origin,
        byte[] event) {
    /** The version of the JSON form; a later one only adds members. */
    static final int VERSION = 1;

    private static final JsonMapper JSON = new JsonMapper();
    private static final int LONGEST = 300;

    Envelope(
            String destination,
            String reason,
            String error,
            int attempts,
            Instant firstFailure,
            Instant lastFailure,
            byte[] event) {
        this(destination, reason, error, attempts, firstFailure, lastFailure, null, event);
    }

    /**
     * The sender of an event that was not accepted.
     *
     * @param source its name
     * @param address of the sender
     * @param sdk its library, or what it says it is
     */
    record Origin(
            String source,
            @Nullable String address,
            @Nullable String sdk) {}

    /** Of an event that ingestion refused. */
    static Envelope refused(Invalid invalid, Invalid.@Nullable Sender sender, Instant now) {
        Origin origin =
                sender == null ? null : new Origin(sender.source(), sender.address(), sdk(invalid, sender.userAgent()));
        return new Envelope(DeadLetters.INGEST, invalid.error(), "invalid", 1, now, now, origin, invalid.json());
    }

    private static @Nullable String sdk(Invalid invalid, @Nullable String userAgent) {
        String sdk = userAgent;
        try {
            JsonNode library = JSON.readTree(invalid.json()).path("context").path("library");
            if (library.path("name").isTextual()) {
                sdk = library.path("name").asText() + " "
                        + library.path("version").asText();
            }
        } catch (IOException e) {
            // no JSON: what the request said
        }
        return sdk == null || sdk.length() <= LONGEST ? sdk : sdk.substring(0, LONGEST);
    }

    String toJson() {
        ObjectNode json = JSON.createObjectNode()
                .put("version", VERSION)
                .put("destination", destination)
                .put("reason", reason)
                .put("error", error)
                .put("attempts", attempts)
                .put("firstFailure", firstFailure.toString())
                .put("lastFailure", lastFailure.toString());
        if (origin != null) {
            json.put("source", origin.source());
            json.put("address", origin.address());
            json.put("sdk", origin.sdk());
        }
        String text = new String(event, StandardCharsets.UTF_8);
        if (isJson()) {
            json.putRawValue("event", new RawValue(text));
        } else {
            json.put("event", text);
        }
        try {
            return JSON.writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree is always JSON", e);
        }
    }

    private boolean isJson() {
        try (var parser = JSON.createParser(event)) {
            int depth = 0;
            while (parser.nextToken() != null) {
                depth++;
            }
            return depth > 0;
        } catch (IOException e) {
            return false;
        }
    }
}
