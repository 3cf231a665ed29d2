package com.evefan.destination.postgres;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Why a column may differ from what the original stored. */
enum OracleDifference {
    /** It does not. */
    SAME,
    /** The original had no such column. */
    LATER_COLUMN,
    /** The recording replaced a time of its run. */
    TIME_OF_THE_RUN,
    /** The original stored the sender's time as the corrected one, and the corrected one as the sender's. */
    CORRECTED_TIME,
    /** The original lost context.page, and took no column of a page from the event itself. */
    PAGE_COLUMNS,
    /** The original dropped, emptied or overwrote members of extra_fields; ours has all that its had, and more. */
    EXTRA_FIELDS,
    /** The original emptied objects in traits before it flattened them; ours has all that its had, and more. */
    TRAITS,
    /** The batch's context and sentAt are for events that have none of their own; in the original they won. */
    BATCH_MEMBERS,
    /** The original replaced half a surrogate pair by U+FFFD; we leave it out. */
    LONE_SURROGATE,
    /** The address that an event came from is its own where it names none. */
    SENDER_ADDRESS;

    /** Requests with an event that the original stored, and that by a rule of the HTTP API is no row of ours. */
    private static final Set<String> NOT_STORED = Set.of(
            "wk-basic-and-body", // the key in header or query has to be right, whatever stands in the body
            "query-string",
            "batch-outer-fields", // a batch's integrations say where its events go: these, nowhere
            "alias-empty-user", // an alias needs a userId
            "both-ids-missing", // every event needs a userId or an anonymousId
            "both-ids-missing-identify",
            "ev-empty", // a track call needs an event
            "group-id-empty", // a group call needs a groupId
            "batch-item-ctx-string"); // a context is an object

    private static final Map<String, OracleDifference> BY_REQUEST = Map.of(
            "batch-ctx-merge", BATCH_MEMBERS,
            "batch-item-sentat-overridden", BATCH_MEMBERS,
            "str-lone-surrogate-event", LONE_SURROGATE);

    private static final Set<String> PAGE = Set.of(
            "name",
            "category",
            "path",
            "title",
            "url",
            "referrer",
            "search",
            "context_page_path",
            "context_page_referrer",
            "context_page_title",
            "context_page_url");

    /**
     * Empty where none of the reasons holds.
     *
     * @param theirRow and {@code ourRow}: for the same event
     */
    static Optional<OracleDifference> of(String request, String column, JsonNode theirRow, JsonNode ourRow) {
        JsonNode theirs = theirRow.path(column);
        JsonNode ours = ourRow.path(column);
        if (isNothing(theirs) && isNothing(ours) || sameTime(theirs, ours) || theirs.equals(ours)) {
            return Optional.of(SAME);
        }
        if (theirs.isMissingNode() && isLater(column)) {
            return Optional.of(LATER_COLUMN);
        }
        if (theirs.asText().equals("$NOW")) {
            return Optional.of(TIME_OF_THE_RUN);
        }
        if (column.equals("original_timestamp") && sameTime(theirRow.path("timestamp"), ours)
                || column.equals("timestamp") && isCorrected(ourRow)) {
            return Optional.of(CORRECTED_TIME);
        }
        if (PAGE.contains(column) && isNothing(theirs)) {
            return Optional.of(PAGE_COLUMNS);
        }
        if (column.equals("extra_fields") && hasAll(theirs, ours)) {
            return Optional.of(EXTRA_FIELDS);
        }
        if (column.equals("traits") && covers(theirs, ours)) {
            return Optional.of(TRAITS);
        }
        if (column.equals("context_ip") && isNothing(theirs)) {
            return Optional.of(SENDER_ADDRESS);
        }
        return Optional.ofNullable(BY_REQUEST.get(request));
    }

    /** Whether there is a reason why the event of {@code request} is no row. */
    /** By name, so that no column of the original's can go by this reason. */
    private static boolean isLater(String column) {
        return column.matches("source|loaded_at|context|properties|context_(app|device|os|network|screen|referrer)_\\w+"
                + "|context_(timezone|group_id|session_id)");
    }

    static boolean isNotStored(String request) {
        return NOT_STORED.contains(request);
    }

    private static boolean isNothing(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }

    private static boolean sameTime(JsonNode theirs, JsonNode ours) {
        try {
            return OffsetDateTime.parse(theirs.asText()).isEqual(OffsetDateTime.parse(ours.asText()));
        } catch (java.time.DateTimeException e) {
            return false;
        }
    }

    /** Whether the time is Segment's: receivedAt - (sentAt - originalTimestamp), and never after the arrival. */
    private static boolean isCorrected(JsonNode row) {
        Instant received = time(row.path("received_at"));
        if (isNothing(row.path("original_timestamp"))) {
            return time(row.path("timestamp")).equals(received);
        }
        Instant original = time(row.path("original_timestamp"));
        Instant corrected = isNothing(row.path("sent_at"))
                ? original
                : received.minus(Duration.between(original, time(row.path("sent_at"))));
        return time(row.path("timestamp")).equals(corrected.isAfter(received) ? received : corrected);
    }

    private static Instant time(JsonNode value) {
        return OffsetDateTime.parse(value.asText()).toInstant();
    }

    /** Whether everything of {@code theirs} that means something is somewhere in {@code ours}. */
    private static boolean hasAll(JsonNode theirs, JsonNode ours) {
        JsonNode context = ours.path("context");
        JsonNode displaced = ours.path("properties");
        for (var member : theirs.path("context").properties()) {
            JsonNode value = member.getValue();
            boolean located = member.getKey().equals("location"); // the original's machine knew, or made up, where
            if (!located
                    && !covers(value, context.path(member.getKey()))
                    && !covers(value, displaced.path(member.getKey()))) {
                return false;
            }
        }
        return true;
    }

    /** Objects may have more members now, numbers more digits, and a number beyond a double is no null. */
    private static boolean covers(JsonNode theirs, JsonNode ours) {
        if (theirs.isNull()) {
            return !ours.isMissingNode();
        }
        if (theirs.isNumber() && ours.isNumber()) {
            return theirs.asDouble() == ours.asDouble();
        }
        if (theirs.isObject() && ours.isObject()) {
            return theirs.properties().stream().allMatch(m -> covers(m.getValue(), ours.path(m.getKey())));
        }
        return theirs.equals(ours);
    }
}
