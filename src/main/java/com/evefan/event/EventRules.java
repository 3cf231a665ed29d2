package com.evefan.event;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which events are accepted: the rules of the Segment spec that a destination cannot do without. The texts name the
 * member and what was expected, as senders read them.
 */
final class EventRules {
    private static final String TYPES = "one of track, identify, page, screen, group, alias";
    private static final String[] IDS = {"userId", "anonymousId", "groupId", "previousId"};
    private static final String[] OBJECTS = {"context", "properties", "traits", "integrations"};
    private static final int MAX_QUOTED = 60;

    private final byte[] json;
    private final EventLimits limits;
    private final int sharedBytes;

    /** @param sharedBytes size of what the batch adds to every event */
    EventRules(byte[] json, EventLimits limits, int sharedBytes) {
        this.sharedBytes = sharedBytes;
        this.json = json;
        this.limits = limits;
    }

    /** The type that {@code event} names, or the path's where it names none; null where it is none of the six. */
    @Nullable
    EventType type(Value event, Optional<EventType> ofPath) {
        Value type = event.members().get("type");
        if (type == null || type.isBlank()) {
            return ofPath.orElse(null);
        }
        return type.isString() ? EventType.of(type.text(json)).orElse(null) : null;
    }

    /** What is wrong with {@code sent}; null where nothing is. {@code type} is what {@link #type} found. */
    @Nullable
    String problem(SentEvent sent, @Nullable EventType type) {
        String problem = shape(sent);
        if (problem == null && type == null) {
            problem = typeProblem(sent.value().members().get("type"));
        }
        if (problem == null) {
            problem = members(sent.value().members());
        }
        return problem != null || type == null ? problem : required(sent.value().members(), type);
    }

    private @Nullable String shape(SentEvent sent) {
        Value event = sent.value();
        int bytes = event.length() + sharedBytes;
        if (bytes > limits.maxEventBytes()) {
            return "the event" + (sharedBytes > 0 ? " with its batch's context" : "") + " is " + bytes
                    + " bytes; at most " + limits.maxEventBytes() + " are accepted";
        }
        if (!event.isObject()) {
            return "an event must be an object, was " + event.kind();
        }
        return proportions(sent);
    }

    private @Nullable String proportions(SentEvent sent) {
        if (sent.depth() > limits.maxDepth()) {
            return "objects and arrays are nested " + sent.depth() + " levels deep; at most " + limits.maxDepth()
                    + " are accepted";
        }
        if (sent.longestNumber() > limits.maxNumberLength()) {
            return "a number is " + sent.longestNumber() + " characters long; at most " + limits.maxNumberLength()
                    + " are accepted";
        }
        if (sent.longestName() > limits.maxNameLength()) {
            return "a member name is " + sent.longestName() + " characters long; at most " + limits.maxNameLength()
                    + " are accepted";
        }
        return null;
    }

    private String typeProblem(@Nullable Value type) {
        if (type == null || type.isBlank()) {
            return "type is required: " + TYPES;
        }
        if (!type.isString()) {
            return "type must be " + TYPES + "; was " + type.kind();
        }
        String text = type.text(json);
        return "type must be " + TYPES + "; was \""
                + (text.length() > MAX_QUOTED ? text.substring(0, MAX_QUOTED) + "..." : text) + '"';
    }

    private @Nullable String members(Map<String, Value> members) {
        for (String name : IDS) {
            Value id = members.get(name);
            if (id != null && !id.isBlank() && !id.isString() && !id.isNumber()) {
                return name + " must be a string, was " + id.kind();
            }
        }
        for (String name : OBJECTS) {
            Value object = members.get(name);
            if (object != null && !object.isObject() && !object.kind().equals("null")) {
                return name + " must be an object, was " + object.kind();
            }
        }
        return messageId(members.get("messageId"));
    }

    private @Nullable String messageId(@Nullable Value id) {
        if (id == null || !id.isString()) {
            return null;
        }
        if (id.length() - 2 > limits.maxMessageIdLength()) {
            return "messageId is " + (id.length() - 2) + " bytes long; at most " + limits.maxMessageIdLength()
                    + " are accepted";
        }
        // No database holds these characters, and without them two ids could become one.
        return isUnicode(id.text(json))
                ? null
                : "messageId must not contain U+0000 or half a surrogate pair: no database can hold it";
    }

    private static boolean isUnicode(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0 || Character.isLowSurrogate(c)) {
                return false;
            }
            if (Character.isHighSurrogate(c) && (++i == text.length() || !Character.isLowSurrogate(text.charAt(i)))) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable String required(Map<String, Value> members, EventType type) {
        if (type == EventType.ALIAS) {
            return alias(members);
        }
        String problem = switch (type) {
            case TRACK -> track(members.get("event"));
            case GROUP -> has(members, "groupId") ? null : "groupId is required on a group call";
            default -> null;
        };
        if (problem != null || has(members, "userId") || has(members, "anonymousId")) {
            return problem;
        }
        String article = type == EventType.IDENTIFY ? "an " : "a ";
        return "userId or anonymousId is required on " + article + type.wireName() + " call";
    }

    private static @Nullable String track(@Nullable Value event) {
        if (event == null || event.isBlank()) {
            return "event is required on a track call";
        }
        return event.isString() ? null : "event must be a string on a track call, was " + event.kind();
    }

    private static @Nullable String alias(Map<String, Value> members) {
        if (!has(members, "userId")) {
            return "userId is required on an alias call";
        }
        return has(members, "previousId") || has(members, "anonymousId")
                ? null
                : "previousId or anonymousId is required on an alias call";
    }

    private static boolean has(Map<String, Value> members, String name) {
        Value value = members.get(name);
        return value != null && !value.isBlank();
    }
}
