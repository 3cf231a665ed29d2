package com.evefan.destination.mixpanel;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What the stand-in has taken. */
final class MixpanelStore {
    /** What Mixpanel de-duplicates on. */
    record Key(String event, long time, String distinctId, String insertId) {}

    /** Events, once by their key. */
    final Map<Key, JsonNode> events = new ConcurrentHashMap<>();
    /** Events that came again under a key that is there. */
    final AtomicInteger duplicates = new AtomicInteger();
    /** Identity events and profile updates, as often as they came. */
    final List<JsonNode> identities = Collections.synchronizedList(new ArrayList<>());

    final List<JsonNode> users = Collections.synchronizedList(new ArrayList<>());
    final List<JsonNode> groups = Collections.synchronizedList(new ArrayList<>());

    void event(JsonNode event) {
        JsonNode properties = event.get("properties");
        if (MixpanelReplies.isIdentity(event)) {
            identities.add(event);
            return;
        }
        Key key = new Key(
                event.get("event").asText(),
                properties.get("time").asLong(),
                properties.get("distinct_id").asText(),
                properties.get("$insert_id").asText());
        if (events.put(key, event) != null) {
            duplicates.incrementAndGet();
        }
    }
}
