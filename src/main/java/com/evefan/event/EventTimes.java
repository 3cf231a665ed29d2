package com.evefan.event;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The times of one event. The sender's clock may be wrong, but it was wrong by the same amount when the event happened
 * and when it was sent: timestamp = receivedAt - (sentAt - originalTimestamp), Segment's rule. No clock is wrong by more
 * than {@link EventLimits#maxClockErrorMillis}: a {@code sentAt} further away than that says nothing.
 *
 * @param timestamp the corrected time, never after {@code receivedAt}
 * @param original the sender's own time, as sent
 * @param sentAt as sent with the event, or else with the batch
 * @param warning what of the sender's times was not taken; null where nothing is
 */
record EventTimes(
        Instant timestamp,
        @Nullable Value original,
        @Nullable Value sentAt,
        Warning.@Nullable Cause warning) {
    /** Before it is no time that every destination can hold: BigQuery begins here. */
    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");

    private static final String ARRIVAL = "; the time of arrival stands in its place";

    static EventTimes of(
            byte[] json, Map<String, Value> event, Map<String, Value> batch, Instant receivedAt, long maxClockError) {
        Value sentAt = first(event.get("sentAt"), batch.get("sentAt"));
        Value original = first(event.get("timestamp"), event.get("originalTimestamp"));
        Instant happened = instant(json, original);
        Warning.Cause warning = null;
        if (happened == null && original != null) {
            Value second = first(event.get("originalTimestamp"), null);
            happened = instant(json, second);
            warning = Warning.notUnderstood(
                    "timestamp",
                    original,
                    json,
                    happened == null ? ARRIVAL : "; originalTimestamp stands in its place");
            original = happened == null ? original : second;
        }
        Instant sent = instant(json, sentAt);
        if (sent == null && sentAt != null && warning == null) {
            warning = Warning.notUnderstood("sentAt", sentAt, json, "; the sender's clock is not corrected");
        }
        if (happened == null) {
            return new EventTimes(receivedAt, original, sentAt, warning);
        }
        Instant corrected = happened;
        if (sent != null) {
            long error = receivedAt.toEpochMilli() - sent.toEpochMilli();
            if (Math.abs(error) <= maxClockError) {
                corrected = happened.plusMillis(error);
            } else if (warning == null) {
                warning = Warning.clock("sentAt is too far from the time of arrival to be a clock's error; the event"
                        + " keeps its own time");
            }
        }
        boolean future = corrected.isAfter(receivedAt);
        if (!future && !corrected.isBefore(EARLIEST)) {
            return new EventTimes(corrected, original, sentAt, warning);
        }
        boolean clock = future && corrected.toEpochMilli() - receivedAt.toEpochMilli() <= maxClockError;
        if (!clock && warning == null) {
            warning = Warning.clock("timestamp is " + (future ? "in the future" : "before the year 1") + ARRIVAL);
        }
        return new EventTimes(receivedAt, original, sentAt, warning);
    }

    private static @Nullable Value first(@Nullable Value one, @Nullable Value other) {
        if (one != null && !one.isBlank()) {
            return one;
        }
        return other != null && !other.isBlank() ? other : null;
    }

    private static @Nullable Instant instant(byte[] json, @Nullable Value value) {
        if (value == null || !value.isString() && !value.isNumber()) {
            return null;
        }
        String text = value.text(json);
        return value.isString() ? Timestamps.parse(text).orElse(null) : Timestamps.ofEpoch(text);
    }
}
