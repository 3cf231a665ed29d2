package com.evefan.deadletter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * A dead letter: an event and why it is dead.
 *
 * @param destination who rejected it
 * @param reason in words
 * @param error the class of the error in the destination's own terms
 * @param failedAt when it was rejected
 * @param event the event whole, as accepted
 */
@SuppressWarnings("ArrayRecordComponent")
record Envelope(String destination, String reason, String error, Instant failedAt, byte[] event) {
    /** The version of the JSON form; a later one only adds members. */
    static final int VERSION = 1;

    private static final JsonMapper JSON = new JsonMapper();

    String toJson() {
        ObjectNode json = JSON.createObjectNode()
                .put("version", VERSION)
                .put("destination", destination)
                .put("reason", reason)
                .put("error", error)
                .put("failedAt", failedAt.toString());
        json.putRawValue("event", new RawValue(new String(event, StandardCharsets.UTF_8)));
        try {
            return JSON.writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree is always JSON", e);
        }
    }
}
