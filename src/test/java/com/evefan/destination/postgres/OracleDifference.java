package com.evefan.destination.postgres;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Why a column may differ from what the original stored. */
enum OracleDifference {
    /** It does not. */
    SAME,
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
    /** A sentAt that is no time for us stays in extra_fields. */
    TIME_FORMAT;

    /** Requests of which the rules of the HTTP API refuse an event that the original stored. */
    private static final Set<String> REFUSED = Set.of(
            "alias-empty-user", // an alias needs a userId
            "both-ids-missing", // every event needs a userId or an anonymousId
            "both-ids-missing-identify",
            "ev-empty", // a track call needs an event
            "group-id-empty", // a group call needs a groupId
            "batch-item-ctx-string"); // a context is an object

    private static final Map<String, OracleDifference> BY_REQUEST = Map.of(
            "batch-ctx-merge", BATCH_MEMBERS,
            "batch-item-sentat-overridden", BATCH_MEMBERS,
            "str-lone-surrogate-event", LONE_SURROGATE,
            "sent-formats", TIME_FORMAT);

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

    /** Empty where none of the reasons holds. */
    static Optional<OracleDifference> of(JsonNode request, String column, JsonNode theirs, JsonNode ours) {
        if (isNothing(theirs) && isNothing(ours) || sameTime(theirs, ours) || theirs.equals(ours)) {
            return Optional.of(SAME);
        }
        if (theirs.asText().equals("$NOW")) {
            return Optional.of(TIME_OF_THE_RUN);
        }
        if (column.equals("timestamp") || column.equals("original_timestamp")) {
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
        return Optional.ofNullable(BY_REQUEST.get(request.get("id").asText()));
    }

    /** Whether the event of {@code request} is refused for a reason. */
    static boolean isRefused(JsonNode request) {
        return REFUSED.contains(request.get("id").asText());
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

    /** Whether everything of {@code theirs} that means something is somewhere in {@code ours}. */
    private static boolean hasAll(JsonNode theirs, JsonNode ours) {
        JsonNode context = ours.path("context");
        JsonNode displaced = ours.path("properties");
        for (var member : OracleIT.without(theirs.path("context"), "location").properties()) {
            JsonNode value = member.getValue();
            if (!covers(value, context.path(member.getKey())) && !covers(value, displaced.path(member.getKey()))) {
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
