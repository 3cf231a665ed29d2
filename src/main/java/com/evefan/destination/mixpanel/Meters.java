package com.evefan.destination.mixpanel;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What of Mixpanel is counted beside what every destination is counted by. */
final class Meters {
    /** Fields come from outside: so many different ones of so many characters, then {@code other}. */
    private static final int MOST_FIELDS = 50;

    private static final int LONGEST_FIELD = 100;

    private final MeterRegistry registry;
    private final Set<String> fields = ConcurrentHashMap.newKeySet();

    Meters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** @param answer the HTTP status, or {@code none} */
    void request(Endpoint endpoint, String answer) {
        registry.counter("evefan.mixpanel.requests", "endpoint", endpoint.wireName(), "answer", answer)
                .increment();
    }

    /** Mixpanel refused an event or an update for {@code field}. */
    void refused(String field) {
        boolean known = fields.contains(field)
                || field.length() <= LONGEST_FIELD && fields.size() < MOST_FIELDS && fields.add(field);
        registry.counter("evefan.mixpanel.refused", "field", known ? field : "other")
                .increment();
    }

    /** A sender's property or trait was left out, for Mixpanel reserves {@code name}. */
    void reserved(String name) {
        registry.counter("evefan.mixpanel.reserved.properties", "name", name).increment();
    }

    /** An order's products would have taken too much room as events of their own. */
    void orderLeftWhole() {
        registry.counter("evefan.mixpanel.orders.left.whole").increment();
    }
}
