package com.evefan.event;

/**
 * What one request and one event may be. An event over a limit costs only itself; a request over one is refused whole.
 *
 * @param maxEventBytes size of one event as sent, with its batch's context, in bytes
 * @param maxEvents events of one request
 * @param maxAcceptedBytes size of all events of one request as accepted, in bytes; more than the request itself, as the
 *     batch's context is repeated in every event
 * @param maxDepth nesting of objects and arrays in one event
 * @param maxNumberLength characters of one number
 * @param maxNameLength characters of one member name
 * @param maxMessageIdLength bytes of a message id; it becomes a primary key
 * @param maxClockErrorMillis what a sender's clock can be wrong by; a {@code sentAt} further away corrects nothing
 */
public record EventLimits(
        int maxEventBytes,
        int maxEvents,
        int maxAcceptedBytes,
        int maxDepth,
        int maxNumberLength,
        int maxNameLength,
        int maxMessageIdLength,
        long maxClockErrorMillis) {
    private static final long DAY_MILLIS = 86_400_000;

    /** Above what Segment's SDKs send and Segment accepts (32 KB an event, 2,500 events a batch). */
    public static final EventLimits DEFAULT =
            new EventLimits(1 << 20, 2_500, 1 << 24, 500, 1_000, 10_000, 1_024, DAY_MILLIS);

    public EventLimits {
        positive("max-event-bytes", maxEventBytes);
        positive("max-events", maxEvents);
        positive("max-accepted-bytes", maxAcceptedBytes);
        positive("max-depth", maxDepth);
        if (maxDepth > Json.HARD_DEPTH) {
            throw new IllegalArgumentException(
                    "evefan.ingest.max-depth must be at most " + Json.HARD_DEPTH + ", was " + maxDepth);
        }
        positive("max-number-length", maxNumberLength);
        positive("max-name-length", maxNameLength);
        positive("max-message-id-length", maxMessageIdLength);
    }

    /** The default limits, apart from those that matter to senders. */
    public static EventLimits of(int maxEventBytes, int maxEvents, int maxDepth, long maxClockErrorMillis) {
        return new EventLimits(
                maxEventBytes,
                maxEvents,
                Math.max(DEFAULT.maxAcceptedBytes, maxEventBytes),
                maxDepth,
                DEFAULT.maxNumberLength,
                DEFAULT.maxNameLength,
                DEFAULT.maxMessageIdLength,
                maxClockErrorMillis);
    }

    private static void positive(String key, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("evefan.ingest." + key + " must be at least 1, was " + value);
        }
    }
}
