package com.evefan.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.lang.module.ModuleDescriptor.Version;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.activemq.ActiveMQConnectionMetaData;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the schema of compose files does not say: that what they name is there. */
class ComposeFileTest {
    private static final Pattern ADDRESS = Pattern.compile("//([a-z]+):\\d+|\"([a-z]+):\\d+\"");

    private JsonNode file;
    private Map<String, JsonNode> services;

    @BeforeEach
    void read() throws IOException {
        file = DeployFiles.compose();
        services = file.path("services").properties().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    @Test
    void waitsForServicesThatStartAsWellAndTellWhetherTheyAreHealthy() {
        services.forEach((name, service) -> service.path("depends_on")
                .properties()
                .forEach(needed -> {
                    JsonNode other = services.get(needed.getKey());
                    assertThat(other).as(needed.getKey()).isNotNull();
                    assertThat(needed.getValue().path("condition").asText()).isEqualTo("service_healthy");
                    assertThat(texts(other.path("profiles")))
                            .as(needed.getKey() + " starts without a profile, or with those of " + name)
                            .matches(
                                    profiles -> profiles.isEmpty() || profiles.equals(texts(service.path("profiles"))));
                }));
    }

    @Test
    void asksEveryServiceForItsHealthWithoutAShellOfItsOwn() {
        services.forEach((name, service) -> {
            JsonNode test = service.at("/healthcheck/test");
            // Evefan's stands in its Dockerfile.
            assertThat(service.has("build") ? "CMD" : test.path(0).asText())
                    .as(name)
                    .isEqualTo("CMD");
        });
    }

    @Test
    void takesImagesOfANamedVersion() {
        services.forEach((name, service) -> {
            String image = service.path("image").asText();
            // Its own is built here.
            assertThat(service.has("build") ? "evefan:1" : image).as(name).matches("[a-z0-9./-]+:v?\\d[\\w.-]*");
        });
    }

    @Test
    void takesABrokerNotOlderThanTheClient() {
        String image = services.get("activemq").path("image").asText();

        assertThat(Version.parse(image.substring(image.indexOf(':') + 1)))
                .isGreaterThanOrEqualTo(Version.parse(ActiveMQConnectionMetaData.PROVIDER_VERSION));
    }

    @Test
    void publishesOnlyIngestionToOthers() throws IOException {
        String ingestion = DeployFiles.defaultOf("evefan.http.port");
        List<String> open = services.values().stream()
                .flatMap(service -> texts(service.path("ports")).stream())
                .filter(port -> !port.startsWith("127.0.0.1:"))
                .toList();

        assertThat(open).containsExactly(ingestion + ":" + ingestion);
    }

    @Test
    void mountsFilesAndVolumesThatAreThereAndEveryVolume() {
        Set<String> named = new HashSet<>();
        for (JsonNode service : services.values()) {
            for (String volume : texts(service.path("volumes"))) {
                String source = volume.substring(0, volume.indexOf(':'));
                if (source.startsWith("./")) {
                    assertThat(Path.of(source)).isDirectory();
                } else {
                    named.add(source);
                }
            }
            assertThat(texts(service.path("secrets"))).allMatch(file.path("secrets")::has);
        }
        assertThat(named).isEqualTo(names(file.path("volumes")));
    }

    @Test
    void namesServicesThatAreThere() throws IOException {
        String text = file
                + Files.readString(Path.of("deploy/prometheus/prometheus.yml"))
                + Files.readString(Path.of("deploy/grafana/provisioning/datasources/prometheus.yml"));
        Set<String> hosts = ADDRESS.matcher(text)
                .results()
                .map(match -> match.group(1) == null ? match.group(2) : match.group(1))
                .collect(Collectors.toSet());

        assertThat(hosts).contains("postgres", "activemq", "evefan", "prometheus", "bigquery");
        assertThat(services.keySet()).containsAll(hosts);
    }

    @Test
    void givesEvefanNothingMoreThanItNeedsAndTheTimeToStop() throws IOException {
        // Given
        JsonNode evefan = services.get("evefan");
        int seconds = Integer.parseInt(evefan.path("stop_grace_period").asText().replace("s", ""));

        // Then
        assertThat(evefan.path("read_only").asBoolean()).isTrue();
        assertThat(texts(evefan.path("cap_drop"))).containsExactly("ALL");
        assertThat(texts(evefan.path("security_opt"))).containsExactly("no-new-privileges:true");
        assertThat(texts(evefan.path("tmpfs"))).containsExactly("/tmp");
        assertThat(texts(evefan.path("volumes")))
                .filteredOn(volume -> !volume.endsWith(":ro"))
                .containsExactly("evefan-data:" + Dockerfile.read().last("VOLUME"));
        assertThat(seconds * 1_000)
                .isGreaterThan(Integer.parseInt(DeployFiles.defaultOf("evefan.shutdown.timeout-ms")));
    }

    @Test
    void theExampleOfItsSettingsHasEveryOneThatHasToBeSet() throws IOException {
        // Given
        List<String> example = Files.readAllLines(Path.of(".env.example"));
        Set<String> needed = Pattern.compile("\\$\\{(\\w+):\\?")
                .matcher(file.toString())
                .results()
                .map(variable -> variable.group(1))
                .collect(Collectors.toSet());

        // Then
        assertThat(example.stream().filter(line -> !line.startsWith("#")))
                .allMatch(line -> line.endsWith("="))
                .map(line -> line.substring(0, line.length() - 1))
                .containsExactlyInAnyOrderElementsOf(needed);
    }

    @Test
    void opensNothingElseWithATokenOfEvefans() {
        // Given
        Set<String> others = services.entrySet().stream()
                .filter(service -> !service.getKey().startsWith("evefan"))
                .map(service -> service.getValue().path("environment").toString())
                .collect(Collectors.toSet());

        // Then
        assertThat(others).noneMatch(environment -> environment.contains("_TOKEN"));
        assertThat(file.at("/secrets/read-token/environment").asText()).isEqualTo("EVEFAN_READ_TOKEN");
        assertThat(texts(services.get("prometheus").path("secrets"))).containsExactly("read-token");
    }

    @Test
    void runsTwoNodesAlikeOnThreeBrokersBehindAProxy() throws IOException {
        // Given
        JsonNode first = services.get("evefan-1");
        String proxy = Files.readString(Path.of("deploy/proxy/default.conf"));
        String port = DeployFiles.defaultOf("evefan.http.port");

        // Then
        assertThat(services.get("evefan-2")).isEqualTo(first);
        assertThat(List.of(
                        first.at("/environment/EVEFAN_KAFKA_BROKERS").asText().split(",")))
                .allSatisfy(broker -> assertThat(services.keySet()).contains(broker.substring(0, broker.indexOf(':'))))
                .hasSize(Integer.parseInt(DeployFiles.defaultOf("evefan.kafka.replication")));
        assertThat(texts(first.path("volumes"))).isEmpty();
        assertThat(proxy).contains("server evefan-1:" + port + " ", "server evefan-2:" + port + " ");
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    private static Set<String> names(JsonNode object) {
        return object.properties().stream().map(Map.Entry::getKey).collect(Collectors.toSet());
    }
}
