package com.evefan.destination.mixpanel;

import com.evefan.destination.mixpanel.EventMapper.Unmappable;
import com.evefan.destination.mixpanel.MixpanelSettings.IdentityMerge;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Who did it.
 *
 * @param userId the user's id, or empty
 * @param anonymousId the device's id, or empty
 * @param distinctId the id that Mixpanel files the event under
 */
record Identity(String userId, String anonymousId, String distinctId) {
    /** The most characters that Mixpanel takes of an {@code $insert_id}. */
    private static final int INSERT_ID_LENGTH = 36;

    private static final Pattern INSERT_ID = Pattern.compile("[A-Za-z0-9-]{1," + INSERT_ID_LENGTH + "}");
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{" + INSERT_ID_LENGTH + "}");

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
        check(userId.isEmpty() ? "anonymousId" : "userId", userId.isEmpty() ? anonymousId : userId);
        return new Identity(userId, anonymousId, distinctId);
    }

    /**
     * Whether it names a user and that user's device: a device that is called "undefined" is everybody's, and one of the
     * user's own name is no other.
     */
    boolean joins() {
        return !userId.isEmpty()
                && !anonymousId.isEmpty()
                && !isPlaceholder(anonymousId)
                && !userId.equals(anonymousId);
    }

    /** @throws Unmappable when Mixpanel refuses {@code id}, which came from {@code member} */
    static void check(String member, String id) throws Unmappable {
        if (isPlaceholder(id)) {
            throw new Unmappable("distinct_id", member + " " + id + " is on Mixpanel's list of refused ids");
        }
    }

    /** The id in {@code member}: a string, or a number in its place; else empty. */
    static String id(JsonNode event, String member) {
        return id(event.path(member));
    }

    /** The same of a value. */
    static String id(JsonNode id) {
        return id.isTextual() || id.isNumber() ? id.asText() : "";
    }

    /**
     * The {@code $insert_id} of an event, one of the four values that Mixpanel de-duplicates on: {@code id} where Mixpanel
     * takes it as it is, else the head of its SHA-256: two ids that differ only in what would have to be cut or replaced
     * must not become one. One that looks like the hash of another is hashed too: nobody can take that one's place.
     */
    static String insertId(String id) {
        boolean fits = INSERT_ID.matcher(id).matches() && !HASH.matcher(id).matches() && !isPlaceholder(id);
        return fits ? id : hash(id);
    }

    /** The {@code $insert_id} of the event that Mixpanel is told for the product at {@code index} of an order. */
    static String insertId(String id, int index) {
        return hash(id + " product " + index);
    }

    private static String hash(String id) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, INSERT_ID_LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
