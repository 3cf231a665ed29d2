package com.evefan.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.evefan.destination.custom.Signature;
import com.evefan.examples.ReceivingServer.Answer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebhookExampleIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    void postsEventsAsAcceptedAndSigned() throws Exception {
        try (ReceivingServer server = new ReceivingServer();
                ExampleEvefan evefan = ExampleEvefan.start(
                        directory,
                        Map.of("webhook.url", server.url() + "/in", "webhook.secret", "s3cret"),
                        "webhook")) {
            // When
            evefan.track("m1", "Hello", "\"properties\":{\"n\":1.0E21}");

            // Then
            await().atMost(SOON).until(() -> !server.requests().isEmpty());
            ReceivingServer.Request request = server.requests().get(0);
            assertThat(request.path()).isEqualTo("/in");
            assertThat(request.text()).startsWith("[{").contains("1.0E21").contains("\"receivedAt\"");
            assertThat(request.headers().getFirst("X-Signature"))
                    .isEqualTo(new Signature().of(request.body(), "s3cret"));
            assertThat(request.headers().getFirst("Content-Type")).isEqualTo("application/json");
        }
    }

    @Test
    void losesNothingWhileTheServerIsAway() throws Exception {
        try (ReceivingServer server = new ReceivingServer();
                ExampleEvefan evefan = ExampleEvefan.start(directory, Map.of("webhook.url", server.url()), "webhook")) {
            // Given
            server.answer(request -> new Answer(503, ""));
            for (int i = 0; i < 20; i++) {
                evefan.track("m" + i, "Hello", "");
            }

            // When
            server.answer(request -> Answer.OK);
            for (int i = 20; i < 40; i++) {
                evefan.track("m" + i, "Hello", "");
            }

            // Then
            List<String> all = IntStream.range(0, 40).mapToObj(i -> "m" + i).toList();
            await().atMost(SOON).untilAsserted(() -> assertThat(server.ids()).containsExactlyElementsOf(all));
        }
    }

    @Test
    void isolatesTheEventThatTheServerRefuses() throws Exception {
        try (ReceivingServer server = new ReceivingServer();
                ExampleEvefan evefan = ExampleEvefan.start(directory, Map.of("webhook.url", server.url()), "webhook")) {
            // Given
            server.answer(request -> request.text().contains("\"m7\"") ? new Answer(422, "") : Answer.OK);

            // When
            for (int i = 0; i < 16; i++) {
                evefan.track("m" + i, "Hello", "");
            }

            // Then
            List<String> good = IntStream.range(0, 16)
                    .filter(i -> i != 7)
                    .mapToObj(i -> "m" + i)
                    .toList();
            await().atMost(SOON).untilAsserted(() -> assertThat(server.ids()).containsExactlyElementsOf(good));
        }
    }
}
