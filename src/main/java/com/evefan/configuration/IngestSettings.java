package com.evefan.configuration;

import com.evefan.deduplication.DeduplicationSettings;
import com.evefan.enrichment.Bots;
import com.evefan.enrichment.EnrichmentSettings;
import com.evefan.enrichment.IpMode;
import com.evefan.event.EventIds;
import com.evefan.event.EventLimits;
import com.evefan.event.Plan;
import com.evefan.event.Redaction;
import com.evefan.event.SenderKind;
import com.evefan.ingest.HttpSettings;
import com.evefan.ingest.Source;
import com.evefan.ingest.Sources;
import com.evefan.ingest.TlsSettings;
import com.evefan.ingest.TrustedProxies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Reads the settings of everything before the journal. */
final class IngestSettings {
    private static final String SOURCE = "evefan.source.";
    private static final Set<String> SOURCE_KEYS = Set.of(
            "write-key",
            "enabled",
            "allowed-origins",
            "rate-limit",
            "drop",
            "hash",
            "plain-ids",
            "kind",
            "plan",
            "oauth-key",
            "oauth-required",
            "bots");
    private static final int MEGABYTE = 1 << 20;
    private static final int HOUR_MS = 3_600_000;
    private static final long WEEK_MS = 7L * 24 * HOUR_MS;

    private IngestSettings() {}

    static Sources sources(Settings settings) {
        String salt = settings.text("evefan.privacy.salt");
        List<Source> sources = settings.groups(SOURCE).entrySet().stream()
                .map(source -> source(settings, source.getKey(), source.getValue(), salt))
                .toList();
        return new Sources(sources);
    }

    private static Source source(Settings settings, String name, Map<String, String> values, String salt) {
        String prefix = SOURCE + name + ".";
        for (String key : values.keySet()) {
            if (!SOURCE_KEYS.contains(key)) {
                settings.problem(prefix + key + " is not a known property; a source has "
                        + String.join(", ", new TreeSet<>(SOURCE_KEYS)));
            }
        }
        return new Source(
                name,
                values.getOrDefault("write-key", ""),
                !values.containsKey("enabled") || settings.flag(prefix + "enabled"),
                new HashSet<>(Settings.list(values.getOrDefault("allowed-origins", ""))),
                values.containsKey("rate-limit") ? settings.integer(prefix + "rate-limit", 0, Integer.MAX_VALUE) : 0,
                redaction(prefix, values, salt),
                values.containsKey("plain-ids") && settings.flag(prefix + "plain-ids")
                        ? EventIds.PLAIN
                        : EventIds.NAMED,
                values.containsKey("kind") ? settings.oneOf(prefix + "kind", SenderKind.class) : SenderKind.UNKNOWN,
                values.containsKey("plan") ? settings.oneOf(prefix + "plan", Plan.Mode.class) : Plan.Mode.OFF,
                values.containsKey("bots") ? settings.oneOf(prefix + "bots", Bots.class) : Bots.KEEP,
                oauth(settings, prefix, values));
    }

    private static Source.Access oauth(Settings settings, String prefix, Map<String, String> values) {
        String file = values.getOrDefault("oauth-key", "");
        boolean required = values.containsKey("oauth-required") && settings.flag(prefix + "oauth-required");
        try {
            return new Source.Access(file.isEmpty() ? "" : Files.readString(Path.of(file)), required);
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException(prefix + "oauth-key: " + e, e);
        }
    }

    private static Redaction redaction(String prefix, Map<String, String> values, String salt) {
        try {
            return Redaction.of(
                    Settings.list(values.getOrDefault("drop", "")),
                    Settings.list(values.getOrDefault("hash", "")),
                    salt);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(prefix + "drop and .hash: " + e.getMessage(), e);
        }
    }

    static HttpSettings http(Settings settings) {
        return new HttpSettings(
                settings.text("evefan.http.host"),
                settings.integer("evefan.http.port", 1, 65_535),
                settings.integer("evefan.http.max-request-bytes", 1_024, 64 * MEGABYTE),
                settings.number("evefan.http.max-body-memory-bytes", MEGABYTE, Long.MAX_VALUE / 4),
                settings.millis("evefan.http.idle-timeout-ms", 100, HOUR_MS),
                settings.millis("evefan.http.request-timeout-ms", 100, HOUR_MS),
                settings.integer("evefan.http.max-connections", 1, 1_000_000),
                settings.integer("evefan.http.max-connections-per-address", 1, 1_000_000),
                TlsSettings.of(
                        "evefan.http.tls",
                        settings.text("evefan.http.tls.certificate"),
                        settings.text("evefan.http.tls.key")),
                settings.text("evefan.http.public-url").replaceFirst("/$", ""),
                aliases(settings.text("evefan.http.path-aliases")));
    }

    private static Map<String, String> aliases(String text) {
        Map<String, String> aliases = new LinkedHashMap<>();
        for (String pair : Settings.list(text)) {
            String[] parts = pair.split("=", 2);
            aliases.put(parts[0].strip(), parts.length < 2 ? "" : parts[1].strip());
        }
        return aliases;
    }

    static TrustedProxies proxies(Settings settings) {
        return new TrustedProxies(Settings.list(settings.text("evefan.http.trusted-proxies")));
    }

    static EventLimits limits(Settings settings) {
        return EventLimits.of(
                settings.integer("evefan.ingest.max-event-bytes", 1_024, 16 * MEGABYTE),
                settings.integer("evefan.ingest.max-events", 1, 100_000),
                settings.integer("evefan.ingest.max-depth", 10, 1_000),
                settings.number("evefan.ingest.max-clock-error-ms", 0, WEEK_MS * 53));
    }

    static DeduplicationSettings deduplication(Settings settings) {
        return new DeduplicationSettings(
                settings.millis("evefan.deduplication.window-ms", 0, WEEK_MS),
                Math.min(
                        settings.integer("evefan.deduplication.max-ids", 1_000, 500_000_000),
                        DeduplicationSettings.mostIds()));
    }

    static EnrichmentSettings enrichment(Settings settings) {
        return new EnrichmentSettings(
                settings.oneOf("evefan.enrichment.ip", IpMode.class),
                settings.flag("evefan.enrichment.user-agent"),
                settings.text("evefan.enrichment.location-database"),
                settings.text("evefan.enrichment.country-header"),
                settings.text("evefan.enrichment.region-header"),
                settings.text("evefan.enrichment.city-header"));
    }
}
