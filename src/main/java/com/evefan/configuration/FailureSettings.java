package com.evefan.configuration;

import com.evefan.deadletter.DeadLetterApi;
import com.evefan.deadletter.RefusedEvents;
import com.evefan.delivery.RetrySettings;
import com.evefan.health.HealthSettings;

/** Reads the settings of what happens when a destination fails. */
final class FailureSettings {
    private static final int MINUTE_MS = 60_000;
    private static final int HOUR_MS = 60 * MINUTE_MS;
    private static final long YEAR_MS = 365L * 24 * HOUR_MS;

    private FailureSettings() {}

    static RetrySettings retry(Settings settings) {
        return new RetrySettings(
                settings.integer("evefan.redelivery.max-attempts", 0, 20),
                settings.millis("evefan.redelivery.delay-ms", 1, MINUTE_MS),
                settings.millis("evefan.redelivery.max-delay-ms", 1, MINUTE_MS),
                settings.millis("evefan.retry.delay-ms", 1, HOUR_MS),
                settings.millis("evefan.retry.max-delay-ms", 1, HOUR_MS),
                settings.millis("evefan.retry.max-age-ms", 1_000, YEAR_MS));
    }

    static HealthSettings health(Settings settings) {
        return new HealthSettings(
                settings.millis("evefan.health.max-outage-ms", 0, YEAR_MS),
                settings.millis("evefan.health.max-pending-age-ms", 1_000, YEAR_MS));
    }

    static DeadLetterApi.Settings deadLetters(Settings settings) {
        return new DeadLetterApi.Settings(
                settings.millis("evefan.dead-letters.retention-ms", 0, 10 * YEAR_MS),
                new RefusedEvents.Settings(
                        settings.number("evefan.refused.max-bytes", 1 << 20, Long.MAX_VALUE),
                        settings.millis("evefan.refused.retention-ms", 60_000, 10 * YEAR_MS)));
    }
}
