package com.evefan.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Requests read at noon of April 1, 2026, as if sent to {@code /v1/track}. */
final class Requests {
    static final Instant NOON = Instant.parse("2026-04-01T12:00:00Z");
    static final EventReader READER = reader(EventLimits.DEFAULT);

    private Requests() {}

    static EventReader reader(EventLimits limits) {
        AtomicInteger made = new AtomicInteger();
        return new EventReader(limits, Clock.fixed(NOON, ZoneOffset.UTC), () -> "made-" + made.incrementAndGet());
    }

    static ReadResult read(String body) throws MalformedRequestException, RequestTooLargeException {
        return read(body, Optional.empty(), Optional.empty());
    }

    static ReadResult read(String body, Optional<EventType> ofPath, Optional<String> ip)
            throws MalformedRequestException, RequestTooLargeException {
        return READER.parse(body.getBytes(UTF_8)).read("web", ofPath, ip);
    }

    /** The one event of a body that is accepted. */
    static Event one(String body) throws MalformedRequestException, RequestTooLargeException {
        return one(body.getBytes(UTF_8));
    }

    static Event one(byte[] body) throws MalformedRequestException, RequestTooLargeException {
        ReadResult result = READER.parse(body).read("web", Optional.of(EventType.TRACK), Optional.empty());
        assertThat(result.invalid()).isEmpty();
        return result.accepted().events().get(0);
    }

    static String json(Event event) {
        return new String(event.json(), UTF_8);
    }
}
