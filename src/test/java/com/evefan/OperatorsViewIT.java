package com.evefan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A destination fails and recovers: console, metrics, health and what Hawtio reads through Jolokia tell the same. */
class OperatorsViewIT {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String TOKEN = "a-token-for-this-test";
    private static final String QUEUE =
            "org.apache.activemq:brokerName=evefan,destinationName=%s,destinationType=Queue,type=Broker";

    @TempDir
    Path directory;

    private RunningEvefan evefan;

    @Test
    void everyViewTellsTheSameWhileADestinationIsDownAndAfterwards() throws Exception {
        // Given
        try (WebHook hook = WebHook.start("flaky")) {
            hook.routeTo(directory);
            hook.answer(events -> 500);
            evefan = RunningEvefan.start(directory.resolve("data"), properties());

            // When
            send(20);

            // Then
            await().atMost(LIMIT)
                    .untilAsserted(() ->
                            assertThat(health()).containsEntry("accepted", 20L).containsEntry("pending", 20L));
            everyViewAgrees("retrying");

            // When
            hook.answer(events -> events.get(0).path("messageId").asText().equals("seen0") ? 422 : 200);

            // Then
            await().atMost(LIMIT)
                    .untilAsserted(() ->
                            assertThat(health()).containsEntry("delivered", 19L).containsEntry("rejected", 1L));
            everyViewAgrees("up");
            assertThat(depth("evefan.dead.flaky")).isEqualTo(1);
            aDeadLetterIsLookedAtAndDeletedAsInHawtio();
        } finally {
            evefan.close();
        }
    }

    private void everyViewAgrees(String status) throws Exception {
        Map<String, Long> health = health();
        assertThat(console()).isEqualTo(health);
        assertThat(metrics()).isEqualTo(health);
        // What JMX tells is up to a second old.
        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(management()).isEqualTo(health);
            assertThat(bean().path("Status").asText()).isEqualTo(status);
        });
        assertThat(get("/q/dev/evefan", "text/plain"))
                .containsPattern("flaky +" + status + " +20 +" + health.get("delivered") + " +" + health.get("pending")
                        + " +" + health.get("rejected") + " +0 ");
        JsonNode route = read("org.apache.camel:context=evefan,name=\"batch-flaky\",type=routes");
        assertThat(route.path("ExchangesCompleted").asInt()).isPositive();
    }

    private void aDeadLetterIsLookedAtAndDeletedAsInHawtio() throws Exception {
        JsonNode messages = operation("evefan.dead.flaky", "browse()");
        assertThat(messages.toString()).contains("seen0");
        for (String operation : new String[] {
            "moveMatchingMessagesTo(java.lang.String,java.lang.String)",
            "copyMatchingMessagesTo(java.lang.String,java.lang.String)"
        }) {
            ObjectNode request = execution("evefan.dead.flaky", operation, "", "kept");
            assertThat(JSON.readTree(request(evefan.managementUrl() + "/hawtio/jolokia", "*/*", request.toString()))
                            .path("status")
                            .asInt())
                    .isEqualTo(403);
        }
        String id = messages.path(0).path("JMSMessageID").asText();
        assertThat(operation("evefan.dead.flaky", "removeMessage(java.lang.String)", id)
                        .asBoolean())
                .isTrue();
        assertThat(depth("evefan.dead.flaky")).isZero();
    }

    private Map<String, String> properties() {
        return Map.of(
                "camel.main.routes-include-pattern",
                        RunningEvefan.SHELL_ROUTES + ",file:" + directory + "/*.camel.yaml",
                "evefan.admin.token", TOKEN,
                "evefan.postgres.url", "jdbc:postgresql://127.0.0.1:1/none",
                "evefan.redelivery.delay-ms", "20",
                "evefan.retry.delay-ms", "200",
                "evefan.retry.max-delay-ms", "400");
    }

    private void send(int events) throws Exception {
        for (int i = 0; i < events; i++) {
            evefan.post("/v1/track", "{\"userId\":\"u\",\"event\":\"Seen\",\"messageId\":\"seen" + i + "\"}");
        }
    }

    private Map<String, Long> health() throws Exception {
        return accounts(JSON.readTree(get("/v1/health", "application/json")));
    }

    private Map<String, Long> console() throws Exception {
        return accounts(JSON.readTree(get("/q/dev/evefan", "application/json")));
    }

    private static Map<String, Long> accounts(JsonNode report) {
        JsonNode own = report.findPath("destinations").path("flaky");
        return accounts(account -> own.path(account).asLong(-1));
    }

    private Map<String, Long> metrics() throws Exception {
        String all = get("/observe/metrics", "*/*");
        return accounts(account -> {
            Matcher metric = Pattern.compile(
                            "evefan_destination_" + account + "_events(?:_total)?\\{destination=\"flaky\"} ([0-9.]+)")
                    .matcher(all);
            return metric.find() ? (long) Double.parseDouble(metric.group(1)) : -1;
        });
    }

    private Map<String, Long> management() throws Exception {
        JsonNode bean = bean();
        return accounts(account -> bean.path(account.substring(0, 1).toUpperCase(Locale.ROOT) + account.substring(1))
                .asLong(-1));
    }

    private JsonNode bean() throws Exception {
        return read("com.evefan:name=\"flaky\",type=destination");
    }

    private static Map<String, Long> accounts(java.util.function.ToLongFunction<String> view) {
        Map<String, Long> accounts = new LinkedHashMap<>();
        for (String account : new String[] {"accepted", "delivered", "pending", "rejected", "dead"}) {
            accounts.put(account, view.applyAsLong(account));
        }
        return accounts;
    }

    private int depth(String queue) throws Exception {
        return read(QUEUE.formatted(queue)).path("QueueSize").asInt();
    }

    private JsonNode read(String mbean) throws Exception {
        return jolokia(JSON.createObjectNode().put("type", "read").put("mbean", mbean));
    }

    private JsonNode operation(String queue, String operation, String... arguments) throws Exception {
        return jolokia(execution(queue, operation, arguments));
    }

    private static ObjectNode execution(String queue, String operation, String... arguments) {
        ObjectNode request = JSON.createObjectNode()
                .put("type", "exec")
                .put("mbean", QUEUE.formatted(queue))
                .put("operation", operation);
        request.set("arguments", JSON.valueToTree(arguments));
        return request;
    }

    private JsonNode jolokia(ObjectNode request) throws Exception {
        JsonNode answer = JSON.readTree(
                request(evefan.managementUrl() + "/hawtio/jolokia", "application/json", request.toString()));
        assertThat(answer.path("status").asInt()).as(answer.toString()).isEqualTo(200);
        return answer.path("value");
    }

    private String get(String path, String accept) throws Exception {
        return request(evefan.managementUrl() + path, accept, null);
    }

    private static String request(String url, String accept, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .header("Accept", accept)
                .header("Authorization", "Bearer " + TOKEN);
        if (body != null) {
            request.POST(HttpRequest.BodyPublishers.ofString(body));
        }
        return HttpClient.newHttpClient()
                .send(request.build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
