package com.evefan.ingest;

import com.evefan.enrichment.Bots;
import com.evefan.event.EventIds;
import com.evefan.event.Plan;
import com.evefan.event.Redaction;
import com.evefan.event.SenderKind;
import java.util.Set;

/**
 * Something that sends events.
 *
 * @param name {@code evefan.source.<name>.…}: stands on every event and counter
 * @param writeKey what its requests are known by; never shown
 * @param enabled whether its events are taken
 * @param allowedOrigins the web pages that may send, such as {@code https://example.org}; empty for any
 * @param rateLimit events per second; 0 for no limit
 * @param redaction what of its events must not be kept
 * @param ids what its events are known by; {@link EventIds#PLAIN} for one enabled source only
 * @param kind what it is, which says whether the address that its events come from is their user's
 * @param plan what becomes of events that break the tracking plan
 * @param bots what becomes of events of robots
 * @param oauth who may send in its name
 */
public record Source(
        String name,
        String writeKey,
        boolean enabled,
        Set<String> allowedOrigins,
        int rateLimit,
        Redaction redaction,
        EventIds ids,
        SenderKind kind,
        Plan.Mode plan,
        Bots bots,
        Access oauth) {
    /**
     * Whether and how OAuth is used.
     *
     * @param key the public key in PEM of who may have access tokens; empty for nobody
     * @param required whether a write key alone is not enough
     */
    public record Access(String key, boolean required) {
        static final Access BY_WRITE_KEY = new Access("", false);

        public Access {
            if (required && key.isEmpty()) {
                throw new IllegalArgumentException("oauth-required needs oauth-key");
            }
            if (!key.isEmpty() && !key.contains("-----BEGIN PUBLIC KEY-----")) {
                throw new IllegalArgumentException("oauth-key must be a file with -----BEGIN PUBLIC KEY-----");
            }
        }

        @Override
        public String toString() {
            return required ? "required" : key.isEmpty() ? "off" : "on";
        }
    }

    public Source {
        if (!name.matches("[a-z0-9][a-z0-9-]*")) {
            throw new IllegalArgumentException(
                    "evefan.source." + name + ": a source's name is lower-case letters, digits and '-'");
        }
        if (writeKey.isBlank()) {
            throw new IllegalArgumentException("evefan.source." + name + ".write-key must not be empty");
        }
        allowedOrigins = Set.copyOf(allowedOrigins);
        for (String origin : allowedOrigins) {
            if (!origin.matches("https?://[^/\\s]+|null|[a-z-]+-extension://[^/\\s]+")) {
                throw new IllegalArgumentException("evefan.source." + name
                        + ".allowed-origins: an origin is such as https://example.org, without a path, was '" + origin
                        + "'");
            }
        }
        if (rateLimit < 0) {
            throw new IllegalArgumentException(
                    "evefan.source." + name + ".rate-limit must be at least 0, was " + rateLimit);
        }
    }

    /** A source that may send anything from anywhere. */
    public Source(String name, String writeKey) {
        this(name, writeKey, true);
    }

    Source(String name, String writeKey, boolean enabled) {
        this(
                name,
                writeKey,
                enabled,
                Set.of(),
                0,
                Redaction.NONE,
                EventIds.NAMED,
                SenderKind.UNKNOWN,
                Plan.Mode.OFF,
                Bots.KEEP,
                Access.BY_WRITE_KEY);
    }

    /** Whether a page of {@code origin} may send in its name. */
    boolean allowsOrigin(String origin) {
        return allowedOrigins.isEmpty() || allowedOrigins.contains(origin);
    }

    @Override
    public String toString() {
        return name;
    }
}
