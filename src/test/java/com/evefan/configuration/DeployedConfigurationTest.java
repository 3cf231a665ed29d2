package com.evefan.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.deploy.DeployFiles;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Evefan understands what it is told by the files that it is deployed with: every variable is a known property. */
class DeployedConfigurationTest {
    @TempDir
    Path directory;

    @Test
    void takesTheEnvironmentOfTheComposeFile() throws Exception {
        assertThat(load(DeployFiles.composeEnvironment()).property("evefan.bigquery.enabled"))
                .isEqualTo("false");
    }

    @Test
    void takesTheEnvironmentOfTheComposeFileWithTheBigQueryEmulator() throws Exception {
        // Given
        Map<String, String> environment = new HashMap<>(DeployFiles.composeEnvironment());
        environment.put("EVEFAN_BIGQUERY_PROJECT", "test");

        // Then
        assertThat(load(environment).property("evefan.bigquery.enabled")).isEqualTo("true");
    }

    @Test
    void takesTheEnvironmentOfThePod() throws Exception {
        load(DeployFiles.kubernetesEnvironment());
    }

    @Test
    void takesTheEnvironmentsOnKafka() throws Exception {
        assertThat(load(DeployFiles.composeEnvironment("evefan-1")).kafka().isOn())
                .isTrue();
        Configuration pod = load(DeployFiles.kafkaEnvironment());
        assertThat(pod.kafka().client()).containsOnlyKeys("security.protocol", "sasl.mechanism", "sasl.jaas.config");
        assertThat(pod.kafka().toString()).doesNotContain("ScramLoginModule");
    }

    private Configuration load(Map<String, String> environment) throws Exception {
        Configuration configuration = Configuration.of(PropertySources.load(directory, environment, new Properties()));

        assertThat(configuration.http().toString() + configuration.management()).contains("0.0.0.0");
        assertThat(configuration.broker().isEmbedded()).isFalse();
        assertThat(configuration.isPostgresEmbedded()).isFalse();
        assertThat(configuration.property("evefan.source.dev.enabled")).isEqualTo("false");
        assertThat(configuration.property("evefan.source.web.write-key")).isNotBlank();
        return configuration;
    }
}
