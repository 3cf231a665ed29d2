package com.evefan.event;

import com.evefan.event.BodyParser.Body;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.UncheckedIOException;
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
     * The first step, before the sender is known: checks that {@code body} (unzipped; not changed) is JSON throughout.
     * Now is when its events count as received.
     *
     * @throws MalformedRequestException when it is no JSON object; nothing in it can be trusted then
     * @throws RequestTooLargeException when it has too many events
     */
    public RequestBody parse(byte[] body) throws MalformedRequestException, RequestTooLargeException {
        Instant receivedAt = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        if (Utf8.isWide(body)) {
            throw new MalformedRequestException(ParseErrors.at(null) + ParseErrors.EXPECTED);
        }
        byte[] json = Utf8.wellFormed(body);
        try {
            Body parsed = BodyParser.parse(json, limits.maxEvents());
            requireBatchIsList(parsed);
            return new RequestBody(Utf8.onOneLine(json), parsed, receivedAt, limits, messageIds);
        } catch (JsonProcessingException e) {
            throw ParseErrors.malformed(e);
        } catch (IllegalStateException e) {
            // the parser's only answer to names made to collide in its table
            throw new MalformedRequestException(ParseErrors.at(null) + "its member names cannot be told apart");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot happen on bytes", e);
        }
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
