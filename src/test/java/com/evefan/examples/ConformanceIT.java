package com.evefan.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.evefan.CommandLine;
import com.evefan.RunningEvefan;
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

    /** Which kinds of event a destination wants, by the end of their users' names: all, or what its steps do not leave out. */
    private final Map<String, String> wanted = new HashMap<>();

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
        findWanted(properties, examples);
        try (ExampleEvefan evefan = ExampleEvefan.start(directory, properties, examples.toArray(String[]::new))) {
            // When
            for (int i = 0; i < EVENTS; i++) {
                evefan.send(event("c-%03d-o".formatted(i), "Order Completed"));
                evefan.send(event("c-%03d-p".formatted(i), "Payment Failed"));
            }

            // Then
            List<String> all = new ArrayList<>(examples);
            all.addAll(shipped);
            assertThat(all).contains("webhook", "elasticsearch", "postgres", "mixpanel");
            assertThat(wanted).containsEntry("slack", "p").containsEntry("filter", "o");
            for (String name : all) {
                await("events of " + name)
                        .atMost(Duration.ofSeconds(120))
                        .untilAsserted(() -> survives(name, evefan.health(name)));
            }
        }
    }

    /** What {@code explain} says of each kind. */
    private void findWanted(Map<String, String> properties, List<String> examples) throws IOException {
        Map<String, String> settings = new HashMap<>(properties);
        settings.keySet().removeIf(key -> key.startsWith("camel.beans."));
        settings.put("evefan.data.directory", directory.resolve("explained").toString());
        settings.put(
                "camel.main.routes-include-pattern", RunningEvefan.SHELL_ROUTES + ",file:routes/examples/*.camel.yaml");
        for (String kind : List.of("o", "p")) {
            String event = event("c-000-" + kind, kind.equals("o") ? "Order Completed" : "Payment Failed");
            CommandLine.Result result = CommandLine.run(settings, event, "explain", "-", "track");
            assertThat(result.exitCode()).as(result.problems()).isZero();
            for (String example : examples) {
                assertThat(result.output()).contains("\n  " + example + ": ");
                if (result.output().contains("\n  " + example + ": yes")) {
                    wanted.merge(example, kind, String::concat);
                }
            }
        }
        assertThat(wanted.keySet()).containsAll(examples);
    }

    private boolean isWanted(String destination, String kind) {
        return wanted.getOrDefault(destination, "op").contains(kind);
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

    private void survives(String name, JsonNode health) {
        assertThat(received(name)).as(name).containsExactlyElementsOf(expected(name));
        assertThat(FaultyEndpoints.faults(name)).as("faults of %s", name).isEqualTo(FaultyEndpoints.FAULTS);
        int bad = wanted.getOrDefault(name, "op").length();
        assertThat(health.path("rejected").asInt())
                .as("rejected by %s: %s", name, health)
                .isEqualTo(bad);
        assertThat(health.path("deadLetters").asInt()).isEqualTo(bad);
        assertThat(health.path("dead").asInt()).isZero();
        int leftOut = (2 - bad) * EVENTS;
        assertThat(health.path("leftOut").asInt()).isEqualTo(leftOut);
        assertThat(health.path("delivered").asInt()).isEqualTo(2 * EVENTS - bad - leftOut);
    }

    private static List<String> received(String example) {
        Set<String> received = FaultyEndpoints.RECEIVED.getOrDefault(example, Set.of());
        synchronized (received) {
            return List.copyOf(received);
        }
    }

    private List<String> expected(String example) {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            for (String kind : List.of("o", "p")) {
                String user = "c-%03d-%s".formatted(i, kind);
                if (isWanted(example, kind) && !user.startsWith(FaultyEndpoints.POISON)) {
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
