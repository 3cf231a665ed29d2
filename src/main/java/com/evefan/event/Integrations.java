package com.evefan.event;

import java.util.Locale;
import java.util.Map;

/**
 * An event's {@code integrations} object: which destinations it may reach. Names are compared without case;
 * {@code All} stands for the destinations that are not named, and is true where it is missing.
 *
 * @param byName lower-case destination name to whether the event may reach it
 */
public record Integrations(Map<String, Boolean> byName) {
    /** No restriction: the event goes to every destination. */
    public static final Integrations ALL = new Integrations(Map.of());

    public Integrations {
        byName = Map.copyOf(byName);
    }

    /** Whether the event may reach {@code destination}. */
    public boolean allows(String destination) {
        if (byName.isEmpty()) {
            return true;
        }
        Boolean named = byName.get(destination.toLowerCase(Locale.ROOT));
        return named != null ? named : byName.getOrDefault("all", true);
    }
}
