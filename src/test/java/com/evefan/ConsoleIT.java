package com.evefan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.swagger.v3.parser.OpenAPIV3Parser;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The server's side of the console, over HTTP: one Evefan, whose destination is picky, and events that would be HTML. */
class ConsoleIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String READ_TOKEN = "one-only-for-reading";
    private static final String IMG = "<img src=x onerror=alert(1)>";
    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    static Path directory;

    private static TwoDestinations all;
    private static String url;
    private static String token;
    private static Contract contract;

    private static final WebHook.Answer PICKY = events -> events.stream()
                    .anyMatch(event -> event.path("properties").path("price").asDouble() > 100)
            ? 400
            : 200;

    @BeforeAll
    static void start() throws Exception {
        all = TwoDestinations.start(
                directory,
                Map.of(
                        "evefan.admin.read-token",
                        READ_TOKEN,
                        "evefan.retry.delay-ms",
                        "60000",
                        "evefan.retry.max-delay-ms",
                        "60000"));
        url = all.evefan().managementUrl();
        token = Files.readString(directory.resolve("data/admin.token")).strip();
        all.flaky().answer(PICKY);
        contract = new Contract(JSON.readTree(get("/v1/openapi.json", token).body()));
        post("/v1/batch", """
                {"batch": [
                  {"type": "track", "userId": "%1$s", "event": "%1$s", "messageId": "planted", "properties": {"%1$s": "%1$s"},
                   "context": {"library": {"name": "%1$s", "version": "%1$s"}}},
                  {"type": "track", "userId": "ada", "event": "Bought", "messageId": "dear", "properties": {"price": 1e15}},
                  {"type": "identify", "messageId": "nobody", "traits": {"%1$s": "%1$s"}}
                ]}""".formatted(IMG));
        await().atMost(LIMIT)
                .until(() -> groups("flaky").size() == 1 && groups("ingest").size() == 1);
    }

    @AfterAll
    static void stop() {
        all.close();
    }

    // ---- The contract -----------------------------------------------------------------------------------------------

    @Test
    void theDocumentIsSoundAndNamesEveryPath() throws Exception {
        String text = get("/v1/openapi.json", token).body();
        assertThat(new OpenAPIV3Parser().readContents(text).getMessages()).isEmpty();

        Set<String> documented = new TreeSet<>();
        contract.paths()
                .properties()
                .forEach(path -> path.getValue()
                        .fieldNames()
                        .forEachRemaining(method -> documented.add(
                                method.toUpperCase() + " " + path.getKey().replaceAll("\\{(\\w+)}", ":$1"))));
        Set<String> served = new TreeSet<>();
        int port = all.evefan().configuration().management().port();
        VertxPlatformHttpRouter.lookup(all.evefan().camelContext(), VertxPlatformHttpRouter.getRouterNameFromPort(port))
                .getRoutes()
                .forEach(route -> {
                    if (route.getPath() != null && route.getPath().startsWith("/v1/")) {
                        route.methods().forEach(method -> served.add(method + " " + route.getPath()));
                    }
                });
        assertThat(documented).isEqualTo(served);
    }

    static Stream<Arguments> readings() {
        return Stream.of(
                        "/v1/session Session",
                        "/v1/console Console",
                        "/v1/health Health",
                        "/v1/system System",
                        "/v1/sources/dev Source",
                        "/v1/destinations/flaky Destination",
                        "/v1/destinations/steady Destination",
                        "/v1/console/events?user=ada Found",
                        "/v1/events/planted Whereabouts",
                        "/v1/events/dear Whereabouts",
                        "/v1/events/planted/content Content",
                        "/v1/dead-letters DeadLetters",
                        "/v1/dead-letters/flaky Letters",
                        "/v1/dead-letters/ingest Letters",
                        "/v1/destinations/none Error",
                        "/v1/sources/none Error",
                        "/v1/events/none Error",
                        "/v1/events/none/content Error",
                        "/v1/console/events?user=ada&before=x Error",
                        "/v1/dead-letters/flaky?grupp=1 Error")
                .map(one -> Arguments.of((Object[]) one.split(" ")));
    }

    @ParameterizedTest
    @MethodSource("readings")
    void answersAsTheDocumentSays(String path, String schema) throws Exception {
        HttpResponse<String> answer = get(path, token);

        // Then
        assertThat(contract.faults(schema, JSON.readTree(answer.body()))).isEmpty();
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json; charset=utf-8");
        assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    }

    @Test
    void theReadTokenOpensWhatTheDocumentSaysAndNothingElse() throws Exception {
        for (Map.Entry<String, JsonNode> path : contract.paths().properties()) {
            for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
                String method = operation.getKey().toUpperCase();
                String example = path.getKey()
                        .replace("{destination}", "none")
                        .replace("{source}", "none")
                        .replace("{messageId}", "none")
                        .replace("{id}", "1");
                boolean open = operation.getValue().path("x-read-token").asBoolean()
                        || operation.getValue().path("security").isArray();
                if (!example.endsWith("/stream")) {
                    assertThat(send(method, example, READ_TOKEN, "").statusCode() == 403)
                            .as(method + " " + example)
                            .isEqualTo(!open);
                }
            }
        }
    }

    // ---- What the read token sees -----------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/console",
                "/v1/health",
                "/v1/system",
                "/v1/sources/dev",
                "/v1/destinations/flaky",
                "/v1/events/dear",
                "/v1/replays",
                "/v1/dead-letters",
                "/v1/dead-letters/flaky",
                "/v1/dead-letters/ingest"
            })
    void theReadTokenSeesNoContents(String path) throws Exception {
        HttpResponse<String> answer = get(path, READ_TOKEN);

        // Then
        assertThat(answer.statusCode()).isIn(200, 503);
        assertThat(answer.body())
                .doesNotContain("ada")
                .doesNotContain("1000000000000000")
                .doesNotContain("127.0.0.1\"");
        assertThat(answer.body()).doesNotContain("wk_dev");
        if (path.startsWith("/v1/dead-letters/")) {
            assertThat(JSON.readTree(answer.body()).at("/deadLetters/0/event").asText())
                    .isEqualTo("hidden");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/dead-letters/flaky?userId=ada",
                "/v1/dead-letters/flaky?user%49d=ada",
                "/v1/dead-letters/flaky?reason=ada",
                "/v1/console/stream?events=true&user=ada",
                "/v1/console/stream?events=true&text=ada"
            })
    void theReadTokenCannotLookForContents(String path) throws Exception {
        assertThat(get(path, READ_TOKEN).statusCode()).isEqualTo(403);
    }

    /** Other sides quote in any form what they were sent. */
    @Test
    void theReadTokenSeesNoWordsOfOtherSides() throws Exception {
        all.steady().says("no room for card 4711 of ada");
        all.steady().answer(events -> 503);
        post("/v1/track", "{\"userId\":\"u\",\"event\":\"Echoed\",\"messageId\":\"echoed-1\"}");
        await().atMost(LIMIT).until(() -> isLeftAlone("steady"));

        try {
            assertThat(get("/v1/destinations/steady", token).body()).contains("HTTP 503", "card 4711 of ada");
            for (String path : List.of(
                    "/v1/console",
                    "/v1/health",
                    "/v1/destinations/steady",
                    "/v1/events/echoed-1",
                    "/q/dev/evefan",
                    "/q/dev/health?exposureLevel=full",
                    "/observe/health?exposureLevel=full")) {
                assertThat(get(path, READ_TOKEN).body())
                        .as(path)
                        .contains("steady")
                        .doesNotContain("4711")
                        .doesNotContain("ada");
            }
        } finally {
            all.steady().says("");
            all.steady().answer(events -> 200);
            send("POST", "/v1/destinations/steady/retry?wait=20", token, "");
        }
    }

    // ---- Signing in -------------------------------------------------------------------------------------------------

    @Test
    void aCookieStandsForTheTokenAndChangesNothingByItself() throws Exception {
        HttpResponse<String> signedIn = send("POST", "/v1/session", "", "{\"token\":\"" + token + "\"}");
        String header = signedIn.headers().firstValue("Set-Cookie").orElse("");
        String cookie = header.replaceFirst(";.*", "");

        // Then
        assertThat(header).containsIgnoringCase("HttpOnly").contains("SameSite=Strict", "Path=/");
        assertThat(header).doesNotContain(token);
        assertThat(JSON.readTree(signedIn.body()).path("holder").asText()).isEqualTo("admin");
        assertThat(cookied("GET", "/v1/console", cookie).statusCode()).isEqualTo(200);
        assertThat(cookied("GET", "/hawtio/", cookie).statusCode()).isEqualTo(200);
        String pause = "/v1/destinations/steady/resume";
        assertThat(cookied("POST", pause, cookie).statusCode()).isEqualTo(403);
        assertThat(cookied("POST", "/hawtio/jolokia/version", cookie).statusCode())
                .isEqualTo(403);
        assertThat(cookied("POST", pause, cookie, "Evefan-Console", "1").statusCode())
                .isEqualTo(200);
        assertThat(cookied("POST", pause, cookie, "Evefan-Console", "1", "Origin", "https://page.example")
                        .statusCode())
                .isEqualTo(403);
        assertThat(cookied("POST", pause, cookie, "Evefan-Console", "1", "Sec-Fetch-Site", "cross-site")
                        .statusCode())
                .isEqualTo(403);
        assertThat(cookied("DELETE", "/v1/session", cookie, "Evefan-Console", "1")
                        .statusCode())
                .isEqualTo(200);
        HttpResponse<String> after = cookied("GET", "/v1/console", cookie);
        assertThat(after.statusCode()).isEqualTo(401);
        assertThat(after.headers().firstValue("WWW-Authenticate")).isEmpty();
    }

    @Test
    void aReaderWhoIsSignedInOnlyReads() throws Exception {
        String cookie = signIn(READ_TOKEN);

        // Then
        assertThat(JSON.readTree(cookied("GET", "/v1/session", cookie).body())
                        .path("seesContent")
                        .asBoolean())
                .isFalse();
        assertThat(cookied("GET", "/v1/dead-letters/flaky", cookie).body()).doesNotContain("ada");
        assertThat(cookied("POST", "/v1/destinations/steady/pause", cookie, "Evefan-Console", "1")
                        .statusCode())
                .isEqualTo(403);
        assertThat(cookied("GET", "/v1/sources/dev", cookie, "Evefan-Reads-Only", "", "Evefan-Hides-Content", "")
                        .body())
                .doesNotContain("wk_dev");
    }

    @Test
    void aWrongTokenIsToldAfterASecond() throws Exception {
        long start = System.nanoTime();
        HttpResponse<String> wrong = send("POST", "/v1/session", "", "{\"token\":\"guessed\"}");

        // Then
        assertThat(wrong.statusCode()).isEqualTo(401);
        assertThat(wrong.headers().firstValue("WWW-Authenticate")).isEmpty();
        assertThat(wrong.headers().firstValue("Set-Cookie")).isEmpty();
        assertThat(System.nanoTime() - start).isGreaterThan(900_000_000L);
        assertThat(send("POST", "/v1/session", "", "no JSON").statusCode()).isEqualTo(400);
        assertThat(cookied("GET", "/v1/console", "evefan-session-1=guessed").statusCode())
                .isEqualTo(401);
    }

    // ---- The stream -------------------------------------------------------------------------------------------------

    /** What a page hears. */
    private static final class Heard implements AutoCloseable {
        final HttpResponse<java.io.InputStream> response;
        final List<String> names = new java.util.concurrent.CopyOnWriteArrayList<>();
        final List<JsonNode> data = new java.util.concurrent.CopyOnWriteArrayList<>();

        Heard(String query, String... headers) throws Exception {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + "/v1/console/stream" + query));
            if (headers.length > 0) {
                request.headers(headers);
            }
            response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            var unused = CompletableFuture.runAsync(this::listen);
        }

        private void listen() {
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
                String name = "";
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.startsWith("event: ")) {
                        name = line.substring(7);
                    } else if (line.startsWith("data: ")) {
                        data.add(JSON.readTree(line.substring(6)));
                        names.add(name);
                    }
                }
            } catch (java.io.IOException e) {
                // closed
            }
            names.add("end");
        }

        List<JsonNode> of(String name) {
            List<JsonNode> found = new ArrayList<>();
            for (int i = 0; i < names.size(); i++) {
                if (names.get(i).equals(name)) {
                    found.add(data.get(i));
                }
            }
            return found;
        }

        @Override
        public void close() throws Exception {
            response.body().close();
        }
    }

    @Test
    void tellsWhatChangesAndWhichEventsCome() throws Exception {
        try (Heard heard = new Heard("?events=true&name=Streamed", "Authorization", "Bearer " + token)) {
            await().atMost(LIMIT).until(() -> !heard.of("events").isEmpty());

            // When
            all.evefan().post("/v1/track", "{\"userId\":\"" + IMG + "\",\"event\":\"Streamed\",\"messageId\":\"s1\"}");
            all.evefan().post("/v1/track", "{\"userId\":\"eve\",\"event\":\"Other\"}");

            // Then
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(heard.of("events"))
                            .anyMatch(rows ->
                                    rows.at("/rows/0/messageId").asText().equals("s1")));
            assertThat(heard.response.headers().firstValue("Content-Type")).hasValue("text/event-stream");
            assertThat(heard.of("state").get(0).has("destinations")).isTrue();
            for (JsonNode state : heard.of("state").subList(1, heard.of("state").size())) {
                assertThat(state.toString().length()).isLessThan(5_000);
            }
            for (JsonNode rows : heard.of("events")) {
                assertThat(contract.faults("Rows", rows)).isEmpty();
                assertThat(rows.toString()).doesNotContain("\"eve\"");
            }
            assertThat(contract.faults("State", heard.of("state").get(0))).isEmpty();
        }
    }

    @Test
    void theReadTokensStreamHidesWhoItIs() throws Exception {
        try (Heard heard = new Heard("?events=true&name=Whose", "Authorization", "Bearer " + READ_TOKEN)) {
            await().atMost(LIMIT).until(() -> !heard.of("events").isEmpty());
            all.evefan().post("/v1/track", "{\"userId\":\"grace\",\"event\":\"Whose\",\"messageId\":\"w1\"}");
            await().atMost(LIMIT).until(() -> heard.of("events").toString().contains("w1"));
            assertThat(heard.data.toString()).doesNotContain("grace").contains("\"userId\":\"hidden\"");
        }
    }

    @Test
    void endsWithTheSession() throws Exception {
        String cookie = signIn(token);
        try (Heard heard = new Heard("", "Cookie", cookie)) {
            await().atMost(LIMIT).until(() -> heard.names.contains("state"));

            // When
            cookied("DELETE", "/v1/session", cookie, "Evefan-Console", "1");

            // Then
            await().atMost(LIMIT).until(() -> heard.names.contains("end"));
            assertThat(heard.of("gone")).hasSize(1);
        }
    }

    @Test
    void isBoundedInNumber() throws Exception {
        List<Heard> many = new ArrayList<>();
        try {
            for (int i = 0; i < 17; i++) {
                many.add(new Heard("", "Authorization", "Bearer " + token));
            }
            assertThat(many.get(16).response.statusCode()).isEqualTo(429);
        } finally {
            for (Heard one : many) {
                one.close();
            }
        }
        await().atMost(LIMIT).until(() -> {
            try (Heard again = new Heard("", "Authorization", "Bearer " + token)) {
                return again.response.statusCode() == 200;
            }
        });
    }

    // ---- What an operator does --------------------------------------------------------------------------------------

    @Test
    void aDeadLetterIsMendedAndArrives() throws Exception {
        all.operator().post("/v1/replays", "{}"); // says what is wrong, and changes nothing
        post(
                "/v1/track",
                "{\"userId\":\"u\",\"event\":\"Mend\",\"messageId\":\"mend-me\",\"properties\":{\"price\":500}}");
        await().atMost(LIMIT).until(() -> letters("flaky", "messageId=mend-me").size() == 1);
        JsonNode letter = letters("flaky", "messageId=mend-me").path(0);
        String send = "/v1/dead-letters/flaky/send?id=" + letter.path("id").asText();
        String accepted = letter.path("event").path("receivedAt").asText();

        // When
        HttpResponse<String> again =
                send("POST", send, token, letter.path("event").toString());

        // Then
        assertThat(again.statusCode()).as(again.body()).isEqualTo(409);
        assertThat(again.body()).contains("HTTP 400");
        assertThat(letters("flaky", "messageId=mend-me").path(0).path("id")).isEqualTo(letter.path("id"));
        assertThat(send("POST", send, token, "{\"type\":\"track\",\"event\":\"Mend\"}")
                        .statusCode())
                .isEqualTo(400);

        // When
        String mended = letter.path("event").toString().replace("500", "5").replace("mend-me", "another-id");
        List<JsonNode> arrived = new CopyOnWriteArrayList<>();
        all.flaky().answer(events -> {
            arrived.addAll(events);
            return 200;
        });
        HttpResponse<String> sent = send("POST", send, token, mended);

        // Then
        assertThat(sent.statusCode()).as(sent.body()).isEqualTo(200);
        assertThat(JSON.readTree(sent.body()).path("messageId").asText()).isEqualTo("mend-me");
        assertThat(all.flaky().taken()).contains("mend-me").doesNotContain("another-id");
        assertThat(letters("flaky", "messageId=mend-me")).isEmpty();
        ObjectNode before = (ObjectNode) letter.path("event");
        before.withObjectProperty("properties").put("price", 5);
        assertThat(arrived).as("nothing but what was mended differs").containsExactly(before);
        all.flaky().answer(PICKY);
        assertThat(accepted).isNotEmpty();
        assertThat(send("POST", send, token, mended).statusCode()).isEqualTo(404);
        all.operator().health("flaky");
    }

    @Test
    void whatWasRefusedIsMendedAndArrivesEverywhere() throws Exception {
        post("/v1/track", "{\"event\":\"Lost\",\"messageId\":\"lost-1\"}");
        await().atMost(LIMIT).until(() -> letters("ingest", "messageId=lost-1").size() == 1);
        String send = "/v1/dead-letters/ingest/send?id="
                + letters("ingest", "messageId=lost-1").path(0).path("id").asText();

        // When
        HttpResponse<String> again = send("POST", send, token, "{\"type\":\"track\",\"event\":\"Lost\"}");
        HttpResponse<String> sent = send(
                "POST",
                send,
                token,
                "{\"type\":\"track\",\"event\":\"Lost\",\"userId\":\"found\",\"messageId\":\"lost-1\"}");

        // Then
        assertThat(again.statusCode()).isEqualTo(400);
        assertThat(again.body()).contains("userId or anonymousId");
        assertThat(sent.statusCode()).as(sent.body()).isEqualTo(200);
        await().atMost(LIMIT)
                .until(() -> all.flaky().taken().contains("lost-1")
                        && all.steady().taken().contains("lost-1"));
        assertThat(letters("ingest", "messageId=lost-1")).isEmpty();
    }

    /** An answer may be lost on its way: who sends it again must not double it. */
    @Test
    void whatWasRefusedWithoutAnIdGetsOneThatStays() throws Exception {
        post("/v1/track", "{\"event\":\"Nameless\"}");
        await().atMost(LIMIT).until(() -> letters("ingest", "event=Nameless").size() == 1);
        String id = letters("ingest", "event=Nameless").path(0).path("id").asText();

        // When
        HttpResponse<String> sent = send(
                "POST",
                "/v1/dead-letters/ingest/send?id=" + id,
                token,
                "{\"type\":\"track\",\"event\":\"Nameless\",\"userId\":\"u\"}");

        // Then
        assertThat(sent.statusCode()).as(sent.body()).isEqualTo(200);
        await().atMost(LIMIT)
                .until(() -> get("/v1/events/dead-letter-" + id, token).statusCode() == 200);
    }

    @Test
    void groupsNameTheirLettersAndTheGuiltyField() throws Exception {
        JsonNode group = groups("ingest").path(0);

        // Then
        assertThat(letters("ingest", "group=" + group.path("group").asText()).size())
                .isEqualTo(group.path("count").asInt());
        assertThat(letters("ingest", "group=0000000000000000")).isEmpty();
        assertThat(group.path("source").asText()).isEqualTo("dev");
        assertThat(group.path("hour").size()).isEqualTo(60);
    }

    @Test
    void aRetryTellsWhatCameOfIt() throws Exception {
        all.steady().answer(events -> 503);
        post("/v1/track", "{\"userId\":\"u\",\"event\":\"Retried\",\"messageId\":\"retried-1\"}");
        await().atMost(LIMIT).until(() -> isLeftAlone("steady"));

        // When
        JsonNode failed = JSON.readTree(
                send("POST", "/v1/destinations/steady/retry?wait=20", token, "").body());
        await().atMost(LIMIT).until(() -> isLeftAlone("steady"));
        all.steady().answer(events -> 200);
        JsonNode delivered = JSON.readTree(
                send("POST", "/v1/destinations/steady/retry?wait=20", token, "").body());

        // Then
        assertThat(failed.path("outcome").asText()).as(failed.toString()).isEqualTo("failed");
        assertThat(failed.path("message").asText()).contains("503");
        assertThat(delivered.path("outcome").asText()).as(delivered.toString()).isEqualTo("delivered");
        assertThat(delivered.path("events").asInt()).isEqualTo(1);
        assertThat(JSON.readTree(send("POST", "/v1/destinations/steady/retry?wait=20", token, "")
                                .body())
                        .path("outcome")
                        .asText())
                .isEqualTo("nothing waits");
        assertThat(send("POST", "/v1/destinations/steady/retry?wait=x", token, "")
                        .statusCode())
                .isEqualTo(400);
    }

    /** Who asks for what takes long must not make whoever looks after the process kill it. */
    @Test
    void aProbeAnswersWhateverElseTakesLong() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        ExecutorService threads = Executors.newCachedThreadPool();
        all.steady().answer(events -> {
            over.await(20, TimeUnit.SECONDS);
            return 200;
        });
        post("/v1/track", "{\"userId\":\"u\",\"event\":\"Slow\",\"messageId\":\"slow-1\"}");
        await().atMost(LIMIT).until(() -> all.steady().requests() > 0);

        // When
        List<CompletableFuture<Integer>> waiting = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            waiting.add(CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            return send("POST", "/v1/destinations/steady/retry?wait=20", token, "")
                                    .statusCode();
                        } catch (Exception e) {
                            return 0;
                        }
                    },
                    threads));
        }
        try {
            await().atMost(LIMIT)
                    .until(() ->
                            waiting.stream().filter(CompletableFuture::isDone).count() >= 12);

            // Then
            assertThat(over.getCount()).isEqualTo(1);
            assertThat(get("/observe/health/live", token).statusCode()).isEqualTo(200);
            assertThat(waiting.stream().filter(CompletableFuture::isDone).map(CompletableFuture::join))
                    .containsOnly(429);
        } finally {
            over.countDown();
            all.steady().answer(events -> 200);
            waiting.forEach(CompletableFuture::join);
            threads.shutdown();
        }
    }

    /** Whether it fails and is not tried again for a while. */
    private static boolean isLeftAlone(String destination) throws Exception {
        String next = JSON.readTree(
                        get("/v1/destinations/" + destination, token).body())
                .at("/state/nextAttemptAt")
                .asText();
        return !next.isEmpty() && Instant.parse(next).isAfter(Instant.now().plusSeconds(20));
    }

    @Test
    void aTestEventGoesTheWayOfEveryEvent() throws Exception {
        JsonNode sent = JSON.readTree(
                send("POST", "/v1/sources/dev/test-event", token, "").body());

        // Then
        String id = sent.path("messageId").asText();
        await().atMost(LIMIT).until(() -> all.steady().taken().contains(id));
        assertThat(get("/v1/events/" + id + "/content", token).body()).contains("\"test\":true");
        await().atMost(LIMIT).until(() -> get("/v1/sources/dev", token).body().contains("\"Test Event\""));
    }

    @Test
    void explainsWithoutSending() throws Exception {
        String event = "{\"type\":\"track\",\"event\":\"Tried\",\"userId\":\"u\",\"messageId\":\"tried\","
                + "\"integrations\":{\"steady\":false}}";

        // When
        HttpResponse<String> answer = send("POST", "/v1/explain?source=dev", token, event);

        // Then
        JsonNode json = JSON.readTree(answer.body());
        assertThat(contract.faults("Explained", json)).as(answer.body()).isEmpty();
        assertThat(json.at("/events/0/destinations/flaky/gets").asBoolean()).isTrue();
        assertThat(json.at("/events/0/destinations/flaky/sent/0").asText()).contains("Tried");
        assertThat(json.at("/events/0/destinations/steady/gets").asBoolean()).isFalse();
        HttpResponse<String> broken =
                send("POST", "/v1/explain", token, "{\"type\":\"track\",\n \"event\":\"a\" \"b\"}");
        assertThat(broken.statusCode()).isEqualTo(400);
        assertThat(contract.faults("Error", JSON.readTree(broken.body()))).isEmpty();
        assertThat(JSON.readTree(broken.body()).path("line").asInt()).isEqualTo(2);
        assertThat(send("POST", "/v1/explain?source=none", token, event).statusCode())
                .isEqualTo(400);
        assertThat(get("/v1/events/tried", token).statusCode()).isEqualTo(404);
        assertThat(all.flaky().taken()).doesNotContain("tried");
    }

    @Test
    void aUsersEventsAreFoundTheNewestFirst() throws Exception {
        post("/v1/track", "{\"userId\":\"joan\",\"event\":\"First\"}");
        post("/v1/track", "{\"userId\":\"joan\",\"event\":\"Second\"}");

        // When
        JsonNode found =
                JSON.readTree(get("/v1/console/events?user=joan", token).body());

        // Then
        assertThat(found.at("/events/0/name").asText()).isEqualTo("Second");
        assertThat(found.at("/events/1/name").asText()).isEqualTo("First");
        assertThat(found.path("events").size()).isEqualTo(2);
        assertThat(found.has("next")).isFalse();
    }

    // ---- Its files --------------------------------------------------------------------------------------------------

    @Test
    void filesAreForEverybodyAndStrict() throws Exception {
        HttpResponse<String> page = get("/", "");

        // Then
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html; charset=utf-8");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
                .startsWith("default-src 'none'; script-src 'self'; style-src 'self'")
                .doesNotContain("unsafe");
        assertThat(page.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(page.headers().firstValue("Cache-Control")).hasValue("no-cache");
        String tag = page.headers().firstValue("ETag").orElse("");
        HttpResponse<String> same = cookied("GET", "/", "", "If-None-Match", tag);
        assertThat(same.statusCode()).isEqualTo(304);
        HttpResponse<String> zipped = cookied("GET", "/console/index.html", "", "Accept-Encoding", "gzip");
        assertThat(zipped.headers().firstValue("Content-Encoding")).hasValue("gzip");
        for (String nothing :
                List.of("/console/none.js", "/console/", "/console/application.properties", "/console/lib")) {
            assertThat(get(nothing, "").statusCode()).as(nothing).isEqualTo(404);
        }
    }

    // ---- How it is asked --------------------------------------------------------------------------------------------

    private static JsonNode groups(String destination) throws Exception {
        return JSON.readTree(get("/v1/dead-letters", token).body())
                .path("deadLetters")
                .path(destination)
                .path("reasons");
    }

    private static JsonNode letters(String destination, String query) throws Exception {
        return JSON.readTree(get("/v1/dead-letters/" + destination + "?" + query, token)
                        .body())
                .path("deadLetters");
    }

    private static void post(String path, String body) throws Exception {
        all.evefan().post(path, body);
    }

    private static HttpResponse<String> get(String path, String bearer) throws Exception {
        return send("GET", path, bearer, "");
    }

    private static HttpResponse<String> send(String method, String path, String bearer, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(LIMIT)
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        if (!bearer.isEmpty()) {
            request.header("Authorization", "Bearer " + bearer);
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String signIn(String with) throws Exception {
        return send("POST", "/v1/session", "", "{\"token\":\"" + with + "\"}")
                .headers()
                .firstValue("Set-Cookie")
                .orElse("")
                .replaceFirst(";.*", "");
    }

    private static HttpResponse<String> cookied(String method, String path, String cookie, String... headers)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(LIMIT)
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (!cookie.isEmpty()) {
            request.header("Cookie", cookie);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
