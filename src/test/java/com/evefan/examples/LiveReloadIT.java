package com.evefan.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveReloadIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private ExampleEvefan start(ReceivingServer server, String... examples) throws Exception {
        Map<String, String> properties =
                Map.of("evefan.routes.reload", "true", "webhook.url", server.url() + "/one", "shape.url", server.url());
        return ExampleEvefan.start(directory, properties, examples);
    }

    @Test
    void deliversToADestinationThatIsAddedWhileItRuns() throws Exception {
        try (ReceivingServer server = new ReceivingServer();
                ExampleEvefan evefan = start(server)) {
            // When
            evefan.write("webhook", "", "");

            // Then
            awaitDelivery(evefan, server, "first");
        }
    }

    @Test
    void losesNothingAndKeepsTheOrderWhileADestinationIsEdited() throws Exception {
        try (ReceivingServer server = new ReceivingServer();
                ExampleEvefan evefan = start(server, "webhook")) {
            // Given
            List<String> sent = new ArrayList<>();
            // When
            for (int edit = 0; edit < 4; edit++) {
                for (int i = 0; i < 50; i++) {
                    String id = "e" + edit + "-" + i;
                    evefan.track(id, "Hello", "");
                    sent.add(id);
                    if (i == 10) {
                        evefan.write("webhook", "Collects events", "Collects events, edit " + edit + ",");
                    }
                }
                int before = server.requests().size();
                await().atMost(SOON).until(() -> server.requests().size() > before);
            }

            // Then
            await().atMost(SOON)
                    .untilAsserted(
                            () -> assertThat(server.ids().stream().distinct().toList())
                                    .containsExactlyElementsOf(sent));
        }
    }

    @Test
    void goesOnWithTheLastGoodVersionOfABrokenFile() throws Exception {
        try (ReceivingServer server = new ReceivingServer();
                ExampleEvefan evefan = start(server, "webhook")) {
            // Given
            evefan.write("webhook", "completionInterval", "completionIntervall");
            // an edit of another file, seen later than the broken one, tells that that one has been looked at
            evefan.write("shape", "", "");
            awaitDelivery(evefan, server, "while-broken");

            // When
            evefan.write("webhook", "{{webhook.url}}", "{{shape.url}}/mended");

            // Then
            await().atMost(SOON).pollInterval(Duration.ofMillis(200)).until(() -> {
                evefan.track("probe-" + System.nanoTime(), "Hello", "");
                return server.requests().stream()
                        .anyMatch(request -> request.path().endsWith("/mended"));
            });
        }
    }

    @Test
    void keepsTheEventsOfADeletedDestinationUntilItIsBack() throws Exception {
        try (ReceivingServer server = new ReceivingServer();
                ExampleEvefan evefan = start(server, "webhook")) {
            // Given
            server.answer(request -> new ReceivingServer.Answer(503, ""));
            evefan.track("kept", "Hello", "");

            // When
            Files.delete(evefan.file("webhook"));
            evefan.write("shape", "", "");
            server.answer(request -> ReceivingServer.Answer.OK);
            await().atMost(SOON).pollInterval(Duration.ofMillis(200)).until(() -> {
                evefan.track("probe-" + System.nanoTime(), "Hello", "");
                return server.ids().stream().anyMatch(id -> id.startsWith("probe-"));
            });
            evefan.write("webhook", "", "");

            // Then
            await().atMost(SOON)
                    .until(() -> server.requests().stream()
                            .anyMatch(request -> request.path().equals("/one")
                                    && request.text().contains("\"kept\"")));
        }
    }

    private static void awaitDelivery(ExampleEvefan evefan, ReceivingServer server, String id) {
        await().atMost(SOON)
                .ignoreExceptions()
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    // each with an id of its own: a repeated one would be a duplicate
                    evefan.track(id + System.nanoTime(), "Hello", "");
                    return server.ids().stream().anyMatch(seen -> seen.startsWith(id));
                });
    }
}
