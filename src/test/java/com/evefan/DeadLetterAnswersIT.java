package com.evefan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.activemq.broker.BrokerRegistry;
import org.apache.activemq.broker.SuppressReplyException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator is told about dead letters, over HTTP; one Evefan, whose destination rejects everything. */
class DeadLetterAnswersIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String ANSWER = "{\"error\":\"price must be a number\",\"password\":\"hunter2\"}";

    @TempDir
    static Path directory;

    private static HttpServer picky;
    private static RunningEvefan evefan;
    private static Operator operator;

    @BeforeAll
    static void start() throws Exception {
        picky = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        picky.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            byte[] answer = ANSWER.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(400, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        picky.start();
        try (InputStream template = WebHook.class.getResourceAsStream("webhook.camel.yaml")) {
            String yaml = new String(template.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("NAME", "picky")
                    .replace("URL", "http://127.0.0.1:" + picky.getAddress().getPort() + "/");
            Files.writeString(directory.resolve("picky.camel.yaml"), yaml);
        }
        evefan = RunningEvefan.start(directory.resolve("data"), TwoDestinations.properties(directory, Map.of()));
        operator = new Operator(evefan.url());
    }

    @AfterAll
    static void stop() {
        evefan.close();
        picky.stop(0);
    }

    @Test
    void quotesWhatTheDestinationSaidInTheDeadLetterAndInHealth() throws Exception {
        operator.send("quoted", 0, 1);

        // Then
        await().atMost(LIMIT)
                .until(() -> letters("/v1/dead-letters/picky?event=quoted").size() == 1);
        assertThat(letters("/v1/dead-letters/picky?event=quoted")
                        .path(0)
                        .path("reason")
                        .asText())
                .startsWith("the destination answered HTTP 400\n")
                .contains("price must be a number")
                .doesNotContain("hunter2");
        assertThat(operator.health("picky").path("errors").toString())
                .contains("price must be a number")
                .doesNotContain("hunter2");
    }

    @Test
    void namesTheSenderOfWhatWasRefused() throws Exception {
        evefan.post("/v1/track", "{\"userId\":\"u\",\"messageId\":\"refused1\"}");

        // Then
        await().atMost(LIMIT)
                .until(() ->
                        letters("/v1/dead-letters/ingest?messageId=refused1").size() == 1);
        JsonNode letter = letters("/v1/dead-letters/ingest?messageId=refused1").path(0);
        assertThat(letter.path("source").asText()).isEqualTo("dev");
        assertThat(letter.path("address").asText()).isEqualTo("127.0.0.1");
        assertThat(letter.path("sdk").asText()).startsWith("Java-http-client");
        assertThat(letter.path("lastFailure").asText()).isNotEmpty();
        assertThat(operator.json("GET", "/v1/health")
                        .path("refused")
                        .path("kept")
                        .asLong())
                .isPositive();
    }

    @Test
    void refusesAMisspeltFilter() throws Exception {
        for (String[] request : new String[][] {
            {"GET", "/v1/dead-letters/picky?eror=x"},
            {"GET", "/v1/dead-letters/picky/export?eror=x"},
            {"POST", "/v1/dead-letters/picky/replay?eror=x"},
            {"DELETE", "/v1/dead-letters/picky?eror=x"},
            {"DELETE", "/v1/dead-letters/picky"}
        }) {
            HttpResponse<String> answer = operator.request(request[0], request[1]);
            assertThat(answer.statusCode()).as(request[1]).isEqualTo(400);
            assertThat(answer.body()).contains("reason, error, event, messageId, userId, since, until");
        }
    }

    @Test
    void streamsLongAnswersToTheirEnd() throws Exception {
        operator.send("many", 0, 150);

        // Then
        await().atMost(LIMIT)
                .until(() -> operator.request("GET", "/v1/dead-letters/picky/export?event=many")
                                .body()
                                .lines()
                                .count()
                        == 150);
        JsonNode shown = operator.json("GET", "/v1/dead-letters/picky?event=many&limit=100");
        assertThat(shown.path("deadLetters")).hasSize(100);
        assertThat(shown.path("cutShort").asText()).contains("limit of 100");
        assertThat(operator.json("GET", "/v1/dead-letters")
                        .path("deadLetters")
                        .path("picky")
                        .path("count")
                        .asLong())
                .isGreaterThanOrEqualTo(150);
    }

    @Test
    void keepsDeadLettersAgainAfterTheBrokerHasStopped() throws Exception {
        // When
        try {
            BrokerRegistry.getInstance()
                    .lookup("evefan")
                    .getIoExceptionHandler()
                    .handle(new java.io.IOException("Disk quota exceeded"));
        } catch (SuppressReplyException e) {
            // told to whoever has written
        }
        operator.send("after", 0, 5);

        // Then
        await().atMost(LIMIT)
                .ignoreExceptions()
                .until(() -> letters("/v1/dead-letters/picky?event=after").size() == 5);
        await().atMost(LIMIT)
                .until(() -> operator.json("GET", "/v1/health")
                        .path("broker")
                        .path("status")
                        .asText()
                        .equals("up"));
    }

    private static JsonNode letters(String path) throws Exception {
        return operator.json("GET", path).path("deadLetters");
    }
}
