package com.evefan.event;

import com.evefan.event.BodyParser.Body;
import com.evefan.event.Mending.Mended;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Supplier;

/**
 * Reads request bodies: one event, or a list of events under {@code batch}, at whatever endpoint. Safe for use by many
 * threads at once.
 */
public final class EventReader {
    private final EventLimits limits;
    private final Clock clock;
    private final Supplier<String> messageIds;

    /** @param messageIds makes the id of an event that came without one; must never give the same one twice */
    public EventReader(EventLimits limits, Clock clock, Supplier<String> messageIds) {
        this.limits = limits;
        this.clock = clock;
        this.messageIds = messageIds;
    }

    /**
     * The first step, before the sender is known: checks that {@code body} (unzipped; not changed) is JSON throughout;
     * where it is not, which of its events are. Now is when its events count as received.
     *
     * @throws MalformedRequestException when it is no JSON object and its events cannot be told apart
     * @throws RequestTooLargeException when it has too many events
     */
    public RequestBody parse(byte[] body) throws MalformedRequestException, RequestTooLargeException {
        Instant receivedAt = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        if (Utf8.isWide(body)) {
            throw noJson();
        }
        byte[] json = Utf8.withoutMark(body);
        try {
            return read(Mended.sound(json), receivedAt);
        } catch (NotJsonException e) {
            return readMended(json, receivedAt);
        }
    }

    private RequestBody readMended(byte[] json, Instant receivedAt)
            throws MalformedRequestException, RequestTooLargeException {
        try {
            return read(Mending.mend(Utf8.wellFormed(json), limits.maxEvents()), receivedAt);
        } catch (NotJsonException e) {
            throw noJson();
        }
    }

    private static MalformedRequestException noJson() {
        return new MalformedRequestException("the body is no valid JSON: " + Mending.EXPECTED);
    }

    private RequestBody read(Mended mended, Instant receivedAt)
            throws NotJsonException, MalformedRequestException, RequestTooLargeException {
        byte[] json = mended.json();
        JsonScanner scanner = new JsonScanner(json, 0, json.length);
        Body body = BodyParser.parse(scanner, limits.maxEvents());
        if (scanner.hasNonAscii() && !Utf8.isWellFormed(json)) {
            return read(Mended.sound(Utf8.wellFormed(json)), receivedAt);
        }
        requireBatchIsList(body);
        byte[] line = scanner.hasLineBreaks() ? Utf8.onOneLine(json) : json;
        return new RequestBody(line, body, mended, receivedAt, limits, messageIds);
    }

    /** A falsy {@code batch} is no batch, as with the original; anything else but a list is a mistake. */
    private static void requireBatchIsList(Body body) throws MalformedRequestException {
        Value batch = body.top().value().members().get("batch");
        if (batch != null
                && body.batch() == null
                && !batch.isBlank()
                && !batch.kind().equals("a boolean")) {
            throw new MalformedRequestException("batch must be an array of events, was " + batch.kind());
        }
    }
}
