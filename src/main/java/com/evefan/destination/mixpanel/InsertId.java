package com.evefan.destination.mixpanel;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** The {@code $insert_id} of an event, one of the four values that Mixpanel de-duplicates on. */
final class InsertId {
    /** The most that Mixpanel takes; letters, digits and hyphens only. */
    static final int MAX_LENGTH = 36;

    private static final Pattern HASH = Pattern.compile("[0-9a-f]{" + MAX_LENGTH + "}");

    private InsertId() {}

    /**
     * {@code id} where Mixpanel takes it as it is, else the head of its SHA-256: two ids that differ only in what would
     * have to be cut or replaced must not become one. One that looks like the hash of another is hashed too: nobody can
     * take that one's place.
     */
    static String of(String id) {
        return fits(id) && !HASH.matcher(id).matches() && !Identity.isPlaceholder(id) ? id : hash(id);
    }

    private static boolean fits(String id) {
        if (id.isEmpty() || id.length() > MAX_LENGTH) {
            return false;
        }
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            boolean letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
            if (!letter && !(c >= '0' && c <= '9') && c != '-') {
                return false;
            }
        }
        return true;
    }

    private static String hash(String id) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, MAX_LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
