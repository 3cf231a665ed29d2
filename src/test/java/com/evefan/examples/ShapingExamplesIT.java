package com.evefan.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.evefan.examples.ReceivingServer.Answer;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
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
            assertThat(event.path("properties").path("email").asText()).isEqualTo("*");
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
                    .isEqualTo("/users/ada");
        }
    }

    @Test
    void sendsEachSourceToItsOwnAddress() throws Exception {
        try (ReceivingServer web = new ReceivingServer();
                ReceivingServer app = new ReceivingServer();
                ExampleEvefan evefan = ExampleEvefan.start(
                        directory,
                        Map.of(
                                "by-source.web-url",
                                web.url(),
                                "by-source.app-url",
                                app.url(),
                                "evefan.source.web.write-key",
                                "wk_web",
                                "evefan.source.ios.write-key",
                                "wk_ios"),
                        "by-source")) {
            // When
            evefan.send(order("wk_web", "1", "Hello", 1));
            evefan.send(order("wk_ios", "1", "Hello", 1));

            // Then
            await().atMost(SOON).untilAsserted(() -> assertThat(web.ids()).containsExactly("wk_web-1"));
            await().atMost(SOON).untilAsserted(() -> assertThat(app.ids()).containsExactly("wk_ios-1"));
        }
    }
}
