package com.evefan.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every example survives the same: its endpoint down at first, one event that it refuses, and loses nothing else. */
class ConformanceIT {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([a-z0-9.-]+)}}");
    private static final int EVENTS = 12;

    /** Those that want one kind of event only: the end of its users' names. */
    private static final Map<String, String> WANTED = Map.of("alert", "p", "mail", "p", "filter", "o", "orders", "o");

    @TempDir
    Path directory;

    @Test
    void everyExampleLosesNothingIsolatesABadEventAndKeepsTheOrder() throws Exception {
        // Given
        List<String> examples = examples();
        FaultyEndpoints.reset();
        Map<String, String> properties = new HashMap<>(placeholders(examples));
        properties.put("filter.percent", "100");
        properties.put("evefan.source.web.write-key", "wk_web");
        properties.put("camel.beans.faults", "#class:" + FaultyEndpoints.class.getName());
        try (ExampleEvefan evefan = ExampleEvefan.start(directory, properties, examples.toArray(String[]::new))) {
            // When
            for (int i = 0; i < EVENTS; i++) {
                evefan.send(event("c-%03d-o".formatted(i), "Order Completed"));
                evefan.send(event("c-%03d-p".formatted(i), "Payment Failed"));
            }

            // Then
            assertThat(examples).contains("webhook", "file", "kafka", "orders", "alert", "mail", "s3");
            for (String example : examples) {
                await("events of " + example)
                        .atMost(Duration.ofSeconds(90))
                        .untilAsserted(() ->
                                assertThat(received(example)).as(example).containsExactlyElementsOf(expected(example)));
            }
        }
    }

    private static List<String> received(String example) {
        Set<String> received = FaultyEndpoints.RECEIVED.getOrDefault("deliver-" + example, Set.of());
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

    private static List<String> examples() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("routes", "examples"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".camel.yaml"))
                    .map(name -> name.replace(".camel.yaml", ""))
                    .sorted()
                    .toList();
        }
    }

    private static Map<String, String> placeholders(List<String> examples) throws IOException {
        Map<String, String> values = new HashMap<>();
        for (String example : examples) {
            String text = Files.readString(Path.of("routes", "examples", example + ".camel.yaml"));
            PLACEHOLDER.matcher(text).results().map(found -> found.group(1)).forEach(key -> {
                if (key.endsWith("url")) {
                    values.put(key, "http://127.0.0.1:1/" + example);
                } else if (!key.startsWith("evefan.")) {
                    values.put(key, "127.0.0.1:1");
                }
            });
        }
        values.put("mail.from", "a@example.org");
        values.put("mail.to", "b@example.org");
        values.put("s3.bucket", "events");
        values.keySet().removeIf(key -> key.startsWith("evefan."));
        return values;
    }
}
