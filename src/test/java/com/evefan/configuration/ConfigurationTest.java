package com.evefan.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationTest {
    @TempDir
    Path directory;

    private Map<String, String> values;

    @BeforeEach
    void defaults() throws Exception {
        values = new HashMap<>(PropertySources.load(directory, Map.of(), new Properties()));
    }

    @Test
    void theDefaultsAreComplete() throws Exception {
        Configuration configuration = Configuration.of(values);

        assertThat(configuration.http().port()).isEqualTo(8080);
        assertThat(configuration.isPostgresEmbedded()).isTrue();
        assertThat(configuration.broker().isEmbedded()).isTrue();
        assertThat(configuration.property("evefan.mixpanel.enabled")).isEqualTo("false");
        assertThat(configuration.property("evefan.bigquery.enabled")).isEqualTo("false");
    }

    @Test
    void everyProblemIsToldAtOnce() {
        values.put("evefan.http.port", "eighty");
        values.put("evefan.retry.max-delay-ms", "10");
        values.put("evefan.mixpanel.identity-merge", "sideways");
        values.put("evefan.source.dev.kind", "robot");

        assertThatThrownBy(() -> Configuration.of(values))
                .isInstanceOfSatisfying(
                        ConfigurationException.class,
                        e -> assertThat(e.problems())
                                .containsExactlyInAnyOrder(
                                        "evefan.http.port must be a whole number from 1 to 65535, was 'eighty'",
                                        "evefan.retry.max-delay-ms must not be less than evefan.retry.delay-ms (1000), was 10",
                                        "evefan.mixpanel.identity-merge must be one of simplified, original, was 'sideways'",
                                        "evefan.source.dev.kind must be one of unknown, browser, mobile, server, was 'robot'"));
    }

    @Test
    void anUnknownKeyIsAProblemThatNamesTheOneMeant() {
        values.put("evefan.http.prot", "1");

        assertThatThrownBy(() -> Configuration.of(values))
                .hasMessage("evefan.http.prot is not a known property; did you mean evefan.http.port?");
    }

    @Test
    void theEnvironmentBeatsTheFileAndTheCommandLineBoth() throws Exception {
        Files.writeString(directory.resolve("application.properties"), "evefan.postgres.user = file\n");
        Properties commandLine = new Properties();

        assertThat(PropertySources.load(directory, Map.of(), commandLine))
                .containsEntry("evefan.postgres.user", "file");

        Map<String, String> environment = Map.of("EVEFAN_POSTGRES_USER", "environment");
        assertThat(PropertySources.load(directory, environment, commandLine))
                .containsEntry("evefan.postgres.user", "environment");

        commandLine.setProperty("evefan.postgres.user", "command line");
        assertThat(PropertySources.load(directory, environment, commandLine))
                .containsEntry("evefan.postgres.user", "command line");
    }

    @Test
    void aSourceComesFromTheEnvironmentAlone() throws Exception {
        Map<String, String> environment = Map.of("EVEFAN_SOURCE_IOS_APP_WRITE_KEY", "secret");

        Configuration configuration = Configuration.of(PropertySources.load(directory, environment, new Properties()));

        assertThat(configuration.sources().of("secret"))
                .hasValueSatisfying(source -> assertThat(source.name()).isEqualTo("ios-app"));
    }

    @Test
    void secretsStandInNoText() throws Exception {
        values.put("evefan.postgres.password", "s3cret-pg");
        values.put("evefan.mixpanel.token", "s3cret-mp");
        values.put("evefan.activemq.password", "s3cret-mq");
        values.put("evefan.source.dev.write-key", "s3cret-wk");

        assertThat(Configuration.of(values).toString()).doesNotContain("s3cret");
    }
}
