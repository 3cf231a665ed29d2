package com.evefan.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Properties;
import org.junit.jupiter.api.Test;

class ExposureTest {
    private static final String TOKEN = "a-token-of-my-own";

    @Test
    void listensForOthersOnlyWithAWriteKeyOfItsOwn() {
        assertThatThrownBy(() -> load("evefan.http.host", "0.0.0.0", "evefan.admin.token", TOKEN))
                .hasMessageContaining("evefan.http.host is 0.0.0.0")
                .hasMessageContaining("evefan.source.dev.write-key");
    }

    @Test
    void listensForOthersOnlyWithAnAdminToken() {
        assertThatThrownBy(() -> load("evefan.http.host", "0.0.0.0", "evefan.source.dev.write-key", "mine"))
                .hasMessageContaining("evefan.admin.token");
    }

    @Test
    void showsTheManagementPortToOthersOnlyWithAnAdminToken() {
        assertThatThrownBy(() -> load("camel.management.host", "0.0.0.0"))
                .hasMessageContaining("camel.management.host is 0.0.0.0")
                .hasMessageContaining("evefan.admin.token");
    }

    @Test
    void listensForOthersWithBoth() throws Exception {
        // When
        Configuration configuration = load(
                "evefan.http.host",
                "0.0.0.0",
                "camel.management.host",
                "0.0.0.0",
                "evefan.source.dev.enabled",
                "false",
                "evefan.source.web.write-key",
                "mine",
                "evefan.admin.token",
                TOKEN);

        // Then
        assertThat(configuration.management()).hasToString("http://0.0.0.0:9876");
    }

    @Test
    void namesACertificateThatItCannotRead() {
        assertThatThrownBy(
                        () -> load("evefan.http.tls.certificate", "missing.pem", "evefan.http.tls.key", "missing.pem"))
                .hasMessageContaining("evefan.http.tls.certificate: cannot read missing.pem");
    }

    private static Configuration load(String... properties) throws ConfigurationException {
        Properties overrides = new Properties();
        for (int i = 0; i < properties.length; i += 2) {
            overrides.setProperty(properties[i], properties[i + 1]);
        }
        return Configuration.load(overrides);
    }
}
