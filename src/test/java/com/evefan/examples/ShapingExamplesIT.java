package com.evefan.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.evefan.destination.custom.Events;
import com.evefan.examples.ReceivingServer.Answer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users do with events in a file of their own. */
class ShapingExamplesIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    void filtersByNamePropertyAndSource() throws Exception {
        try (ReceivingServer server = new ReceivingServer();
                ExampleEvefan evefan = ExampleEvefan.start(
                        directory,
                        Map.of(
                                "filter.url",
                                server.url(),
                                "filter.percent",
                                "100",
                                "evefan.source.web.write-key",
                                "wk_web"),
                        "filter")) {
            // When
            for (String source : List.of("wk_web", "wk_dev")) {
                for (String body : List.of(
                        order(source, "large", "Order Completed", 500),
                        order(source, "small", "Order Completed", 5),
                        order(source, "other", "Order Refunded", 500))) {
                    evefan.send(body);
                }
            }
            evefan.send(order("wk_web", "last", "Order Completed", 100));

            // Then
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(server.ids()).containsExactly("wk_web-large", "wk_web-last"));
        }
    }

    private static String order(String key, String id, String event, int total) {
        return "{\"writeKey\":\"%s\",\"messageId\":\"%s-%s\",\"event\":\"%s\",\"userId\":\"u\",\"properties\":{\"total\":%d}}"
                .formatted(key, key, id, event, total);
    }

    @Test
    void renamesMasksAndTakesAway() throws Exception {
        try (ReceivingServer server = new ReceivingServer();
                ExampleEvefan evefan = ExampleEvefan.start(directory, Map.of("shape.url", server.url()), "shape")) {
            // When
            evefan.track("m1", "Signed Up", "\"properties\":{\"email\":\"a@b.c\"},\"context\":{\"ip\":\"1.2.3.4\"}");

            // Then
            await().atMost(SOON).until(() -> !server.events().isEmpty());
            JsonNode event = server.events().get(0);
            assertThat(event.path("name").asText()).isEqualTo("Signed Up");
            assertThat(event.path("user").asText()).isEqualTo("ada");
            assertThat(event.path("properties").path("email").asText())
                    .isEqualTo("d648b243a3e817eaa3309e00e183483f2867baadf522099f0c2121770536b25a");
            assertThat(event.path("context").has("ip")).isFalse();
            assertThat(event.has("event")).isFalse();
            assertThat(event.path("messageId").asText()).isEqualTo("m1");
        }
    }

    @Test
    void addsWhatAnotherServiceKnowsOnceThatIsThere() throws Exception {
        try (ReceivingServer users = new ReceivingServer();
                ReceivingServer server = new ReceivingServer();
                ExampleEvefan evefan = ExampleEvefan.start(
                        directory,
                        Map.of("enrich.url", server.url(), "enrich.lookup-url", users.url() + "/users"),
                        "enrich")) {
            // Given
            users.answer(request -> new Answer(500, ""));
            evefan.track("m1", "Hello", "");

            // When
            users.answer(request -> new Answer(200, "{\"plan\":\"" + request.path() + "\"}"));

            // Then
            await().atMost(SOON).until(() -> !server.events().isEmpty());
            assertThat(server.events().get(0).path("user").path("plan").asText())
                    .isEqualTo("/users?user=ada");

            // When a sender names users that are none
            evefan.track("m2", "Hello", "\"userId\":\"..\"");
            evefan.track("m3", "Hello", "\"userId\":\"\",\"anonymousId\":\"a/b&c\"");

            // Then
            await().atMost(SOON).until(() -> server.events().size() == 3);
            assertThat(server.events().get(1).path("user").path("plan").asText())
                    .isEqualTo("/users?user=..");
            assertThat(server.events().get(2).path("user").path("plan").asText())
                    .isEqualTo("/users?user=a%2Fb%26c");
        }
    }

    @Test
    void takesASampleOfUsersAlwaysTheSameOnes() throws Exception {
        try (ReceivingServer server = new ReceivingServer();
                ExampleEvefan evefan = ExampleEvefan.start(
                        directory,
                        Map.of(
                                "filter.url",
                                server.url(),
                                "filter.percent",
                                "30",
                                "evefan.source.web.write-key",
                                "wk_web"),
                        "filter")) {
            // Given
            Events events = new Events();
            List<String> sampled = new ArrayList<>();
            // When
            for (int round = 0; round < 2; round++) {
                for (int user = 0; user < 40; user++) {
                    String id = "r%d-%d".formatted(round, user);
                    evefan.send(("{\"writeKey\":\"wk_web\",\"messageId\":\"%s\",\"event\":\"Order Completed\","
                                    + "\"userId\":\"u%d\",\"properties\":{\"total\":500}}")
                            .formatted(id, user));
                    if (events.isSampled(JsonNodeFactory.instance.objectNode().put("userId", "u" + user), 30)) {
                        sampled.add(id);
                    }
                }
            }

            // Then
            assertThat(sampled).hasSizeBetween(8, 36);
            await().atMost(SOON).untilAsserted(() -> assertThat(server.ids()).containsExactlyElementsOf(sampled));
        }
    }

    @Test
    void deliversABatchThatIsFullLongBeforeItIsOld() throws Exception {
        // Given
        writeThrottle("5, 8388608", "600000");
        try (ReceivingServer server = new ReceivingServer();
                ExampleEvefan evefan = ExampleEvefan.start(directory, Map.of("throttle.url", server.url()))) {
            // When
            for (int i = 0; i < 10; i++) {
                evefan.track("m" + i, "Hello", "");
            }

            // Then
            await().atMost(SOON).untilAsserted(() -> assertThat(server.ids()).hasSizeGreaterThanOrEqualTo(5));
        }
    }

    @Test
    void sendsAtMostTwoRequestsASecond() throws Exception {
        // Given
        writeThrottle("1, 8388608", "100");
        try (ReceivingServer server = new ReceivingServer();
                ExampleEvefan evefan = ExampleEvefan.start(directory, Map.of("throttle.url", server.url()))) {
            long start = System.nanoTime();

            // When
            for (int i = 0; i < 7; i++) {
                int requests = i + 1;
                evefan.track("m" + i, "Hello", "");
                await().atMost(SOON).until(() -> server.requests().size() == requests);
            }

            // Then: two in each of three seconds, and one more
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofSeconds(3));
        }
    }

    private void writeThrottle(String size, String age) throws IOException {
        Path file = Files.createDirectories(directory.resolve("destinations")).resolve("throttle.camel.yaml");
        String yaml = Files.readString(Path.of("routes", "examples", "throttle.camel.yaml"));
        Files.writeString(file, yaml.replace("5000, 8388608", size).replace("\"10000\"", "\"" + age + "\""));
    }
}
