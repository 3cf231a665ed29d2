package com.evefan.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.evefan.examples.ReceivingServer.Answer;
import com.evefan.examples.ReceivingServer.Request;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples for HTTP APIs, each against a stand-in that answers as its vendor documents, partial errors included. */
class VendorExamplesIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final JsonMapper JSON = new JsonMapper();

    private static final String[] EXAMPLES = {
        "elasticsearch",
        "amplitude",
        "clickhouse",
        "customer-io",
        "google-analytics",
        "slack",
        "google-chat",
        "oauth",
        "query",
        "csv"
    };

    @TempDir
    static Path directory;

    private static final Map<String, AtomicInteger> CALLS = new ConcurrentHashMap<>();
    private static ReceivingServer server;
    private static ExampleEvefan evefan;

    /** What each stand-in has stored: by the vendor's id, in the order of arrival. */
    private static final Map<String, JsonNode> DOCUMENTS = stored();

    private static final Map<String, JsonNode> AMPLITUDE = stored();
    private static final List<String> ROWS = java.util.Collections.synchronizedList(new ArrayList<>());
    private static final Map<String, Boolean> TOKENS = new ConcurrentHashMap<>();
    private static final Map<String, JsonNode> PEOPLE = stored();

    private static Map<String, JsonNode> stored() {
        return java.util.Collections.synchronizedMap(new LinkedHashMap<>());
    }

    @BeforeAll
    static void start() throws Exception {
        server = new ReceivingServer();
        server.answer(VendorExamplesIT::answer);
        Map<String, String> settings = new HashMap<>(Map.of(
                "elasticsearch.url", server.url() + "/elastic",
                "elasticsearch.authorization", "ApiKey abc",
                "amplitude.url", server.url() + "/amplitude",
                "amplitude.api-key", "right",
                "clickhouse.url", server.url() + "/clickhouse",
                "clickhouse.password", "",
                "customer-io.url", server.url() + "/customerio",
                "customer-io.site-id", "site",
                "customer-io.api-key", "key"));
        settings.putAll(Map.of(
                "google-analytics.url", server.url() + "/google",
                "google-analytics.measurement-id", "G-1",
                "google-analytics.api-secret", "s3cret",
                "slack.url", server.url() + "/slack",
                "google-chat.url", server.url() + "/chat?key=k",
                "oauth.url", server.url() + "/oauth",
                "oauth.token-url", server.url() + "/token",
                "oauth.client-id", "me",
                "oauth.client-secret", "s3cret"));
        settings.putAll(Map.of(
                "query.url",
                server.url() + "/query",
                "query.parameters",
                "api-version=2&key=a%20b",
                "csv.directory",
                directory.resolve("csv").toString(),
                "csv.batch.max-age-ms",
                "500"));
        settings.putAll(Map.of(
                "evefan.destination.set.type", "webhook",
                "evefan.destination.set.url", server.url() + "/set",
                "evefan.destination.set.secret", "s3cret",
                "evefan.destination.set.sources", "dev",
                "evefan.destination.set.events", "Order Completed",
                "evefan.destination.set.filter", ".userId == \"user-0\"",
                "evefan.destination.set.batch.max-events", "4"));
        evefan = ExampleEvefan.start(directory, settings, EXAMPLES);
        StringBuilder batch = new StringBuilder("{\"writeKey\":\"wk_dev\",\"batch\":[");
        for (int i = 0; i < 30; i++) {
            batch.append(track("m" + i, "user-" + i % 3, i == 7 ? ",\"bad\":true" : ""))
                    .append(',');
        }
        batch.append("{\"type\":\"identify\",\"messageId\":\"i1\",\"userId\":\"ada\",\"traits\":{\"plan\":\"pro\"}},");
        batch.append(
                "{\"type\":\"track\",\"messageId\":\"p1\",\"userId\":\"ada@here\",\"event\":\"Payment Failed\"}]}");
        evefan.batch(batch.toString());
    }

    @AfterAll
    static void stop() {
        evefan.close();
        server.close();
    }

    private static String track(String id, String user, String more) {
        return ("{\"type\":\"track\",\"messageId\":\"%s\",\"userId\":\"%s\",\"event\":\"Order Completed\","
                        + "\"timestamp\":\"2026-11-01T10:00:00.123Z\",\"properties\":{\"total\":12,\"shop\":{\"City\":\"Köln\"}%s}}")
                .formatted(id, user, more);
    }

    private static Answer answer(Request request) {
        try {
            String path = request.path();
            int call = CALLS.computeIfAbsent(path.replaceFirst("\\?.*", ""), key -> new AtomicInteger())
                    .incrementAndGet();
            if (path.startsWith("/elastic/_bulk")) {
                return bulk(request);
            } else if (path.startsWith("/amplitude/2/httpapi")) {
                return amplitude(JSON.readTree(request.body()), request.body().length, call);
            } else if (path.startsWith("/clickhouse")) {
                return clickhouse(request, call);
            } else if (path.startsWith("/customerio/api/v2/batch")) {
                return customerIo(request);
            } else if (path.startsWith("/google/mp/collect")) {
                return new Answer(204, "");
            } else if (path.startsWith("/slack") && call == 1) {
                return new Answer(429, "rate_limited");
            } else if (path.startsWith("/slack")) {
                return new Answer(200, "ok");
            } else if (path.startsWith("/token")) {
                return new Answer(200, "{\"access_token\":\"t0\",\"token_type\":\"Bearer\",\"expires_in\":3600}");
            } else if (path.startsWith("/oauth")) {
                boolean known = "Bearer t0".equals(request.headers().getFirst("Authorization"));
                return known ? Answer.OK : new Answer(401, "");
            }
            return Answer.OK;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Bulk API: 200, with an item for each action; 409 where a created document is there already. */
    private static Answer bulk(Request request) throws IOException {
        if (!"ApiKey abc".equals(request.headers().getFirst("Authorization"))) {
            return new Answer(401, "{\"error\":{\"type\":\"security_exception\"},\"status\":401}");
        }
        ObjectNode answer = JSON.createObjectNode().put("took", 3);
        ArrayNode items = answer.putArray("items");
        String[] lines = request.text().split("\n");
        for (int i = 0; i < lines.length; i += 2) {
            String id = JSON.readTree(lines[i]).path("create").path("_id").asText();
            JsonNode document = JSON.readTree(lines[i + 1]);
            ObjectNode item = items.addObject().putObject("create").put("_id", id);
            boolean busy = id.equals("m3")
                    && CALLS.computeIfAbsent("m3", key -> new AtomicInteger()).incrementAndGet() == 1;
            if (document.path("properties").has("bad")) {
                item.put("status", 400).putObject("error").put("type", "document_parsing_exception");
            } else if (busy) {
                item.put("status", 429).putObject("error").put("type", "es_rejected_execution_exception");
            } else if (DOCUMENTS.putIfAbsent(id, document) != null) {
                item.put("status", 409).putObject("error").put("type", "version_conflict_engine_exception");
            } else {
                item.put("status", 201);
            }
        }
        answer.put("errors", items.findValuesAsText("status").stream().anyMatch(status -> !status.equals("201")));
        return new Answer(200, answer.toString());
    }

    /** HTTP V2: 413 for too much, 400 and 429 by index, with nothing taken. */
    private static Answer amplitude(JsonNode body, int size, int call) {
        if (!body.path("api_key").asText().equals("right")) {
            return new Answer(400, "{\"code\":400,\"error\":\"Invalid API key: " + body.path("api_key") + "\"}");
        }
        if (size > 4_000) {
            return new Answer(413, "{\"code\":413,\"error\":\"Payload too large\"}");
        }
        List<Integer> bad = indices(
                body.path("events"), event -> event.path("event_properties").has("bad"));
        if (!bad.isEmpty()) {
            return new Answer(
                    400,
                    "{\"code\":400,\"error\":\"Request missing required field\",\"missing_field\":null,"
                            + "\"events_with_invalid_fields\":{\"time\":" + bad
                            + "},\"events_with_missing_fields\":{}}");
        }
        List<Integer> fast = indices(
                body.path("events"), event -> event.path("user_id").asText().equals("user-1"));
        if (!fast.isEmpty()
                && CALLS.computeIfAbsent("throttled", key -> new AtomicInteger())
                                .incrementAndGet()
                        == 1) {
            return new Answer(
                    429,
                    "{\"code\":429,\"error\":\"Too many requests for some devices and users\",\"eps_threshold\":30,"
                            + "\"throttled_users\":{\"user-1\":31},\"throttled_events\":" + fast + "}");
        }
        body.path("events")
                .forEach(event -> AMPLITUDE.put(event.path("insert_id").asText(), event));
        return new Answer(
                200, "{\"code\":200,\"events_ingested\":" + body.path("events").size() + "}");
    }

    private static List<Integer> indices(JsonNode events, java.util.function.Predicate<JsonNode> wanted) {
        return IntStream.range(0, events.size())
                .filter(i -> wanted.test(events.get(i)))
                .boxed()
                .toList();
    }

    /** HTTP interface: a block with a token that is known is passed over; a value that does not fit is a 400. */
    private static Answer clickhouse(Request request, int call) {
        if (!request.path()
                        .contains(
                                "query=insert%20into%20events%20format%20JSONEachRow&date_time_input_format=best_effort")
                || !basic("default:").equals(request.headers().getFirst("Authorization"))) {
            return new Answer(404, request.path() + request.headers().entrySet());
        }
        String token = request.path().replaceFirst(".*insert_deduplication_token=", "");
        if (request.text().contains("bad")) {
            return new Answer(400, "Code: 27. DB::Exception: Cannot parse input: expected '\"' before: 'true'");
        }
        if (TOKENS.putIfAbsent(token, true) == null) {
            request.text().lines().forEach(ROWS::add);
        }
        return call < 3 ? new Answer(500, "Code: 241. DB::Exception: Memory limit exceeded") : new Answer(200, "");
    }

    /** Track API v2: 207, what is wrong by its place in the batch. */
    private static Answer customerIo(Request request) throws IOException {
        if (!basic("site:key").equals(request.headers().getFirst("Authorization"))) {
            return new Answer(401, "{\"meta\":{\"error\":\"unauthorized\"}}");
        }
        JsonNode batch = JSON.readTree(request.body()).path("batch");
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode errors = answer.putArray("errors");
        for (int i = 0; i < batch.size(); i++) {
            if (batch.get(i).path("attributes").has("bad")) {
                errors.addObject()
                        .put("reason", "invalid")
                        .put("field", "attributes")
                        .put("message", "too bad")
                        .put("batch_index", i);
            } else {
                PEOPLE.put(batch.get(i).toString() + PEOPLE.size(), batch.get(i));
            }
        }
        return new Answer(errors.isEmpty() ? 200 : 207, errors.isEmpty() ? "{}" : answer.toString());
    }

    private static String basic(String user) {
        return "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
    }

    private static void settles(String destination, int delivered, int rejected, int leftOut) {
        await(destination).atMost(SOON).untilAsserted(() -> {
            JsonNode health = evefan.health(destination);
            assertThat(health.path("pending").asInt()).as("%s", health).isZero();
            assertThat(health.path("delivered").asInt()).as("%s", health).isEqualTo(delivered);
            assertThat(health.path("rejected").asInt()).as("%s", health).isEqualTo(rejected);
            assertThat(health.path("leftOut").asInt()).as("%s", health).isEqualTo(leftOut);
        });
    }

    private static List<Request> at(String path) {
        return server.requests().stream()
                .filter(request -> request.path().startsWith(path))
                .toList();
    }

    @Test
    void elasticsearchHasEveryDocumentOnceThoughItsAnswerIs200WithErrors() throws Exception {
        settles("elasticsearch", 31, 1, 0);
        assertThat(DOCUMENTS).hasSize(31).containsKeys("m3", "i1").doesNotContainKey("m7");
        assertThat(DOCUMENTS.get("m3").path("@timestamp").asText()).isEqualTo("2026-11-01T10:00:00.123Z");
        assertThat(evefan.health("elasticsearch").path("errors").toString())
                .contains("HTTP 400", "document_parsing_exception");
    }

    @Test
    void amplitudeGetsTheOthersAtOnceThoseOfThrottledUsersLaterAndHalvesWhatIsTooLarge() throws Exception {
        settles("amplitude", 31, 1, 0);
        assertThat(AMPLITUDE).hasSize(31).containsKey("m1").doesNotContainKey("m7");
        assertThat(AMPLITUDE.get("i1").path("event_type").asText()).isEqualTo("$identify");
        assertThat(AMPLITUDE.get("m1").path("time").asLong()).isEqualTo(1793527200123L);
        List<String> order = List.copyOf(AMPLITUDE.keySet());
        assertThat(order.indexOf("m1")).as("waits: %s", order).isGreaterThan(order.indexOf("m29"));
        assertThat(evefan.health("amplitude").path("errors").toString()).contains("HTTP 400\\ntime");
    }

    @Test
    void clickhouseHasEveryRowOnceThoughTheBatchWasSentAgain() throws Exception {
        settles("clickhouse", 31, 1, 0);
        List<String> ids = new ArrayList<>();
        for (String row : ROWS) {
            ids.add(JSON.readTree(row).path("id").asText());
        }
        assertThat(ids).doesNotHaveDuplicates().hasSize(31);
        assertThat(JSON.readTree(ROWS.get(0)).path("properties").asText())
                .isEqualTo("{\"total\":12,\"shop\":{\"City\":\"Köln\"}}");
    }

    @Test
    void customerIoIsNamedWhatItRefusedInA207() throws Exception {
        settles("customer-io", 31, 1, 0);
        assertThat(PEOPLE).hasSize(31);
        assertThat(evefan.health("customer-io").path("errors").toString()).contains("attributes invalid too bad");
    }

    @Test
    void googleAnalyticsGetsEachTrackedEventWithParametersThatItTakes() throws Exception {
        settles("google-analytics", 31, 0, 1);
        List<Request> requests = at("/google");
        assertThat(requests)
                .hasSize(31)
                .allSatisfy(request -> assertThat(request.path())
                        .isEqualTo("/google/mp/collect?measurement_id=G-1&api_secret=s3cret"));
        assertThat(requests.get(0).text().strip())
                .isEqualTo(
                        "{\"client_id\":\"user-0\",\"user_id\":\"user-0\",\"timestamp_micros\":1793527200123000,"
                                + "\"events\":[{\"name\":\"order_completed\",\"params\":{\"total\":12,\"shop_city\":\"Köln\"}}]}");
    }

    @Test
    void chatsGetAMessageForEachFailedPaymentAndCallNobody() {
        settles("slack", 1, 0, 31);
        settles("google-chat", 1, 0, 31);
        assertThat(at("/slack"))
                .singleElement()
                .satisfies(message ->
                        assertThat(message.text().strip()).isEqualTo("{\"text\":\"Payment of ada(at)here failed\"}"));
        assertThat(at("/chat")).singleElement().satisfies(message -> {
            assertThat(message.method()).isEqualTo("POST");
            assertThat(message.path()).isEqualTo("/chat?key=k");
        });
    }

    @Test
    void sendsATokenThatWasFetchedOnceAndAQueryWithThePost() {
        settles("oauth", 32, 0, 0);
        settles("query", 32, 0, 0);
        assertThat(at("/token")).hasSize(1);
        assertThat(at("/token").get(0).text()).contains("grant_type=client_credentials");
        assertThat(at("/query")).allSatisfy(request -> {
            assertThat(request.method()).isEqualTo("POST");
            assertThat(request.path()).isEqualTo("/query?api-version=2&key=a%20b");
        });
    }

    @Test
    void writesCsvThatHasEveryEventOnce() throws Exception {
        settles("csv", 32, 0, 0);
        List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.walk(directory.resolve("csv"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(file.toString()).endsWith(".csv");
                lines.addAll(Files.readAllLines(file));
            }
        }
        assertThat(lines)
                .hasSize(32)
                .contains("\"m0\",\"2026-11-01T10:00:00.123Z\",\"track\",\"Order Completed\",\"user-0\",12");
    }

    @Test
    void aDestinationOfSettingsAloneGetsWhatTheyWant() throws Exception {
        settles("set", 10, 0, 22);
        List<String> ids = new ArrayList<>();
        for (Request request : at("/set")) {
            assertThat(request.headers().getFirst("X-Signature")).startsWith("sha256=");
            JsonNode events = JSON.readTree(request.body());
            assertThat(events.size())
                    .as("every third one is wanted, and a call has four at most")
                    .isBetween(1, 2);
            events.forEach(event -> ids.add(event.path("messageId").asText()));
        }
        assertThat(ids).containsExactly("m0", "m3", "m6", "m9", "m12", "m15", "m18", "m21", "m24", "m27");
    }
}
