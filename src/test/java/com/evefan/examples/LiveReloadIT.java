package com.evefan.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveReloadIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private ExampleEvefan start(ReceivingServer server, String... examples) throws Exception {
        return start(server, Map.of(), examples);
    }

    private ExampleEvefan start(ReceivingServer server, Map<String, String> more, String... examples) throws Exception {
        Map<String, String> properties = new HashMap<>(more);
        properties.put("evefan.routes.reload", "true");
        properties.put("webhook.url", server.url() + "/one");
        properties.put("shape.url", server.url() + "/shape");
        return ExampleEvefan.start(directory, properties, examples);
    }

    @Test
    void deliversToADestinationThatIsAddedWhileItRuns() throws Exception {
        try (ReceivingServer server = new ReceivingServer();
                ExampleEvefan evefan = start(server)) {
            // When
            evefan.write("webhook", "", "");

            // Then
            awaitProbeAt(evefan, server, "/one");
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
                        evefan.write("webhook", "Posts one batch", "Posts one batch, edit " + edit + ",");
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
    void goesOnWithTheLastGoodVersionOfABrokenFileUntilItIsMended() throws Exception {
        try (ReceivingServer server = new ReceivingServer();
                ReceivingServer other = new ReceivingServer();
                ExampleEvefan evefan = start(server, Map.of("throttle.url", other.url()), "webhook", "throttle")) {
            // Given
            evefan.track("before", "Hello", "");
            evefan.write("webhook", "- setHeader", "- setHaeder");
            // a file that is seen with or after the broken one tells that that one has been looked at
            evefan.write("shape", "", "");
            awaitProbeAt(evefan, server, "/shape");
            evefan.track("while-broken", "Hello", "");
            await().atMost(SOON).until(() -> server.idsAt("/one").contains("while-broken"));

            // When
            evefan.write("webhook", "{{webhook.url}}", "{{shape.url}}/mended");

            // Then
            awaitProbeAt(evefan, server, "/shape/mended");
            evefan.track("last", "Hello", "");
            await().atMost(SOON).until(() -> server.idsAt("/shape/mended").contains("last"));
            await().atMost(SOON).until(() -> other.ids().contains("last"));
            List<String> delivered = new ArrayList<>(server.idsAt("/one"));
            delivered.addAll(server.idsAt("/shape/mended"));
            // none lost, none twice, in order; the destination beside it had every event once in the same order
            assertThat(delivered).startsWith("before").endsWith("last").containsExactlyElementsOf(other.ids());
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
            await().atMost(SOON).untilAsserted(() -> {
                JsonNode health = evefan.health("webhook");
                assertThat(health.path("status").asText()).isEqualTo("removed");
                assertThat(health.path("pending").asInt()).isEqualTo(1);
                assertThat(health.path("message").asText())
                        .isEqualTo("its file is gone; 1 events wait until it is back, or until an operator forgets it");
            });
            evefan.write("shape", "", "");
            server.answer(request -> ReceivingServer.Answer.OK);
            awaitProbeAt(evefan, server, "/shape");
            evefan.write("webhook", "", "");

            // Then
            await().atMost(SOON).until(() -> server.idsAt("/one").contains("kept"));
        }
    }

    @Test
    void namesFileLineAndColumnOfABrokenFileInTheLog() throws Exception {
        try (ReceivingServer server = new ReceivingServer();
                ExampleEvefan evefan = start(server, "webhook");
                LogLines log = LogLines.of("com.evefan.route.RouteReload")) {
            // When
            evefan.write("webhook", "httpMethod", "httpMethid");

            // Then
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(log.lines())
                            .containsExactly(
                                    evefan.file("webhook") + ":27:15: HTTP calls have no option httpMethid; did you"
                                            + " mean httpMethod?; what the server is to get stands in the header"
                                            + " CamelHttpQuery: httpMethid=…",
                                    evefan.file("webhook") + ": the last good version goes on"));
        }
    }

    @Test
    void tellsInHealthOfFilesThatAreNotLoadedUntilTheyAreMendedOrGone() throws Exception {
        try (ReceivingServer server = new ReceivingServer();
                ExampleEvefan evefan = start(server, "webhook")) {
            // When
            evefan.write("webhook", "httpMethod", "httpMethid");
            evefan.write("shape", "{{shape.url}}", "{{nobody.sets.this}}");
            Path misnamed = evefan.file("webhook").resolveSibling("slack.yaml");
            Files.copy(evefan.file("shape"), misnamed);

            // Then
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(problems(evefan))
                            .hasSize(3)
                            .anySatisfy(problem -> assertThat(problem)
                                    .startsWith(evefan.file("shape") + ":")
                                    .contains("{{nobody.sets.this}} has no value")
                                    .endsWith("(not loaded)"))
                            .anySatisfy(problem -> assertThat(problem)
                                    .startsWith(evefan.file("webhook") + ":27:15: HTTP calls have no option httpMethid")
                                    .endsWith("(the last good version goes on)"))
                            .contains(misnamed + ": warning: is not loaded; to load it, call it slack.camel.yaml"));
            assertThat(evefan.health().path("message").asText()).isEqualTo("3 problems with route files");
            assertThat(evefan.health().path("status").asText()).isEqualTo("up");

            // When
            evefan.write("webhook", "", "");
            Files.delete(evefan.file("shape"));
            Files.delete(misnamed);

            // Then
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(problems(evefan)).isEmpty());
            assertThat(evefan.health().path("message").asText()).isEqualTo("Evefan is well");
        }
    }

    private static List<String> problems(ExampleEvefan evefan) throws Exception {
        List<String> problems = new ArrayList<>();
        evefan.health().path("routes").path("problems").forEach(problem -> problems.add(problem.asText()));
        return problems;
    }

    /**
     * Until one of ever new events, a repeated one being a duplicate, has come to {@code path}. While there is no
     * destination at all, events are answered with 503.
     */
    private static void awaitProbeAt(ExampleEvefan evefan, ReceivingServer server, String path) {
        await().atMost(SOON)
                .ignoreExceptions()
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    evefan.track("probe-" + System.nanoTime(), "Hello", "");
                    return !server.idsAt(path).isEmpty();
                });
    }
}
