package com.evefan.console;

import com.evefan.event.Event;
import com.evefan.event.Invalid;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An event in a list.
 *
 * @param reason why it was refused; null where it was accepted
 * @param name of track, page and screen
 * @param sdk the library that sent it, its name and version
 * @param json of the event; only looked through
 */
@SuppressWarnings("ArrayRecordComponent") // the event's own bytes, never written to
record Row(
        Instant at,
        @Nullable String reason,
        String source,
        String type,
        @Nullable String name,
        @Nullable String messageId,
        @Nullable String userId,
        @Nullable String anonymousId,
        @Nullable Sdk sdk,
        Map<String, Boolean> integrations,
        byte[] json) {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int LONGEST = 300;

    /** A library and its version. */
    record Sdk(String name, String version) {}

    static Row of(Event event) {
        Map<String, String> facts = facts(event.json());
        return new Row(
                event.receivedAt(),
                null,
                event.source(),
                event.type().wireName(),
                facts.containsKey("event") ? facts.get("event") : facts.get("name"),
                event.messageId(),
                facts.get("userId"),
                facts.get("anonymousId"),
                sdk(facts),
                event.integrations().byName(),
                event.json());
    }

    static Row of(Invalid refused, Invalid.@Nullable Sender sender, Instant at) {
        Map<String, String> facts = facts(refused.json());
        return new Row(
                at,
                cut(refused.error()),
                sender == null ? "" : sender.source(),
                facts.getOrDefault("type", "unknown"),
                facts.containsKey("event") ? facts.get("event") : facts.get("name"),
                refused.messageId() == null ? null : cut(refused.messageId()),
                facts.get("userId"),
                facts.get("anonymousId"),
                sdk(facts),
                Map.of(),
                refused.json());
    }

    private static @Nullable Sdk sdk(Map<String, String> facts) {
        String name = facts.get("library");
        return name == null ? null : new Sdk(name, facts.getOrDefault("version", ""));
    }

    /** What of an event's JSON is shown in lists; of what is none, that before it shows. */
    private static Map<String, String> facts(byte[] json) {
        Map<String, String> facts = new HashMap<>();
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return facts;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (value == JsonToken.START_OBJECT && name.equals("context")) {
                    context(parser, facts);
                } else if (value.isStructStart()) {
                    parser.skipChildren();
                } else if (value != JsonToken.VALUE_NULL) {
                    switch (name) {
                        case "type", "event", "name", "userId", "anonymousId" -> facts.put(name, cut(parser.getText()));
                        default -> {}
                    }
                }
            }
        } catch (IOException e) {
            // as far as it could be read
        }
        return facts;
    }

    private static void context(JsonParser parser, Map<String, String> facts) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean library = parser.currentName().equals("library");
            JsonToken value = parser.nextToken();
            if (library && value == JsonToken.START_OBJECT) {
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String name = parser.currentName().equals("name") ? "library" : parser.currentName();
                    if (parser.nextToken().isStructStart()) {
                        parser.skipChildren();
                    } else if (name.equals("library") || name.equals("version")) {
                        facts.put(name, cut(parser.getText()));
                    }
                }
            } else if (value.isStructStart()) {
                parser.skipChildren();
            }
        }
    }

    private static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }

    ObjectNode json(Set<String> destinations) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("at", at.toString())
                .put("state", reason == null ? "accepted" : "refused")
                .put("source", source)
                .put("type", type);
        put(json, "reason", reason);
        put(json, "name", name);
        put(json, "messageId", messageId);
        put(json, "userId", userId);
        put(json, "anonymousId", anonymousId);
        List<String> notFor = new ArrayList<>();
        if (!integrations.isEmpty()) {
            for (String destination : destinations) {
                Boolean named = integrations.get(destination.toLowerCase(Locale.ROOT));
                if (!(named != null ? named : integrations.getOrDefault("all", true))) {
                    notFor.add(destination);
                }
            }
        }
        if (!notFor.isEmpty()) {
            ArrayNode names = json.putArray("notFor");
            notFor.forEach(names::add);
        }
        return json;
    }

    private static void put(ObjectNode json, String member, @Nullable String value) {
        if (value != null) {
            json.put(member, value);
        }
    }

    /** Which rows are meant; what is null does not matter. */
    record Filter(
            @Nullable String source,
            @Nullable String type,
            @Nullable String name,
            @Nullable String user,
            @Nullable String text,
            @Nullable Boolean refused) {
        boolean matches(Row row) {
            return (source == null || row.source.equals(source))
                    && (type == null || row.type.equals(type))
                    && (name == null || name.equals(row.name))
                    && (user == null || user.equals(row.userId) || user.equals(row.anonymousId))
                    && (refused == null || refused == (row.reason != null))
                    && (text == null || contains(row.json, text));
        }

        private static boolean contains(byte[] json, String text) {
            return new String(json, StandardCharsets.UTF_8)
                    .toLowerCase(Locale.ROOT)
                    .contains(text.toLowerCase(Locale.ROOT));
        }
    }
}
