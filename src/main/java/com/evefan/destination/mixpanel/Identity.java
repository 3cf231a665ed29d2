package com.evefan.destination.mixpanel;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/**
 * Who did it.
 *
 * @param userId the user's id, or empty
 * @param anonymousId the device's id, or empty
 * @param distinctId the id that Mixpanel files the event under
 */
record Identity(String userId, String anonymousId, String distinctId) {
    /**
     * What Mixpanel refuses as an id: signs of a mistake, which would pile up under one user. Its reference for
     * {@code /import} has the list; the same goes for {@code $insert_id}.
     */
    private static final Set<String> PLACEHOLDERS = Set.of(
            "-1",
            "0",
            "00000000-0000-0000-0000-000000000000",
            "<nil>",
            "[]",
            "anon",
            "anonymous",
            "false",
            "lmy47d",
            "n/a",
            "na",
            "nil",
            "none",
            "null",
            "true",
            "undefined",
            "unknown",
            "{}");

    /** Whether Mixpanel takes {@code id} for a mistake. */
    static boolean isPlaceholder(String id) {
        return PLACEHOLDERS.contains(id);
    }

    /**
     * The identity in {@code event}.
     *
     * @throws Unmappable when Mixpanel would refuse it
     */
    static Identity of(JsonNode event, IdentityMerge merge) throws Unmappable {
        String userId = id(event, "userId");
        String anonymousId = id(event, "anonymousId");
        if (userId.isEmpty() && anonymousId.isEmpty()) {
            throw new Unmappable("distinct_id", "no userId and no anonymousId: Mixpanel needs a distinct_id");
        }
        String device = merge == IdentityMerge.SIMPLIFIED ? "$device:" + anonymousId : anonymousId;
        String distinctId = userId.isEmpty() ? device : userId;
        check(userId.isEmpty() ? "anonymousId" : "userId", distinctId);
        return new Identity(userId, anonymousId, distinctId);
    }

    /** @throws Unmappable when Mixpanel refuses {@code id}, which came from {@code member} */
    static void check(String member, String id) throws Unmappable {
        if (isPlaceholder(id)) {
            throw new Unmappable("distinct_id", member + " " + id + " is on Mixpanel's list of refused ids");
        }
    }

    /** The id in {@code member}: a string, or a number in its place; else empty. */
    static String id(JsonNode event, String member) {
        JsonNode id = event.path(member);
        return id.isTextual() || id.isNumber() ? id.asText() : "";
    }
}
