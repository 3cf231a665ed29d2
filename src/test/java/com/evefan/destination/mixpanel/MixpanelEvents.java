package com.evefan.destination.mixpanel;

import com.evefan.event.Event;
import com.evefan.event.EventType;
import com.evefan.event.Integrations;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/** Accepted events for the tests of this package. */
final class MixpanelEvents {
    static final ObjectMapper JSON = new ObjectMapper();
    static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

    private MixpanelEvents() {}

    /** An accepted event: what {@code json} says, and what ingestion adds where that says nothing. */
    static Event event(String json) {
        try {
            ObjectNode node = (ObjectNode) JSON.readTree(json);
            ObjectNode all = JSON.createObjectNode();
            all.put("type", "track").put("messageId", "m-1").put("source", "test");
            all.put("timestamp", "2026-06-01T11:59:00Z").put("receivedAt", NOW.toString());
            all.put("userId", "user-1");
            all.setAll(node);
            return new Event(
                    EventType.of(all.get("type").asText()).orElseThrow(),
                    all.get("messageId").asText(),
                    all.get("source").asText(),
                    Instant.parse(all.get("timestamp").asText()),
                    NOW,
                    Integrations.ALL,
                    Json.write(all));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    static Event track(String messageId) {
        return event("{\"messageId\":\"%s\",\"event\":\"Bought\"}".formatted(messageId));
    }

    static Event identify(String messageId) {
        return event("{\"type\":\"identify\",\"messageId\":\"%s\",\"traits\":{\"m\":\"%s\"}}"
                .formatted(messageId, messageId));
    }

    static Event group(String messageId) {
        return event("{\"type\":\"group\",\"messageId\":\"%s\",\"groupId\":\"g\",\"traits\":{\"m\":\"%s\"}}"
                .formatted(messageId, messageId));
    }

    static MixpanelSettings settings(IdentityMerge merge) {
        return new MixpanelSettings("the-token", "424242", "", merge, true, "groupId", 2_000, 1_900_000, 950_000);
    }
}
