package com.evefan.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonToken;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads one line of the accepted form. What the record needs stands first there, so that the rest of the line need not
 * be parsed; a line in which an operator moved members is read to its end.
 */
final class EventDecoder {
    private static final byte[] INTEGRATIONS = "\"integrations\"".getBytes(UTF_8);

    private @Nullable EventType type;
    private @Nullable String messageId;
    private @Nullable String id;
    private @Nullable String source;
    private @Nullable Instant timestamp;
    private @Nullable Instant receivedAt;
    private @Nullable Integrations integrations;

    /**
     * The event between {@code start} and {@code end}.
     *
     * @throws IllegalArgumentException when there is none; the message says what is missing
     */
    static Event decode(byte[] lines, int start, int end) {
        EventDecoder decoder = new EventDecoder();
        try {
            decoder.read(new JsonScanner(lines, start, end), lines, end);
        } catch (NotJsonException e) {
            throw new IllegalArgumentException("not one JSON object", e);
        }
        return decoder.event(Arrays.copyOfRange(lines, start, end));
    }

    private void read(JsonScanner scanner, byte[] lines, int end) throws NotJsonException {
        if (!scanner.isObject()) {
            throw new IllegalArgumentException("not a JSON object");
        }
        while (scanner.nextMember()) {
            if (!member(scanner.name(), scanner) && complete()) {
                if (integrations != null || !namesIntegrations(lines, scanner.start(), end)) {
                    return;
                }
            }
            scanner.skip();
        }
    }

    /** Whether {@code name} is one of the members that stand first. */
    private boolean member(String name, JsonScanner scanner) throws NotJsonException {
        boolean string = scanner.token() == JsonToken.VALUE_STRING;
        switch (name) {
            case "type" -> type = EventType.of(scanner.text()).orElse(null);
            case "messageId" -> messageId = string ? scanner.text() : null;
            case EventIds.MEMBER -> id = string ? scanner.text() : null;
            case "source" -> source = string ? scanner.text() : null;
            case "timestamp" -> timestamp = Timestamps.parse(scanner.text()).orElse(null);
            case "receivedAt" -> receivedAt = Timestamps.parse(scanner.text()).orElse(null);
            case "integrations" -> integrations = IntegrationsReader.read(scanner);
            case "originalTimestamp", "sentAt" -> {}
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean complete() {
        return type != null && messageId != null && source != null && timestamp != null && receivedAt != null;
    }

    private static boolean namesIntegrations(byte[] bytes, int start, int end) {
        int last = end - INTEGRATIONS.length;
        for (int i = start; i <= last; i++) {
            if (bytes[i] == '"'
                    && bytes[i + 1] == 'i'
                    && Arrays.equals(bytes, i, i + INTEGRATIONS.length, INTEGRATIONS, 0, INTEGRATIONS.length)) {
                return true;
            }
        }
        return false;
    }

    private Event event(byte[] json) {
        String known = require(messageId, "messageId");
        return new Event(
                require(type, "type"),
                known,
                id == null ? known : id,
                require(source, "source"),
                require(timestamp, "timestamp"),
                require(receivedAt, "receivedAt"),
                integrations == null ? Integrations.ALL : integrations,
                json);
    }

    private static <T> T require(@Nullable T value, String name) {
        if (value == null) {
            throw new IllegalArgumentException(name + " is missing or wrong");
        }
        return value;
    }
}
