package com.evefan.event;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which members of a source's events are left out, or replaced by a hash, before anything is kept. A member is named by
 * its path from the event down, such as {@code context.ip} or {@code properties.products.email}; lists on the way are
 * gone through.
 */
public final class Redaction {
    /** Keeps everything. */
    public static final Redaction NONE = new Redaction(new Node(), new byte[0]);

    private static final Set<String> NEEDED =
            Set.of("type", "messageId", "source", "timestamp", "receivedAt", "integrations", "context");

    private final Node rules;
    private final byte[] salt;

    private Redaction(Node rules, byte[] salt) {
        this.rules = rules;
        this.salt = salt;
    }

    /** What to do with a member, and with those below it. */
    static final class Node {
        final Map<String, Node> members = new HashMap<>();
        boolean drop;
        boolean hash;
    }

    /**
     * @param drop paths of the members to leave out
     * @param hash paths of the members of which only the SHA-256 is kept, in hexadecimal digits
     * @param salt goes before what is hashed, so that nobody finds an address by hashing all of them
     * @throws IllegalArgumentException when a path is none or names what Evefan itself needs; the message tells
     */
    public static Redaction of(Collection<String> drop, Collection<String> hash, String salt) {
        if (drop.isEmpty() && hash.isEmpty()) {
            return NONE;
        }
        if (!hash.isEmpty() && salt.isEmpty()) {
            throw new IllegalArgumentException("evefan.privacy.salt must be set where members are hashed");
        }
        Node rules = new Node();
        drop.forEach(path -> at(rules, path).drop = true);
        hash.forEach(path -> at(rules, path).hash = true);
        return new Redaction(rules, salt.getBytes(StandardCharsets.UTF_8));
    }

    private static Node at(Node rules, String path) {
        if (NEEDED.contains(path) || path.startsWith("integrations.")) {
            throw new IllegalArgumentException(path + " cannot be dropped or hashed: Evefan needs it");
        }
        Node node = rules;
        for (String name : path.split("\\.", -1)) {
            if (name.isBlank()) {
                throw new IllegalArgumentException("'" + path + "' is no path such as properties.email");
            }
            node = node.members.computeIfAbsent(name, missing -> new Node());
        }
        return node;
    }

    boolean isNone() {
        return rules.members.isEmpty();
    }

    /** {@code event} without what must not be kept; what cannot be read becomes an empty object. */
    byte[] apply(byte[] event) {
        return isNone() ? event : new RedactedForm(event, this).write(rules);
    }

    /** The hash that takes the place of {@code value}. */
    String hash(byte[] value) {
        MessageDigest digest = sha256();
        digest.update(salt);
        return HexFormat.of().formatHex(digest.digest(value));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return isNone() ? "nothing redacted" : "some members redacted";
    }

    static @Nullable Node below(Node node, String name) {
        return node.members.get(name);
    }
}
