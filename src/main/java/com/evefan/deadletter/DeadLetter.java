package com.evefan.deadletter;

import com.evefan.event.Event;
import com.evefan.event.EventCodec;
import com.evefan.event.EventFacts;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.jms.BytesMessage;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.ObjectMessage;
import jakarta.jms.TextMessage;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.activemq.command.ActiveMQMessage;
import org.jspecify.annotations.Nullable;

/**
 * What stands in a dead-letter queue: an {@link Envelope} as JSON, or a message that is not Evefan's and is only looked at
 * from outside: it is never deserialised, nor used for anything but to be shown.
 *
 * @param text one line of JSON
 */
record DeadLetter(String text, JsonNode json, boolean isForeign) {
    private static final JsonMapper JSON = new JsonMapper();

    /** Written last; within a string the quotes would be escaped. */
    private static final String EVENT = ",\"event\":";

    /** What a reason names: in quotes, or as it tells columns, members and fields; words of Evefan's own refusals begin so. */
    private static final Pattern NAMED = Pattern.compile(
            "[\"'`]([A-Za-z_$][\\w.$ -]{0,99})[\"'`]|(?:^|column |member |field )([A-Za-z_$][\\w.$]{0,99})");

    /** A path that stands anywhere in a reason. */
    private static final Pattern DOTTED = Pattern.compile("[A-Za-z_$][\\w$]*(?:\\.[\\w$]+)+");

    private static final int MOST_NAMED = 20;
    private static final int MOST_LEVELS = 6;
    private static final int MOST_BYTES = 64 << 20;
    private static final int SHOWN_CHARACTERS = 2_048;
    private static final int SHOWN_PROPERTIES = 50;

    /** The letter in {@code message}. */
    static DeadLetter of(Message message) {
        try {
            String text = text(message);
            JsonNode json = text.isEmpty() ? null : JSON.readTree(text);
            if (json != null && isEnvelope(json)) {
                return new DeadLetter(text, json, false);
            }
        } catch (JMSException | JsonProcessingException | RuntimeException e) {
            // shown as what it is
        }
        ObjectNode json = describe(message);
        return new DeadLetter(json.toString(), json, true);
    }

    /** The letter in a line of JSON. */
    static DeadLetter of(String text) {
        try {
            JsonNode json = JSON.readTree(text);
            if (json != null && isEnvelope(json)) {
                return new DeadLetter(text, json, false);
            }
        } catch (JsonProcessingException e) {
            // shown as what it is
        }
        ObjectNode json = foreign().put("text", cut(text));
        return new DeadLetter(json.toString(), json, true);
    }

    private static boolean isEnvelope(JsonNode json) {
        return json.isObject()
                && json.path("version").isInt()
                && json.path("destination").isTextual()
                && json.path("reason").isTextual()
                && json.path("error").isTextual()
                && json.has("event");
    }

    /** Empty where it is no text that Evefan would have written. What was compressed may be large, and was not by Evefan. */
    private static String text(Message message) throws JMSException {
        if (message instanceof ActiveMQMessage known && known.isCompressed()) {
            return "";
        }
        if (message instanceof TextMessage text) {
            return text.getText() == null ? "" : text.getText();
        }
        if (message instanceof BytesMessage bytes && bytes.getBodyLength() <= MOST_BYTES) {
            byte[] body = new byte[(int) bytes.getBodyLength()];
            bytes.reset();
            bytes.readBytes(body);
            return new String(body, StandardCharsets.UTF_8);
        }
        return "";
    }

    private static ObjectNode foreign() {
        return JSON.createObjectNode()
                .put("foreign", true)
                .put("error", "foreign")
                .put("reason", "not written by Evefan: it is kept, and left out of replay and deletion");
    }

    private static ObjectNode describe(Message message) {
        ObjectNode json = foreign().put("messageType", type(message));
        try {
            json.put("jmsMessageId", message.getJMSMessageID());
            json.put("jmsType", message.getJMSType());
            json.put(
                    "lastFailure",
                    Instant.ofEpochMilli(message.getJMSTimestamp()).toString());
            if (message instanceof ActiveMQMessage known) {
                json.put(
                        "bytes",
                        known.getContent() == null ? 0 : known.getContent().getLength());
            }
            ObjectNode properties = json.putObject("properties");
            Enumeration<?> names = message.getPropertyNames();
            while (names.hasMoreElements() && properties.size() < SHOWN_PROPERTIES) {
                String name = (String) names.nextElement();
                properties.put(cut(name), cut(String.valueOf(message.getObjectProperty(name))));
            }
            String text = text(message);
            if (!text.isEmpty()) {
                json.put("text", cut(text));
            }
        } catch (JMSException | RuntimeException e) {
            json.put("unreadable", cut(String.valueOf(e.getMessage())));
        }
        return json;
    }

    private static String type(Message message) {
        return message instanceof TextMessage
                ? "text"
                : message instanceof BytesMessage
                        ? "bytes"
                        : message instanceof ObjectMessage
                                ? "object"
                                : message instanceof jakarta.jms.MapMessage
                                        ? "map"
                                        : message instanceof jakarta.jms.StreamMessage ? "stream" : "other";
    }

    private static String cut(String text) {
        return text.length() <= SHOWN_CHARACTERS ? text : text.substring(0, SHOWN_CHARACTERS) + "…";
    }

    /** Who did not take it. */
    String destination() {
        return json.path("destination").asText();
    }

    String error() {
        return json.path("error").asText();
    }

    /** In words; the first line says what happened, the others may quote the destination. */
    String reason() {
        return json.path("reason").asText();
    }

    /** The first line of the reason. */
    String headline() {
        return reason().lines().findFirst().orElse("");
    }

    /** What names this one letter, as long as it stays as it is. */
    String id() {
        return digest(text);
    }

    /** What names all that are dead for the same: of a destination the error and its first line, of a source too. */
    String group() {
        return digest(error() + "\n" + headline() + "\n" + source());
    }

    /** Who sent what was not accepted; empty of others, whose event says so. */
    String source() {
        return json.path("source").asText();
    }

    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    /** As it is shown: with what names it, and the path of the guilty value where the reason names one. */
    ObjectNode shown() {
        ObjectNode shown = ((ObjectNode) json.deepCopy()).put("id", id()).put("group", group());
        String field = field();
        if (!field.isEmpty()) {
            shown.put("field", field);
        }
        return shown;
    }

    /** The path of the value that the reason names, such as {@code properties.price}; empty where it names none. */
    String field() {
        JsonNode event = json.path("event");
        for (Pattern pattern : List.of(NAMED, DOTTED)) {
            Matcher named = pattern.matcher(reason());
            for (int tries = 0; tries < MOST_NAMED && named.find(); tries++) {
                String name = name(named);
                String path = find(event, "", name, name.replaceAll("\\W+", "_").toLowerCase(Locale.ROOT), 0);
                if (path != null) {
                    return path;
                }
            }
        }
        return "";
    }

    private static String name(Matcher named) {
        for (int i = 1; i <= named.groupCount(); i++) {
            if (named.group(i) != null) {
                return named.group(i);
            }
        }
        return named.group();
    }

    /** By its whole path, by its own name, or by the name that its column has. */
    private static @Nullable String find(JsonNode in, String above, String name, String column, int depth) {
        for (Map.Entry<String, JsonNode> member : in.properties()) {
            String key = member.getKey();
            String path = above.isEmpty() ? key : above + "." + key;
            if (path.equals(name)
                    || key.equals(name)
                    || snake(key).equals(column)
                    || snake(path).equals(column)) {
                return path;
            }
            if (depth < MOST_LEVELS && member.getValue().isObject()) {
                String found = find(member.getValue(), path, name, column, depth + 1);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    private static String snake(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2")
                .replaceAll("\\W+", "_")
                .toLowerCase(Locale.ROOT);
    }

    int attempts() {
        return json.path("attempts").asInt();
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

    String userId() {
        return json.path("event").path("userId").asText();
    }

    /** What of its event says whose it is. Of a text that is no event, nothing. */
    EventFacts facts() {
        return EventFacts.of(json.path("event").toString().getBytes(StandardCharsets.UTF_8));
    }

    Instant firstFailure() {
        return instant("firstFailure");
    }

    Instant lastFailure() {
        return instant("lastFailure");
    }

    private Instant instant(String member) {
        try {
            return Instant.parse(json.path(member).asText());
        } catch (DateTimeException e) {
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
