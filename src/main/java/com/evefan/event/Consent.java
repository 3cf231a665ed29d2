package com.evefan.event;

import com.fasterxml.jackson.core.JsonToken;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The categories of consent that a destination needs, all of them. What a person has consented to stands in the event, as
 * Segment has it ({@code context.consent.categoryPreferences}) or RudderStack ({@code context.consentManagement}). An event
 * that does not say goes everywhere; of one that does, a category that it does not name is refused.
 *
 * @param categories compared as they are written; none for a destination that needs no consent
 */
public record Consent(Set<String> categories) {
    /** For a destination that takes every event. */
    public static final Consent NOT_NEEDED = new Consent(Set.of());

    public Consent {
        categories = Set.copyOf(categories);
    }

    /** Those of a setting. */
    public static Consent of(List<String> categories) {
        return categories.isEmpty() ? NOT_NEEDED : new Consent(Set.copyOf(categories));
    }

    /** Whether {@code event} may reach a destination that needs this; an event that cannot be read may not. */
    public boolean isGivenBy(Event event) {
        if (categories.isEmpty()) {
            return true;
        }
        try {
            Given given = new Given();
            JsonScanner scanner = new JsonScanner(event.json(), 0, event.json().length);
            members(scanner, "context", () -> given.read(scanner));
            return given.allows(categories);
        } catch (NotJsonException e) {
            return false;
        }
    }

    /** Reads the value of a member. */
    private interface Step {
        void read() throws NotJsonException;
    }

    /** Goes through the object at which {@code scanner} stands, and reads the members called {@code wanted}. */
    private static void members(JsonScanner scanner, String wanted, Step step) throws NotJsonException {
        if (scanner.isObject()) {
            while (scanner.nextMember()) {
                if (scanner.name().equals(wanted)) {
                    step.read();
                }
                scanner.skip();
            }
        }
    }

    /** What an event says. */
    private static final class Given {
        /** By category; null where the event does not say. */
        private @Nullable Map<String, Boolean> segment;

        private final Map<String, Boolean> rudderStack = new HashMap<>();
        private boolean namesAllowed;

        /** Reads the {@code context} at which {@code scanner} stands. */
        void read(JsonScanner scanner) throws NotJsonException {
            if (!scanner.isObject()) {
                return;
            }
            while (scanner.nextMember()) {
                switch (scanner.name()) {
                    case "consent" -> members(scanner, "categoryPreferences", () -> preferences(scanner));
                    case "consentManagement" -> {
                        if (scanner.isObject()) {
                            lists(scanner);
                        }
                    }
                    default -> {}
                }
                scanner.skip();
            }
        }

        private void preferences(JsonScanner scanner) throws NotJsonException {
            Map<String, Boolean> preferences = new HashMap<>();
            segment = preferences;
            if (scanner.isObject()) {
                while (scanner.nextMember()) {
                    preferences.put(scanner.name(), scanner.token() == JsonToken.VALUE_TRUE);
                    scanner.skip();
                }
            }
        }

        private void lists(JsonScanner scanner) throws NotJsonException {
            while (scanner.nextMember()) {
                boolean allowed = scanner.name().equals("allowedConsentIds");
                boolean denied = scanner.name().equals("deniedConsentIds");
                if (scanner.isArray() && (allowed || denied)) {
                    namesAllowed |= allowed;
                    while (scanner.nextElement()) {
                        if (scanner.token() == JsonToken.VALUE_STRING) {
                            rudderStack.merge(scanner.text(), allowed, Boolean::logicalAnd);
                        }
                        scanner.skip();
                    }
                }
                scanner.skip();
            }
        }

        boolean allows(Set<String> categories) {
            Map<String, Boolean> preferences = segment;
            for (String category : categories) {
                if (preferences != null && !preferences.getOrDefault(category, false)
                        || !rudderStack.getOrDefault(category, !namesAllowed)) {
                    return false;
                }
            }
            return true;
        }
    }
}
