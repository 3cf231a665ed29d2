package com.evefan.deadletter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * A dead letter: an event and why it is dead.
 *
 * @param destination who did not take it; {@code ingest} where it was not accepted
 * @param reason in words
 * @param error the class of the error in the destination's own terms
 * @param attempts how often it was tried
 * @param firstFailure when its delivery failed first
 * @param lastFailure when it was given up
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
        byte[] event) {
    /** The version of the JSON form; a later one only adds members. */
    static final int VERSION = 1;

    private static final JsonMapper JSON = new JsonMapper();

    String toJson() {
        ObjectNode json = JSON.createObjectNode()
                .put("version", VERSION)
                .put("destination", destination)
                .put("reason", reason)
                .put("error", error)
                .put("attempts", attempts)
                .put("firstFailure", firstFailure.toString())
                .put("lastFailure", lastFailure.toString());
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
