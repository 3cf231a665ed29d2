package com.evefan.warehouse;

import com.evefan.event.Event;
import com.evefan.event.EventType;
import com.evefan.event.Integrations;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Accepted events for the tests of destinations. */
public final class Events {
    public static final Instant TIMESTAMP = Instant.parse("2026-03-04T03:13:23.211Z");
    public static final Instant RECEIVED_AT = Instant.parse("2026-04-01T12:00:01Z");

    private Events() {}

    /** An event whose JSON has, besides what every one has, {@code members}, such as {@code "userId":"u"}. */
    public static Event event(EventType type, String messageId, String members) {
        String json = "{\"type\":\"" + type.wireName() + "\",\"messageId\":\"" + messageId
                + "\",\"source\":\"dev\",\"timestamp\":\"2026-03-04T03:13:23.211Z\""
                + ",\"receivedAt\":\"2026-04-01T12:00:01.000Z\"" + (members.isEmpty() ? "" : ",") + members + "}";
        return new Event(
                type,
                messageId,
                "dev",
                TIMESTAMP,
                RECEIVED_AT,
                Integrations.ALL,
                json.getBytes(StandardCharsets.UTF_8));
    }
}
