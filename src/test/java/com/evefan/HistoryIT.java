package com.evefan;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where an event is, replays and erasure, as an operator uses them. */
class HistoryIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    static Path directory;

    private static WebHook hook;
    private static RunningEvefan evefan;
    private static Operator operator;

    @BeforeAll
    static void start() throws Exception {
        hook = WebHook.start("hist");
        hook.routeTo(directory);
        evefan = RunningEvefan.start(
                directory.resolve("data"),
                Map.of(
                        "evefan.journal.handover-events",
                        "64",
                        "camel.main.routes-include-pattern",
                        RunningEvefan.SHELL_ROUTES + ",file:routes/destinations/postgres.camel.yaml,file:" + directory
                                + "/*.camel.yaml",
                        "evefan.redelivery.delay-ms",
                        "50",
                        "evefan.retry.delay-ms",
                        "200",
                        "evefan.retry.max-delay-ms",
                        "400",
                        "evefan.journal.segment-bytes",
                        "65536",
                        "evefan.ingest.max-event-bytes",
                        "30000"));
        operator = new Operator(evefan);
    }

    @AfterAll
    static void stop() {
        evefan.close();
        hook.close();
    }

    @AfterEach
    void letEverythingThrough() {
        hook.answer(events -> 200);
    }

    private static void awaitDelivered() {
        await().atMost(LIMIT)
                .until(() -> operator.count("hist", "pending") == 0 && operator.count("postgres", "pending") == 0);
    }

    private static JsonNode where(String messageId) throws Exception {
        JsonNode found = operator.json("GET", "/v1/events/" + messageId);
        assertThat(found.path("events")).as(found.toString()).hasSize(1);
        return found.path("events").get(0).path("destinations");
    }

    private static JsonNode post(String path, String body) throws Exception {
        HttpResponse<String> answer = operator.post(path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private static JsonNode replay(long id) throws Exception {
        for (JsonNode one : operator.json("GET", "/v1/replays").path("replays")) {
            if (one.path("id").asLong() == id) {
                return one;
            }
        }
        throw new AssertionError("no replay " + id);
    }

    @Test
    void saysWhereAnEventIs() throws Exception {
        // Given
        operator.send("ev", 0, 10);
        evefan.post(
                "/v1/track",
                "{\"userId\":\"u\",\"event\":\"x\",\"messageId\":\"not-for-hook\",\"integrations\":{\"hist\":false}}");
        awaitDelivered();

        // Then
        assertThat(where("ev3").path("hist").path("state").asText()).isEqualTo("delivered");
        assertThat(where("ev3").path("hist").path("deliveredBy").asText()).startsWith("20");
        assertThat(where("ev3").path("postgres").path("state").asText()).isEqualTo("delivered");
        assertThat(where("not-for-hook").path("hist").path("state").asText()).isEqualTo("left out");
        HttpResponse<String> unknown = operator.request("GET", "/v1/events/nobody-knows");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.body()).contains("looked through", "back to 20");

        // When
        hook.answer(events -> 422);
        operator.send("rej", 0, 1);
        awaitDelivered();

        // Then
        assertThat(where("rej0").path("hist").path("state").asText()).isEqualTo("rejected");
        assertThat(where("rej0").path("hist").path("reason").asText()).contains("422");
        assertThat(where("rej0").path("postgres").path("state").asText()).isEqualTo("delivered");

        // When
        hook.answer(events -> 503);
        operator.send("stuck", 0, 1);
        await().atMost(LIMIT).until(() -> where("stuck0").path("hist").has("lastError"));
        operator.send("behind", 0, 200);

        // Then
        assertThat(where("stuck0").path("hist").path("state").asText()).isEqualTo("in hand");
        assertThat(where("stuck0").path("hist").path("failedAttempts").asLong()).isPositive();
        assertThat(where("stuck0").path("hist").path("lastError").asText()).contains("503");

        // When
        operator.request("POST", "/v1/destinations/hist/pause");

        // Then
        await().atMost(LIMIT)
                .until(() ->
                        where("behind199").path("hist").path("state").asText().equals("waiting"));
        assertThat(where("behind199").path("hist").path("behind").asLong()).isEqualTo(200);
        operator.request("POST", "/v1/destinations/hist/resume");
        hook.answer(events -> 200);
        awaitDelivered();
    }

    @Test
    void sendsWhatIsKeptAgainAsItWasAccepted() throws Exception {
        // Given
        operator.send("again", 0, 300);
        evefan.post(
                "/v1/track",
                "{\"userId\":\"u\",\"event\":\"again\",\"messageId\":\"again-not\",\"integrations\":{\"hist\":false}}");
        awaitDelivered();
        long delivered = operator.count("hist", "delivered");
        long replayed = operator.count("hist", "replayed");
        String what = "{\"destination\":\"hist\",\"event\":\"again\"";

        // When
        JsonNode dry = post("/v1/replays", what + ",\"dryRun\":true}");

        // Then
        assertThat(dry.path("state").asText()).isEqualTo("done");
        assertThat(dry.path("events").asLong()).isEqualTo(301);
        assertThat(dry.path("names").path("again").asLong()).isEqualTo(301);
        assertThat(dry.path("bytes").asLong()).isGreaterThan(30_000);
        assertThat(dry.path("from").asText()).isLessThanOrEqualTo(dry.path("to").asText());
        assertThat(dry.path("seconds").isNumber()).isTrue();
        assertThat(dry.path("note").asText()).contains("is not kept any more");
        assertThat(TwoDestinations.taken(hook, "again")).hasSize(300);

        // When
        long id = post("/v1/replays", what + "}").path("id").asLong();

        // Then
        await().atMost(LIMIT).until(() -> replay(id).path("state").asText().equals("done"));
        assertThat(TwoDestinations.taken(hook, "again").subList(300, 600)).isEqualTo(TwoDestinations.ids("again", 300));
        assertThat(replay(id).path("replayed").asLong()).isEqualTo(300);
        assertThat(replay(id).path("leftOut").asLong()).isEqualTo(1);
        assertThat(operator.count("hist", "delivered")).isEqualTo(delivered);
        assertThat(operator.count("hist", "replayed")).isEqualTo(replayed + 300);
        JsonNode told = operator.json("GET", "/v1/health").path("replays");
        assertThat(told.toString()).contains("\"id\":" + id).doesNotContain("filter");
        long one = post("/v1/replays", "{\"destination\":\"hist\",\"messageId\":\"again7\"}")
                .path("id")
                .asLong();
        await().atMost(LIMIT).until(() -> replay(one).path("state").asText().equals("done"));
        assertThat(TwoDestinations.taken(hook, "again")).hasSize(601).last().isEqualTo("again7");
    }

    @Test
    void waitsForTheReplayBeforeAndStopsAtOnce() throws Exception {
        // Given
        operator.send("slow", 0, 1000);
        awaitDelivered();
        hook.answer(events -> {
            Thread.sleep(100);
            return 200;
        });

        // When
        long first = post("/v1/replays", "{\"destination\":\"hist\",\"event\":\"slow\"}")
                .path("id")
                .asLong();
        long second = post("/v1/replays", "{\"destination\":\"hist\",\"event\":\"slow\",\"user\":\"u\"}")
                .path("id")
                .asLong();
        await().atMost(LIMIT).until(() -> replay(first).path("replayed").asLong() > 0);

        // Then
        assertThat(replay(second).path("state").asText()).isEqualTo("queued");
        assertThat(operator.json("DELETE", "/v1/replays/" + first).path("state").asText())
                .isEqualTo("stopped");
        await().atMost(LIMIT).until(() -> replay(second).path("replayed").asLong() > 0);
        assertThat(replay(first).path("replayed").asLong()).isLessThan(1000);
        operator.request("DELETE", "/v1/replays/" + second);
        await().during(Duration.ofMillis(300)).atMost(LIMIT).until(hook::requests, requests -> true);
        int requests = hook.requests();
        await().pollDelay(Duration.ofMillis(400)).atMost(LIMIT).until(() -> hook.requests() == requests);
    }

    @Test
    void leavesLiveEventsTheirRoom() throws Exception {
        // Given
        operator.send("old", 0, 2_000);
        awaitDelivered();
        List<String> order = new CopyOnWriteArrayList<>();
        hook.answer(events -> {
            Thread.sleep(20);
            order.add(events.get(0).path("event").asText());
            return 200;
        });
        operator.request("POST", "/v1/destinations/hist/pause");
        operator.send("live", 0, 3_000);
        long id = post("/v1/replays", "{\"destination\":\"hist\",\"event\":\"old\"}")
                .path("id")
                .asLong();

        // When
        operator.request("POST", "/v1/destinations/hist/resume");
        awaitDelivered();

        // Then
        List<String> until = List.copyOf(order); // the replay goes on
        List<String> meanwhile = until.subList(0, until.lastIndexOf("live") + 1);
        assertThat(meanwhile.stream().filter("live"::equals)).hasSizeGreaterThanOrEqualTo(46);
        assertThat(meanwhile.stream().filter("old"::equals)).hasSizeLessThan(10);
        await().atMost(LIMIT).until(() -> replay(id).path("state").asText().equals("done"));
        assertThat(TwoDestinations.taken(hook, "old")).hasSize(4_000);
    }

    @Test
    void makesDeadLettersOfWhatAReplayFindsRejected() throws Exception {
        operator.send("picky", 0, 3);
        awaitDelivered();
        long before = operator.count("hist", "deadLetters");
        hook.answer(events -> events.stream()
                        .anyMatch(event -> event.path("messageId").asText().equals("picky1"))
                ? 422
                : 200);

        long id = post("/v1/replays", "{\"destination\":\"hist\",\"event\":\"picky\"}")
                .path("id")
                .asLong();

        await().atMost(LIMIT).until(() -> replay(id).path("state").asText().equals("done"));
        assertThat(replay(id).path("rejected").asLong()).isEqualTo(1);
        assertThat(replay(id).path("replayed").asLong()).isEqualTo(2);
        assertThat(operator.count("hist", "deadLetters")).isEqualTo(before + 1);
        assertThat(where("picky1").path("hist").path("state").asText()).isEqualTo("rejected");
    }

    @Test
    void showsThePersonsLastEvents() throws Exception {
        for (int i = 0; i < 5; i++) {
            evefan.post(
                    "/v1/track",
                    "{\"userId\":\"wanda & co\",\"event\":\"Bought " + i + "\",\"messageId\":\"wanda" + i + "\"}");
        }
        awaitDelivered();

        JsonNode found = operator.json("GET", "/v1/events?userId=wanda%20%26%20co&limit=2");

        assertThat(found.path("events")).as(found.toString()).hasSize(2);
        assertThat(found.at("/events/0/messageId").asText()).isEqualTo("wanda4");
        assertThat(found.at("/events/0/name").asText()).isEqualTo("Bought 4");
        assertThat(found.at("/events/0/event/userId").asText()).isEqualTo("wanda & co");
        assertThat(found.at("/events/1/messageId").asText()).isEqualTo("wanda3");
        assertThat(operator.json("GET", "/v1/events?anonymousId=wanda").path("events"))
                .isEmpty();
        for (String wrong : List.of("", "?limit=2", "?userId=u&limit=0", "?userId=u&limit=many", "?user=u")) {
            assertThat(operator.request("GET", "/v1/events" + wrong).statusCode())
                    .as(wrong)
                    .isEqualTo(400);
        }
    }

    @Test
    void replaysWhatWasAcceptedBeforeATimeAndSaysHowLongThatTakes() throws Exception {
        // Given
        operator.send("early", 0, 20);
        awaitDelivered();
        await().pollDelay(Duration.ofMillis(5)).until(() -> true); // times are told in milliseconds
        Instant between = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        await().pollDelay(Duration.ofMillis(5)).until(() -> true);
        operator.send("early", 20, 50);
        awaitDelivered();
        String what = "{\"destination\":\"hist\",\"event\":\"early\",\"until\":\"" + between + "\"";

        // Then
        JsonNode dry = post("/v1/replays", what + ",\"dryRun\":true}");
        assertThat(dry.path("events").asLong()).as(dry.toString()).isEqualTo(20);
        double seconds = 20.0 / dry.path("eventsPerSecond").asLong();
        assertThat(dry.path("seconds").asLong()).isEqualTo((long) Math.ceil(seconds));
        assertThat(Instant.parse(dry.path("to").asText())).isBefore(between);
        long id = post("/v1/replays", what + "}").path("id").asLong();
        await().atMost(LIMIT).until(() -> replay(id).path("state").asText().equals("done"));
        assertThat(replay(id).path("replayed").asLong()).isEqualTo(20);
        assertThat(TwoDestinations.taken(hook, "early").subList(50, 70)).isEqualTo(TwoDestinations.ids("early", 20));
        assertThat(operator.post("/v1/replays", what + ",\"since\":\"" + between + "\"}")
                        .body())
                .contains("until must be after since");
    }

    @Test
    void sendsNothingInAReplayOfAPersonWhoWasErasedAfterItWasRead() throws Exception {
        // Given
        operator.send("many", 0, 600);
        evefan.post("/v1/track", "{\"userId\":\"yan@private\",\"event\":\"many\",\"messageId\":\"yan\"}");
        awaitDelivered();
        CountDownLatch erased = new CountDownLatch(1);
        CountDownLatch sent = new CountDownLatch(1);
        hook.answer(events -> {
            sent.countDown();
            return erased.await(30, TimeUnit.SECONDS) ? 200 : 500;
        });
        long id = post("/v1/replays", "{\"destination\":\"hist\",\"event\":\"many\"}")
                .path("id")
                .asLong();
        assertThat(sent.await(30, TimeUnit.SECONDS)).isTrue();

        // When
        JsonNode answer = post("/v1/erasures", "{\"userId\":\"yan@private\"}");
        erased.countDown();

        // Then
        assertThat(answer.path("events").asLong()).as(answer.toString()).isEqualTo(1);
        await().atMost(LIMIT).until(() -> replay(id).path("state").asText().equals("done"));
        assertThat(hook.taken().stream().filter("yan"::equals)).hasSize(1);
        assertThat(new HashSet<>(TwoDestinations.taken(hook, "many"))).hasSize(600);
        JsonNode told = operator.json("GET", "/v1/erasures/" + answer.path("id").asLong());
        assertThat(told.path("state").asText()).isEqualTo("done");
        assertThat(told.path("toDo").toString()).contains("hist");
        assertThat(operator.json("GET", "/v1/erasures").path("erasures").toString())
                .contains("\"id\":" + answer.path("id").asLong());
        assertThat(operator.request("GET", "/v1/erasures/4711").statusCode()).isEqualTo(404);
        assertThat(operator.request("DELETE", "/v1/erasures/x").statusCode()).isEqualTo(400);
        assertThat(operator.json("DELETE", "/v1/erasures/" + answer.path("id").asLong())
                        .path("state")
                        .asText())
                .isEqualTo("done");
    }

    @Test
    void namesWhatIsWrong() throws Exception {
        for (Map.Entry<String, String> wrong : Map.of(
                        "{\"destination\":\"hist\",\"since\":\"yesterday\"}", "since must be a time",
                        "{\"destination\":\"hist\",\"colour\":1}", "no member colour",
                        "{\"since\":\"2026-11-23T03:00:00Z\"}", "destination must name",
                        "[]", "JSON object",
                        "", "JSON object",
                        "{\"destination\":\"hist\",\"dryRun\":\"yes\"}", "dryRun must be")
                .entrySet()) {
            HttpResponse<String> answer = operator.post("/v1/replays", wrong.getKey());
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body()).contains(wrong.getValue());
        }
        assertThat(operator.postForm("/v1/erasures", "{\"userId\":\"u\"}").body())
                .contains("send it with Content-Type: application/json");
        assertThat(operator.post("/v1/replays", "{\"destination\":\"nobody\"}").statusCode())
                .isEqualTo(404);
        assertThat(operator.request("DELETE", "/v1/replays/4711").statusCode()).isEqualTo(404);
        assertThat(operator.post("/v1/erasures", "{}").body()).contains("userId or anonymousId");
        String ids = IntStream.range(0, 1_001).mapToObj(id -> "\"" + id + "\"").collect(Collectors.joining(","));
        assertThat(operator.post("/v1/erasures", "{\"userId\":[" + ids + "]}").body())
                .contains("at most 1000 ids");
    }

    @Test
    void erasesAPersonFromEveryPlace() throws Exception {
        // Given
        hook.answer(events ->
                events.stream().anyMatch(event -> event.path("userId").asText().contains("zoe")) ? 422 : 200);
        for (String type : List.of("identify", "page", "screen")) {
            evefan.post(
                    "/v1/" + type, "{\"userId\":\"zoe@private\",\"name\":\"n\",\"messageId\":\"zoe-" + type + "\"}");
        }
        evefan.post("/v1/track", "{\"userId\":\"zoe@private\",\"event\":\"e\",\"messageId\":\"zoe-track\"}");
        evefan.post("/v1/track", "{\"anonymousId\":\"anon-zoe\",\"event\":\"e\",\"messageId\":\"zoe-anonymous\"}");
        evefan.post("/v1/group", "{\"userId\":\"zoe@private\",\"groupId\":\"g\",\"messageId\":\"zoe-group\"}");
        evefan.post("/v1/alias", "{\"userId\":\"other\",\"previousId\":\"zoe@private\",\"messageId\":\"zoe-alias\"}");
        evefan.post("/v1/batch", "{\"batch\":[{\"type\":\"nothing\",\"userId\":\"zoe@private\"}]}");
        operator.send("harmless", 0, 5);
        awaitDelivered();
        post("/v1/replays", "{\"destination\":\"hist\",\"user\":\"zoe@private\",\"dryRun\":true}");
        String who = "{\"userId\":\"zoe@private\",\"anonymousId\":[\"anon-zoe\"]";
        await().atMost(LIMIT)
                .until(() -> operator.json("GET", "/v1/dead-letters/ingest")
                        .toString()
                        .contains("zoe@private"));

        // When
        JsonNode dry = post("/v1/erasures", who + ",\"dryRun\":true}");

        // Then
        assertThat(dry.path("events").asLong()).as(dry.toString()).isEqualTo(7);
        assertThat(dry.path("deadLetters").path("hist").asLong()).isEqualTo(5);
        assertThat(dry.path("rows").path("postgres")).hasSize(6);
        assertThat(files()).contains("zoe@private");

        // When
        JsonNode erased = post("/v1/erasures", who + "}");

        // Then
        assertThat(erased.path("complete").asBoolean()).as(erased.toString()).isTrue();
        assertThat(erased.path("events").asLong()).isEqualTo(7);
        assertThat(erased.path("deadLetters").path("hist").asLong()).isEqualTo(5);
        assertThat(erased.path("deadLetters").path("ingest").asLong()).isEqualTo(1);
        assertThat(erased.path("rows").path("postgres").path("tracks").asLong()).isEqualTo(2);
        assertThat(erased.path("toDo").path("hist").toString()).contains("delete this person's data");
        assertThat(erased.path("notErased").toString()).contains("from now on");
        assertThat(files()).doesNotContain("zoe");
        Rows rows = new Rows(evefan);
        for (String table : List.of("tracks", "identifies", "pages", "screens", "groups", "aliases")) {
            assertThat(rows.text("select count(*) from " + table + " t where t::text like '%zoe%'"))
                    .as(table)
                    .isEqualTo("0");
        }
        assertThat(operator.json("GET", "/v1/dead-letters/hist").toString()).doesNotContain("zoe");
        assertThat(operator.request("GET", "/v1/events/zoe-track").statusCode()).isEqualTo(404);
        assertThat(where("harmless3").path("hist").path("state").asText()).isEqualTo("delivered");
        JsonNode again = post("/v1/erasures", who + "}");
        assertThat(again.path("events").asLong()).isZero();
        operator.send("after", 0, 3);
        awaitDelivered();
    }

    /** All that Evefan's own files hold; not the broker's and PostgreSQL's, of which the answer says so. */
    private static String files() {
        // A file may be replaced by a new one while they are read.
        return await().atMost(Duration.ofSeconds(10)).ignoreExceptions().until(HistoryIT::filesNow, all -> true);
    }

    private static String filesNow() throws Exception {
        StringBuilder all = new StringBuilder();
        Path data = directory.resolve("data");
        try (Stream<Path> found = Files.walk(data)) {
            for (Path file : found.filter(Files::isRegularFile).toList()) {
                String name = data.relativize(file).toString();
                if (name.startsWith("journal") || name.startsWith("refused") || name.endsWith(".json")) {
                    all.append(Files.readString(file, ISO_8859_1));
                }
            }
        }
        return all.toString();
    }
}
