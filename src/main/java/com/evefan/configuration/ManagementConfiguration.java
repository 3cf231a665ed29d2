package com.evefan.configuration;

import com.evefan.ingest.HttpSettings;
import com.evefan.ingest.Source;
import com.evefan.ingest.Sources;
import com.evefan.ingest.TlsSettings;
import com.evefan.management.ManagementSettings;
import java.nio.file.Path;

/** Reads the settings of the management port, and sees to it that nothing is open to others by accident. */
final class ManagementConfiguration {
    private static final String DEVELOPMENT_KEY = "wk_dev";

    private ManagementConfiguration() {}

    static ManagementSettings of(Settings settings, Path data) {
        return new ManagementSettings(
                settings.text("camel.management.host"),
                settings.integer("camel.management.port", 1, 65_535),
                settings.text("evefan.admin.token"),
                settings.text("evefan.admin.read-token"),
                settings.flag("evefan.admin.read-token-sees-content"),
                TlsSettings.of(
                        "evefan.admin.tls",
                        settings.text("evefan.admin.tls.certificate"),
                        settings.text("evefan.admin.tls.key")),
                data);
    }

    /**
     * Whether Evefan may listen where it is told to.
     *
     * @throws IllegalArgumentException when others could reach it with a write key that everybody knows, or when nobody
     *     has chosen a token for operators
     */
    static boolean checkExposed(HttpSettings http, Sources sources, ManagementSettings management) {
        if (ManagementSettings.isLoopback(http.host())) {
            return true;
        }
        String exposed = "evefan.http.host is " + http.host() + ", which others can reach: ";
        for (Source source : sources.all()) {
            if (source.enabled() && source.writeKey().equals(DEVELOPMENT_KEY)) {
                throw new IllegalArgumentException(exposed + "set evefan.source." + source.name()
                        + ".write-key to a key of your own, or .enabled to false, or go back to 127.0.0.1");
            }
        }
        if (management.token().isEmpty()) {
            throw new IllegalArgumentException(exposed + "set evefan.admin.token, or go back to 127.0.0.1");
        }
        return true;
    }
}
