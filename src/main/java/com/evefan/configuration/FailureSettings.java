package com.evefan.configuration;

import com.evefan.delivery.RetrySettings;
import com.evefan.delivery.WaitingLimits;
import com.evefan.health.HealthSettings;
import com.evefan.journal.JournalSettings;

/** Reads the settings of what happens when a destination fails. */
final class FailureSettings {
    private static final int HOUR_MS = 3_600_000;
    private static final long YEAR_MS = 365L * 24 * HOUR_MS;

    private FailureSettings() {}

    /** Read by routes/error-handling.camel.yaml. */
    static void redelivery(Settings settings) {
        settings.integer("evefan.redelivery.max-attempts", 0, 20);
        settings.integer("evefan.redelivery.delay-ms", 1, 60_000);
        settings.integer("evefan.redelivery.max-delay-ms", 1, 60_000);
    }

    static RetrySettings retry(Settings settings) {
        return new RetrySettings(
                settings.millis("evefan.retry.delay-ms", 1, HOUR_MS),
                settings.millis("evefan.retry.max-delay-ms", 1, HOUR_MS),
                settings.millis("evefan.retry.max-age-ms", 1_000, YEAR_MS));
    }

    static long waitingEvents(Settings settings) {
        return settings.number("evefan.delivery.max-waiting-events", 1, Integer.MAX_VALUE);
    }

    /** The share in bytes is the share in events. */
    static WaitingLimits waiting(long events, JournalSettings journal) {
        double share = Math.min(1, (double) events / journal.maxEvents());
        return new WaitingLimits(events, (long) (journal.maxBytes() * share));
    }

    static HealthSettings health(Settings settings) {
        return new HealthSettings(
                settings.millis("evefan.health.max-outage-ms", 0, YEAR_MS),
                settings.millis("evefan.health.max-pending-age-ms", 1_000, YEAR_MS));
    }
}
