package com.evefan.destination.mixpanel;

import com.evefan.destination.mixpanel.MixpanelSettings.IdentityMerge;
import com.evefan.destination.mixpanel.MixpanelSettings.Limits;
import com.evefan.destination.mixpanel.MixpanelSettings.Revenue;
import com.evefan.destination.mixpanel.MixpanelSettings.Rules;
import com.evefan.event.Event;
import com.evefan.event.EventType;
import com.evefan.event.Integrations;
import com.evefan.useragent.UapUserAgents;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;

/** Accepted events for the tests of this package. */
final class MixpanelEvents {
    static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
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
        return settings(rules(merge), new Limits(2_000, 1_900_000, 950_000));
    }

    static MixpanelSettings settings(Rules rules, Limits limits) {
        return new MixpanelSettings("the-token", "424242", "", true, rules, limits);
    }

    /** The defaults. */
    static Rules rules(IdentityMerge merge) {
        return new Rules(merge, "groupId", Map.of(), "$mp_web_page_view", "Screen Viewed", false, Revenue.OFF);
    }

    static EventMapper mapper(Rules rules, MeterRegistry meters) {
        Mapping mapping = Mapping.shipped();
        return new EventMapper(
                settings(rules, new Limits(2_000, 1_900_000, 950_000)),
                mapping,
                new UapUserAgents(mapping.browserNames(), 100, false),
                Clock.fixed(NOW, ZoneOffset.UTC),
                new Meters(meters));
    }
}
