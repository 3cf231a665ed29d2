package com.evefan.warehouse;

import com.evefan.event.Event;
import com.evefan.event.EventType;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** An event's JSON, parsed once, as deep as there are columns for it; columns then take from it what is theirs. */
final class EventMembers {
    /** Parts of {@code context} of which some members have a column and others have not. */
    private static final Set<String> CONTEXT_PARTS = Set.of("library", "page", "userAgentData", "campaign");

    /** Fixed by us, told in columns of every table, or an instruction or a secret rather than something that happened. */
    private static final Set<String> NOT_KEPT =
            Set.of("type", "messageId", "source", "timestamp", "receivedAt", "integrations", "writeKey");

    /** An accepted event has passed the limits of ingestion; no second set of limits may refuse it here. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private final EventType type;
    private final Members own = new Members();
    private final Members context = new Members();
    private final Map<String, Members> contextParts = new LinkedHashMap<>();
    private Members properties = new Members();
    private Traits traits;

    private EventMembers(EventType type) {
        this.type = type;
        this.traits = Traits.none(type);
    }

    static EventMembers read(Event event) {
        try (JsonParser parser = JSON.createParser(event.json())) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("no JSON object: " + event);
            }
            EventMembers members = new EventMembers(event.type());
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                members.member(parser);
            }
            return members;
        } catch (IOException e) {
            throw new IllegalArgumentException("no JSON object: " + event, e);
        }
    }

    /** The event's own members. */
    Members own() {
        return own;
    }

    Members context() {
        return context;
    }

    /** A part of the context that has columns of its own, such as {@code library}; empty where the event has none. */
    Members context(String part) {
        return contextParts.computeIfAbsent(part, missing -> new Members());
    }

    Members properties() {
        return properties;
    }

    Traits traits() {
        return traits;
    }

    Map<String, Members> contextParts() {
        return contextParts;
    }

    private void member(JsonParser parser) throws IOException {
        String name = parser.currentName();
        JsonToken token = parser.nextToken();
        boolean object = token == JsonToken.START_OBJECT;
        if (object && name.equals("context")) {
            readContext(parser);
        } else if (object && name.equals("properties") && hasProperties()) {
            properties = Members.read(parser);
        } else if (object && name.equals("traits") && hasTraits()) {
            traits = Traits.read(parser, type);
        } else if (NOT_KEPT.contains(name)) {
            parser.skipChildren();
        } else {
            own.put(name, JsonText.value(parser));
        }
    }

    private void readContext(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            if (parser.nextToken() == JsonToken.START_OBJECT && CONTEXT_PARTS.contains(name)) {
                contextParts.put(name, Members.read(parser));
            } else {
                context.put(name, JsonText.value(parser));
            }
        }
    }

    private boolean hasProperties() {
        return type == EventType.TRACK || type == EventType.PAGE || type == EventType.SCREEN;
    }

    private boolean hasTraits() {
        return type == EventType.IDENTIFY || type == EventType.GROUP;
    }
}
