package com.evefan.event;

import java.time.Instant;

/**
 * One accepted event. What is fixed at ingestion stands in the record; everything the sender said stands in {@code json}.
 *
 * @param type one of the six calls
 * @param messageId the sender's id, or the one made at ingestion
 * @param id what every destination de-duplicates on ({@link EventIds})
 * @param source the name of the source that sent it
 * @param timestamp the corrected time of the event
 * @param receivedAt the time of arrival
 * @param integrations which destinations the sender wants it to reach
 * @param json the event as accepted: one JSON object in well-formed UTF-8 without line breaks, with {@code type},
 *     {@code messageId}, {@code source}, {@code timestamp} and {@code receivedAt} in it, and {@code evefan.id} where the
 *     id is not the messageId; never changed
 */
@SuppressWarnings("ArrayRecordComponent") // the bytes are handed on by reference on the hot path and never written to
public record Event(
        EventType type,
        String messageId,
        String id,
        String source,
        Instant timestamp,
        Instant receivedAt,
        Integrations integrations,
        byte[] json) {

    /** One whose id is its messageId. */
    public Event(
            EventType type,
            String messageId,
            String source,
            Instant timestamp,
            Instant receivedAt,
            Integrations integrations,
            byte[] json) {
        this(type, messageId, messageId, source, timestamp, receivedAt, integrations, json);
    }

    /** Whether it may reach {@code destination}, which needs {@code consent}. */
    boolean mayReach(String destination, Consent consent) {
        return integrations.allows(destination) && consent.isGivenBy(this);
    }

    /** The same event with other JSON. */
    public Event withJson(byte[] other) {
        return new Event(type, messageId, id, source, timestamp, receivedAt, integrations, other);
    }

    /** Short, and free of what the sender said: fit for logs. */
    @Override
    public String toString() {
        return type.wireName() + " " + messageId + " from " + source;
    }
}
