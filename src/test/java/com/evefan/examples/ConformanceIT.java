package com.evefan.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every destination file survives the same faults, and loses nothing but the events that its endpoint refuses. */
class ConformanceIT {
    private static final int EVENTS = 12;

    /** Those that want one kind of event only: the end of its users' names. */
    private static final Map<String, String> WANTED = Map.of("alert", "p", "mail", "p", "filter", "o", "orders", "o");

    @TempDir
    Path directory;

    @Test
    void everyDestinationLosesNothingIsolatesABadEventAndKeepsTheOrder() throws Exception {
        // Given
        List<String> examples = Examples.names();
        List<String> shipped = Examples.namesIn(Path.of("routes", "destinations"));
        FaultyEndpoints.reset();
        Map<String, String> properties = new HashMap<>(Examples.placeholders(examples));
        properties.put("filter.percent", "100");
        properties.put("evefan.source.web.write-key", "wk_web");
        properties.put("evefan.source.web.plain-ids", "true");
        properties.put("evefan.source.dev.plain-ids", "false");
        properties.put("evefan.mixpanel.token", "token");
        properties.put("evefan.bigquery.project", "project");
        properties.put("evefan.bigquery.credentials", "none");
        properties.put("camel.beans.faults", "#class:" + FaultyEndpoints.class.getName());
        properties.put("camel.beans.faultyWriter", "#class:" + FaultyEndpoints.Writer.class.getName());
        copyWithFaultyWriters(shipped);
        try (ExampleEvefan evefan = ExampleEvefan.start(directory, properties, examples.toArray(String[]::new))) {
            // When
            for (int i = 0; i < EVENTS; i++) {
                evefan.send(event("c-%03d-o".formatted(i), "Order Completed"));
                evefan.send(event("c-%03d-p".formatted(i), "Payment Failed"));
            }

            // Then
            List<String> all = new ArrayList<>(examples);
            all.addAll(shipped);
            assertThat(all)
                    .contains("webhook", "file", "kafka", "orders", "alert", "mail", "s3", "postgres", "mixpanel");
            for (String name : all) {
                await("events of " + name)
                        .atMost(Duration.ofSeconds(120))
                        .untilAsserted(() -> survives(name, evefan.health(name)));
            }
        }
    }

    /** Every file of {@code routes/destinations}, what writes by itself replaced by what fails. */
    private void copyWithFaultyWriters(List<String> names) throws IOException {
        Path destinations = Files.createDirectories(directory.resolve("destinations"));
        for (String name : names) {
            String file = name + ".camel.yaml";
            String yaml = Files.readString(Path.of("routes", "destinations", file));
            Files.writeString(
                    destinations.resolve(file), yaml.replaceAll("ref: (postgres|bigQuery)Writer", "ref: faultyWriter"));
        }
    }

    private static void survives(String name, JsonNode health) {
        assertThat(received(name)).as(name).containsExactlyElementsOf(expected(name));
        assertThat(FaultyEndpoints.faults(name)).as("faults of %s", name).isEqualTo(FaultyEndpoints.FAULTS);
        int bad = WANTED.containsKey(name) ? 1 : 2;
        assertThat(health.path("rejected").asInt())
                .as("rejected by %s: %s", name, health)
                .isEqualTo(bad);
        assertThat(health.path("deadLetters").asInt()).isEqualTo(bad);
        assertThat(health.path("dead").asInt()).isZero();
        int leftOut = WANTED.containsKey(name) ? EVENTS : 0;
        assertThat(health.path("leftOut").asInt()).isEqualTo(leftOut);
        assertThat(health.path("delivered").asInt()).isEqualTo(2 * EVENTS - bad - leftOut);
    }

    private static List<String> received(String example) {
        Set<String> received = FaultyEndpoints.RECEIVED.getOrDefault(example, Set.of());
        synchronized (received) {
            return List.copyOf(received);
        }
    }

    private static List<String> expected(String example) {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            for (String kind : List.of("o", "p")) {
                String user = "c-%03d-%s".formatted(i, kind);
                if (WANTED.getOrDefault(example, kind).equals(kind) && !user.startsWith(FaultyEndpoints.POISON)) {
                    expected.add(user);
                }
            }
        }
        return expected;
    }

    private static String event(String user, String name) {
        return "{\"writeKey\":\"wk_web\",\"messageId\":\"%s\",\"event\":\"%s\",\"userId\":\"%s\",\"properties\":{\"total\":500}}"
                .formatted(user, name, user);
    }
}
