package com.evefan.event;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a request's events beside its body.
 *
 * @param source the name of the source that the write key belongs to
 * @param ids what the source's events are known by
 * @param ofPath the type of the endpoint, for events that name none
 * @param ip of the connection, or of whom a trusted proxy forwards for: what {@code context.ip} is where the sender says
 *     nothing and the address is the user's
 * @param sender what sends the events, which decides that
 * @param userAgent what {@code context.userAgent} is where the sender says nothing; null where the request does not come
 *     from the user's own browser
 * @param enrichment what is added to {@code context}
 * @param redaction what must not be kept
 * @param plan what the events should be like
 */
public record Arrival(
        String source,
        EventIds ids,
        Optional<EventType> ofPath,
        @Nullable String ip,
        SenderKind sender,
        @Nullable String userAgent,
        Enrichment enrichment,
        Redaction redaction,
        Plan plan) {
    /** Events that no plan is for. */
    public Arrival(
            String source,
            EventIds ids,
            Optional<EventType> ofPath,
            @Nullable String ip,
            SenderKind sender,
            @Nullable String userAgent,
            Enrichment enrichment,
            Redaction redaction) {
        this(source, ids, ofPath, ip, sender, userAgent, enrichment, redaction, Plan.NONE);
    }

    /** Events that are kept as they are sent, from their user's own address. */
    public static Arrival plain(String source, Optional<EventType> ofPath, Optional<String> ip) {
        return new Arrival(
                source,
                EventIds.PLAIN,
                ofPath,
                ip.orElse(null),
                SenderKind.BROWSER,
                null,
                Enrichment.NONE,
                Redaction.NONE);
    }
}
