package com.evefan.configuration;

import com.evefan.broker.BrokerSettings;
import com.evefan.destination.bigquery.BigQuerySettings;
import com.evefan.destination.mixpanel.MixpanelSettings;
import com.evefan.destination.postgres.PostgresSettings;
import com.evefan.event.EventLimits;
import com.evefan.ingest.HttpSettings;
import com.evefan.ingest.Source;
import com.evefan.ingest.Sources;
import com.evefan.journal.JournalSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
        JournalSettings journal,
        BrokerSettings broker,
        PostgresSettings postgres,
        MixpanelSettings mixpanel,
        BigQuerySettings bigQuery,
        Map<String, String> properties) {
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
        Sources sources = settings.create(() -> sources(settings));
        EventLimits limits = settings.create(() -> limits(settings));
        HttpSettings http = settings.create(() -> http(settings));
        JournalSettings journal = settings.create(() -> journal(settings, data));
        BrokerSettings broker = settings.create(() -> broker(settings, data));
        PostgresSettings postgres = settings.create(() -> DestinationSettings.postgres(settings));
        MixpanelSettings mixpanel = settings.create(() -> DestinationSettings.mixpanel(settings));
        BigQuerySettings bigQuery = settings.create(() -> DestinationSettings.bigQuery(settings));
        settings.integer("evefan.redelivery.max-attempts", 0, 20);
        settings.integer("evefan.redelivery.delay-ms", 1, 60_000);
        settings.integer("evefan.redelivery.max-delay-ms", 1, 60_000);
        settings.flag("evefan.routes.reload");
        settings.verify();
        return new Configuration(
                data.toAbsolutePath().normalize(),
                sources,
                limits,
                http,
                journal,
                broker,
                postgres,
                mixpanel,
                bigQuery,
                withDerived(values, postgres, mixpanel, bigQuery));
    }

    private static Map<String, String> withDerived(
            Map<String, String> values,
            PostgresSettings postgres,
            MixpanelSettings mixpanel,
            BigQuerySettings bigQuery) {
        Map<String, String> all = new TreeMap<>(values);
        all.put("evefan.postgres.jdbc-url", postgres.url());
        all.put("evefan.mixpanel.enabled", String.valueOf(!mixpanel.token().isEmpty()));
        all.put("evefan.bigquery.enabled", String.valueOf(bigQuery.enabled()));
        return all;
    }

    private static Sources sources(Settings settings) {
        List<Source> sources = settings.groups("evefan.source.").entrySet().stream()
                .map(source -> new Source(
                        source.getKey(),
                        source.getValue().getOrDefault("write-key", "").strip()))
                .toList();
        return new Sources(sources);
    }

    private static HttpSettings http(Settings settings) {
        return new HttpSettings(
                settings.text("evefan.http.host"),
                settings.integer("evefan.http.port", 1, 65_535),
                settings.integer("evefan.http.max-request-bytes", 1_024, 64 * MEGABYTE),
                settings.millis("evefan.http.idle-timeout-ms", 100, HOUR_MS),
                settings.integer("evefan.http.max-connections", 1, 1_000_000));
    }

    private static EventLimits limits(Settings settings) {
        return EventLimits.of(
                settings.integer("evefan.ingest.max-event-bytes", 1_024, 16 * MEGABYTE),
                settings.integer("evefan.ingest.max-events", 1, 100_000),
                settings.integer("evefan.ingest.max-depth", 10, 1_000));
    }

    private static JournalSettings journal(Settings settings, Path data) {
        return new JournalSettings(
                data.resolve("journal"),
                settings.integer("evefan.journal.max-events", 1, Integer.MAX_VALUE),
                settings.number("evefan.journal.max-bytes", 1, Long.MAX_VALUE),
                settings.integer("evefan.journal.handover-events", 1, 100_000),
                settings.integer("evefan.journal.file-bytes", 64 << 10, 1 << 30),
                settings.number("evefan.journal.min-free-bytes", 0, Long.MAX_VALUE));
    }

    private static BrokerSettings broker(Settings settings, Path data) {
        return new BrokerSettings(
                settings.text("evefan.activemq.url"),
                settings.text("evefan.activemq.user"),
                settings.text("evefan.activemq.password"),
                data.resolve("activemq"),
                settings.number("evefan.activemq.store-bytes", 64L * MEGABYTE, Long.MAX_VALUE),
                settings.millis("evefan.retry.delay-ms", 1, HOUR_MS),
                settings.millis("evefan.retry.max-delay-ms", 1, HOUR_MS));
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

    /** The value of a property that is not Evefan's own, such as {@code camel.management.port}. */
    public String property(String key) {
        return properties.getOrDefault(key, "");
    }

    /** The properties as Camel takes them. */
    public Properties camelProperties() {
        Properties camel = new Properties();
        camel.putAll(properties);
        return camel;
    }
}
