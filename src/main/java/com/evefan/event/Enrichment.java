package com.evefan.event;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What ingestion adds to an event's {@code context}, and which addresses it keeps there. Has to be thread-safe. */
public interface Enrichment {
    /** Keeps every address and adds nothing. */
    Enrichment NONE = new Enrichment() {
        @Override
        public @Nullable String keptIp(String ip) {
            return ip;
        }

        @Override
        public Map<String, byte[]> additions(@Nullable String ip, @Nullable String userAgent) {
            return Map.of();
        }
    };

    /** Whether an event of this user agent is not to be kept. */
    default boolean drops(@Nullable String userAgent) {
        return false;
    }

    /**
     * {@code ip} as it may be kept: itself, cut, or null for not at all.
     *
     * @param ip as the sender wrote it, or its address; not always an address
     */
    @Nullable
    String keptIp(String ip);

    /**
     * Members of {@code context} by name, each as JSON in UTF-8 without line breaks; an event that has a member of that
     * name keeps its own.
     *
     * @param ip of the user, whole; null where it is not known
     * @param userAgent of the user
     */
    Map<String, byte[]> additions(@Nullable String ip, @Nullable String userAgent);
}
