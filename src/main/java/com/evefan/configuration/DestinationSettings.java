package com.evefan.configuration;

import com.evefan.delivery.BatchSettings;
import com.evefan.destination.bigquery.BigQuerySettings;
import com.evefan.destination.bigquery.Partitioning;
import com.evefan.destination.custom.OnEvents;
import com.evefan.destination.mixpanel.MixpanelSettings;
import com.evefan.destination.postgres.PostgresSettings;
import com.evefan.route.SettingsDestinations;
import com.evefan.warehouse.EventViews;
import java.io.IOException;
import java.util.stream.Stream;

/** Reads the settings of the destinations that come with Evefan. */
final class DestinationSettings {
    private static final int MEGABYTE = 1 << 20;
    private static final int HOUR_MS = 3_600_000;

    private DestinationSettings() {}

    static PostgresSettings postgres(Settings settings) {
        batch(settings, "postgres");
        String url = settings.text("evefan.postgres.url");
        int connections = settings.integer("evefan.postgres.pool-size", 1, 100);
        int parallel = settings.integer("evefan.postgres.parallel", 1, 64);
        if (parallel > 1 && connections <= parallel) {
            settings.problem("evefan.postgres.pool-size must be larger than evefan.postgres.parallel, which is "
                    + parallel + ", was " + connections);
        }
        int embeddedPort = settings.integer("evefan.postgres.embedded.port", 1, 65_535);
        return new PostgresSettings(
                url.isEmpty() ? "jdbc:postgresql://127.0.0.1:" + embeddedPort + "/evefan" : url,
                settings.text("evefan.postgres.user"),
                settings.text("evefan.postgres.password"),
                settings.text("evefan.postgres.schema"),
                connections,
                settings.integer("evefan.postgres.connect-timeout-ms", 1_000, HOUR_MS),
                settings.integer("evefan.postgres.socket-timeout-ms", 1_000, HOUR_MS),
                url.isEmpty(),
                settings.flag("evefan.postgres.extra-fields"),
                Stream.of(settings.text("evefan.postgres.indexes").split(","))
                        .map(String::strip)
                        .filter(column -> !column.isEmpty())
                        .toList(),
                new EventViews.Limits(
                        settings.integer("evefan.postgres.views.max-events", 0, 10_000),
                        settings.integer("evefan.postgres.views.max-columns", 50, 1_500),
                        settings.integer("evefan.postgres.views.interval-ms", 1_000, HOUR_MS)),
                PostgresSettings.Partitions.of(
                        settings.text("evefan.postgres.partitions.period"),
                        settings.integer("evefan.postgres.partitions.keep-days", 0, 36_500)));
    }

    static MixpanelSettings mixpanel(Settings settings) {
        batch(settings, "mixpanel");
        settings.text("evefan.mixpanel.region");
        settings.text("evefan.mixpanel.base-url");
        settings.integer("evefan.mixpanel.connect-timeout-ms", 100, HOUR_MS);
        settings.integer("evefan.mixpanel.response-timeout-ms", 100, HOUR_MS);
        return new MixpanelSettings(
                settings.text("evefan.mixpanel.token"),
                settings.text("evefan.mixpanel.project-id"),
                settings.text("evefan.mixpanel.service-account"),
                settings.flag("evefan.mixpanel.strict"),
                new MixpanelSettings.Rules(
                        settings.oneOf("evefan.mixpanel.identity-merge", MixpanelSettings.IdentityMerge.class),
                        settings.text("evefan.mixpanel.group-key"),
                        MixpanelSettings.groupKeys(Settings.list(settings.text("evefan.mixpanel.group-keys"))),
                        settings.text("evefan.mixpanel.page-event"),
                        settings.text("evefan.mixpanel.screen-event"),
                        settings.flag("evefan.mixpanel.product-events"),
                        settings.oneOf("evefan.mixpanel.revenue", MixpanelSettings.Revenue.class)),
                new MixpanelSettings.Limits(
                        settings.integer("evefan.mixpanel.request.max-events", 1, 2_000),
                        settings.integer("evefan.mixpanel.request.max-bytes", 1_000, 16 * MEGABYTE),
                        settings.integer("evefan.mixpanel.request.max-profile-bytes", 1_000, 16 * MEGABYTE)));
    }

    static BigQuerySettings bigQuery(Settings settings) {
        batch(settings, "bigquery");
        return new BigQuerySettings(
                settings.text("evefan.bigquery.project"),
                settings.text("evefan.bigquery.dataset"),
                settings.text("evefan.bigquery.location"),
                settings.text("evefan.bigquery.credentials"),
                settings.text("evefan.bigquery.endpoint"),
                new BigQuerySettings.Request(
                        settings.integer("evefan.bigquery.request.max-rows", 1, 50_000),
                        settings.number("evefan.bigquery.request.max-bytes", 1_024, 64L * MEGABYTE)),
                settings.integer("evefan.bigquery.parallel-requests", 1, 64),
                settings.oneOf("evefan.bigquery.partitioning", Partitioning.class),
                new BigQuerySettings.Timeouts(
                        settings.millis("evefan.bigquery.connect-timeout-ms", 100, HOUR_MS),
                        settings.millis("evefan.bigquery.read-timeout-ms", 100, HOUR_MS),
                        settings.millis("evefan.bigquery.visible-timeout-ms", 0, HOUR_MS)),
                new EventViews.Limits(
                        settings.integer("evefan.bigquery.views.max-events", 0, 10_000),
                        settings.integer("evefan.bigquery.views.max-columns", 50, 500),
                        settings.integer("evefan.bigquery.views.interval-ms", 1_000, HOUR_MS)));
    }

    static SettingsDestinations bySettings(Settings settings) {
        try {
            SettingsDestinations destinations = SettingsDestinations.of(settings.groups(SettingsDestinations.PREFIX));
            destinations.problems(OnEvents.functions()).forEach(settings::problem);
            destinations.misplaced(settings::below).forEach(settings::problem);
            return destinations;
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    SettingsDestinations.PREFIX + "*: routes/examples cannot be read: " + e.getMessage(), e);
        }
    }

    private static void batch(Settings settings, String destination) {
        String prefix = "evefan." + destination;
        settings.integer(prefix + ".batch.max-events", 1, 100_000);
        settings.number(prefix + ".batch.max-bytes", 1_024, 256L * MEGABYTE);
        settings.integer(prefix + ".batch.max-age-ms", 1, HOUR_MS);
        settings.flag(prefix + ".batch.at-once");
        settings.integer(prefix + ".parallel", 1, 64);
        BatchSettings.start(prefix + ".start", settings::text);
        settings.text(prefix + ".consent");
    }
}
