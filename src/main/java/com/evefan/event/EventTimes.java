package com.evefan.event;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The times of one event. The sender's clock may be wrong, but it was wrong by the same amount when the event happened
 * and when it was sent: timestamp = receivedAt - (sentAt - originalTimestamp), Segment's rule.
 *
 * @param timestamp the corrected time, never after {@code receivedAt}
 * @param original the sender's own time, as sent
 * @param sentAt as sent with the event, or else with the batch
 */
record EventTimes(
        Instant timestamp,
        @Nullable Value original,
        @Nullable Value sentAt) {
    /** Before it is no time that every destination can hold: BigQuery begins here. */
    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");

    static EventTimes of(byte[] json, Map<String, Value> event, Map<String, Value> batch, Instant receivedAt) {
        Value sentAt = first(event.get("sentAt"), batch.get("sentAt"));
        Value original = first(event.get("timestamp"), event.get("originalTimestamp"));
        Instant happened = instant(json, original);
        if (happened == null && original != null) {
            Value second = first(event.get("originalTimestamp"), null);
            happened = instant(json, second);
            original = happened == null ? original : second;
        }
        return new EventTimes(corrected(happened, instant(json, sentAt), receivedAt), original, sentAt);
    }

    private static Instant corrected(@Nullable Instant happened, @Nullable Instant sent, Instant receivedAt) {
        if (happened == null) {
            return receivedAt;
        }
        Instant corrected =
                sent == null ? happened : receivedAt.minusMillis(sent.toEpochMilli() - happened.toEpochMilli());
        return corrected.isAfter(receivedAt) || corrected.isBefore(EARLIEST) ? receivedAt : corrected;
    }

    private static @Nullable Value first(@Nullable Value one, @Nullable Value other) {
        if (one != null && !one.isBlank()) {
            return one;
        }
        return other != null && !other.isBlank() ? other : null;
    }

    private static @Nullable Instant instant(byte[] json, @Nullable Value value) {
        return value != null && value.isString()
                ? Timestamps.parse(value.text(json)).orElse(null)
                : null;
    }
}
