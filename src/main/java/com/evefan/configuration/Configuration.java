package com.evefan.configuration;

import com.evefan.broker.BrokerSettings;
import com.evefan.deadletter.DeadLetterApi;
import com.evefan.deduplication.DeduplicationSettings;
import com.evefan.delivery.RetrySettings;
import com.evefan.destination.bigquery.BigQuerySettings;
import com.evefan.destination.mixpanel.MixpanelSettings;
import com.evefan.destination.postgres.PostgresSettings;
import com.evefan.enrichment.EnrichmentSettings;
import com.evefan.event.EventLimits;
import com.evefan.health.HealthSettings;
import com.evefan.ingest.HttpSettings;
import com.evefan.ingest.Sources;
import com.evefan.ingest.TrustedProxies;
import com.evefan.journal.kafka.KafkaSettings;
import com.evefan.journal.local.JournalSettings;
import com.evefan.management.ManagementSettings;
import com.evefan.route.SettingsDestinations;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/**
 * Everything that Evefan is set up with, checked.
 *
 * @param dataDirectory everything that Evefan writes is below it
 * @param properties all properties with their effective values, for the placeholders of routes and for Camel itself
 */
public record Configuration(
        Path dataDirectory,
        Sources sources,
        EventLimits limits,
        HttpSettings http,
        ManagementSettings management,
        LogSettings log,
        TrustedProxies proxies,
        DeduplicationSettings deduplication,
        EnrichmentSettings enrichment,
        JournalSettings journal,
        KafkaSettings kafka,
        BrokerSettings broker,
        RetrySettings retry,
        DeadLetterApi.Settings deadLetters,
        HealthSettings health,
        PostgresSettings postgres,
        MixpanelSettings mixpanel,
        BigQuerySettings bigQuery,
        SettingsDestinations destinations,
        Map<String, String> properties) {
    private static final String ROUTES = "camel.main.routes-include-pattern";
    private static final int MEGABYTE = 1 << 20;
    private static final int HOUR_MS = 3_600_000;

    public Configuration {
        properties = Map.copyOf(properties);
    }

    /**
     * Reads the defaults, {@code application.properties} in the working directory, the environment and, over all of
     * these, {@code overrides}.
     *
     * @param overrides system properties, as a rule; what is neither {@code evefan.*} nor {@code camel.*} is passed over
     * @throws ConfigurationException when anything is wrong: all problems at once
     */
    public static Configuration load(Properties overrides) throws ConfigurationException {
        try {
            return of(PropertySources.load(Path.of(""), System.getenv(), overrides));
        } catch (IOException e) {
            throw new ConfigurationException(List.of("application.properties cannot be read: " + e.getMessage()));
        }
    }

    static Configuration of(Map<String, String> values) throws ConfigurationException {
        Settings settings = new Settings(values);
        Path data = Path.of(settings.text("evefan.data.directory"));
        Optional<Sources> sources = settings.create(() -> IngestSettings.sources(settings));
        Optional<EventLimits> limits = settings.create(() -> IngestSettings.limits(settings));
        Optional<HttpSettings> http = settings.create(() -> IngestSettings.http(settings));
        Optional<TrustedProxies> proxies = settings.create(() -> IngestSettings.proxies(settings));
        Optional<DeduplicationSettings> deduplication = settings.create(() -> IngestSettings.deduplication(settings));
        Optional<EnrichmentSettings> enrichment = settings.create(() -> IngestSettings.enrichment(settings));
        Optional<ManagementSettings> management = settings.create(() -> ManagementConfiguration.of(settings, data));
        Optional<LogSettings> log = settings.create(() -> LogSettings.of(settings));
        settings.text("evefan.tracing.endpoint");
        settings.text("evefan.http.sdk-directory");
        settings.text("evefan.plans.directory");
        settings.flag("evefan.plans.unplanned");
        settings.integer("evefan.shutdown.timeout-ms", 1_000, HOUR_MS);
        Optional<JournalSettings> journal = settings.create(() -> journal(settings, data));
        Optional<BrokerSettings> broker = settings.create(() -> broker(settings, data));
        Optional<RetrySettings> retry = settings.create(() -> FailureSettings.retry(settings));
        Optional<KafkaSettings> kafka = settings.create(() -> kafka(
                settings,
                retry.map(RetrySettings::maxAge).orElse(Duration.ZERO),
                limits.orElse(EventLimits.DEFAULT).maxEventBytes(),
                journal.map(JournalSettings::handoverEvents).orElse(1)));
        Optional<DeadLetterApi.Settings> deadLetters = settings.create(() -> FailureSettings.deadLetters(settings));
        Optional<HealthSettings> health = settings.create(() -> FailureSettings.health(settings));
        Optional<PostgresSettings> postgres = settings.create(() -> DestinationSettings.postgres(settings));
        Optional<MixpanelSettings> mixpanel = settings.create(() -> DestinationSettings.mixpanel(settings));
        Optional<BigQuerySettings> bigQuery = settings.create(() -> DestinationSettings.bigQuery(settings));
        settings.flag("evefan.routes.reload");
        Optional<SettingsDestinations> destinations = settings.create(() -> DestinationSettings.bySettings(settings));
        if (sources.isPresent() && http.isPresent() && management.isPresent()) {
            settings.create(() -> ManagementConfiguration.checkExposed(http.get(), sources.get(), management.get()));
        }
        settings.verify();
        return new Configuration(
                data.toAbsolutePath().normalize(),
                sources.orElseThrow(),
                limits.orElseThrow(),
                http.orElseThrow(),
                management.orElseThrow(),
                log.orElseThrow(),
                proxies.orElseThrow(),
                deduplication.orElseThrow(),
                enrichment.orElseThrow(),
                journal.orElseThrow(),
                kafka.orElseThrow(),
                broker.orElseThrow(),
                retry.orElseThrow(),
                deadLetters.orElseThrow(),
                health.orElseThrow(),
                postgres.orElseThrow(),
                mixpanel.orElseThrow(),
                bigQuery.orElseThrow(),
                destinations.orElseThrow(),
                withDerived(
                        values,
                        postgres.orElseThrow(),
                        mixpanel.orElseThrow(),
                        bigQuery.orElseThrow(),
                        destinations.orElseThrow(),
                        ",file:" + bySettings(data) + "/*.camel.yaml"));
    }

    private static Path bySettings(Path data) {
        return data.toAbsolutePath().normalize().resolve("destinations");
    }

    /** Where the files of destinations are that are settings alone. */
    public Path bySettings() {
        return bySettings(dataDirectory);
    }

    private static Map<String, String> withDerived(
            Map<String, String> values,
            PostgresSettings postgres,
            MixpanelSettings mixpanel,
            BigQuerySettings bigQuery,
            SettingsDestinations destinations,
            String theirRoutes) {
        Map<String, String> all = new TreeMap<>(values);
        all.put("evefan.postgres.jdbc-url", postgres.url());
        all.put("evefan.mixpanel.enabled", String.valueOf(!mixpanel.token().isEmpty()));
        // Camel counts in seconds.
        long shutdown = Long.parseLong(
                values.getOrDefault("evefan.shutdown.timeout-ms", "").strip());
        all.put("camel.main.shutdown-timeout", String.valueOf(Math.max(1, shutdown / 1_000)));
        if (!destinations.isEmpty()) {
            all.computeIfPresent(ROUTES, (key, pattern) -> pattern + theirRoutes);
            all.putAll(destinations.defaults(values));
        }
        all.put("evefan.bigquery.enabled", String.valueOf(bigQuery.enabled()));
        return all;
    }

    private static JournalSettings journal(Settings settings, Path data) {
        settings.gone("evefan.journal.max-events", "what waits is on disk only: evefan.journal.max-bytes bounds it");
        settings.gone("evefan.journal.file-bytes", "it is evefan.journal.segment-bytes now");
        settings.gone("evefan.delivery.max-waiting-events", "about two batches of a destination are in memory");
        return new JournalSettings(
                data.resolve("journal"),
                settings.millis("evefan.journal.retention-ms", 0, Long.MAX_VALUE),
                settings.number("evefan.journal.max-bytes", 1, Long.MAX_VALUE),
                settings.number("evefan.journal.min-free-bytes", 0, Long.MAX_VALUE),
                settings.integer("evefan.journal.segment-bytes", 64 << 10, 1 << 30),
                settings.integer("evefan.journal.handover-events", 1, 100_000));
    }

    private static KafkaSettings kafka(Settings settings, Duration maxAge, int maxEventBytes, int handoverEvents) {
        return new KafkaSettings(
                settings.text("evefan.kafka.brokers"),
                settings.text("evefan.kafka.topic"),
                settings.integer("evefan.kafka.partitions", 1, 1_000),
                settings.integer("evefan.kafka.replication", 1, 9),
                settings.millis("evefan.kafka.session-timeout-ms", 6_000, 300_000),
                settings.oneOf("evefan.kafka.group-protocol", KafkaSettings.GroupProtocol.class),
                settings.below("evefan.kafka.client."),
                maxAge,
                maxEventBytes,
                handoverEvents);
    }

    private static BrokerSettings broker(Settings settings, Path data) {
        return new BrokerSettings(
                settings.text("evefan.activemq.url"),
                settings.text("evefan.activemq.user"),
                settings.text("evefan.activemq.password"),
                data.resolve("activemq"),
                settings.number("evefan.activemq.store-bytes", 64L * MEGABYTE, Long.MAX_VALUE));
    }

    /** Whether Evefan runs a PostgreSQL of its own. */
    public boolean isPostgresEmbedded() {
        return properties.getOrDefault("evefan.postgres.url", "").isBlank();
    }

    /** Whether edits of destination files take effect while Evefan runs. */
    public boolean reloadsRoutes() {
        return property("evefan.routes.reload").strip().equals("true");
    }

    /** The port of that PostgreSQL. */
    public int embeddedPostgresPort() {
        return Integer.parseInt(property("evefan.postgres.embedded.port").strip());
    }

    /** Whether a placeholder of that name has a value: among the properties, with -D, or in the environment. */
    public boolean isSet(String key) {
        return properties.containsKey(key)
                || System.getProperty(key) != null
                || System.getenv(PropertySources.environmentName(key)) != null;
    }

    /** The value of a property that is not Evefan's own, such as {@code camel.management.port}. */
    public String property(String key) {
        return properties.getOrDefault(key, "");
    }

    /** What properties are where nobody sets them. */
    public Map<String, String> defaults() {
        return PropertySources.DEFAULTS;
    }

    /** The properties as Camel takes them. */
    public Properties camelProperties() {
        Properties camel = new Properties();
        camel.putAll(properties);
        return camel;
    }

    /** Free of secrets. */
    @Override
    public String toString() {
        return "Evefan in " + dataDirectory + ", sources " + sources.all();
    }
}
