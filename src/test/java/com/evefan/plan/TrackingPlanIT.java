package com.evefan.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.evefan.Rows;
import com.evefan.RunningEvefan;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a source says of its events: that they break the plan, that a robot sends them. */
class TrackingPlanIT {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final JsonMapper JSON = new JsonMapper();
    private static final String ROBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";

    @TempDir
    static Path data;

    @TempDir
    static Path plans;

    private static RunningEvefan evefan;
    private static Rows rows;

    @BeforeAll
    static void start() throws Exception {
        Files.writeString(plans.resolve("order.json"), """
                {"type": "TRACK", "key": "Order", "version": 3, "jsonSchema": {"properties": {"properties":
                  {"required": ["total"], "properties": {"total": {"type": "number"}}}}}}
                """);
        evefan = RunningEvefan.start(
                data,
                Map.of(
                        "evefan.plans.directory", plans.toString(),
                        "evefan.source.reported.write-key", "reported",
                        "evefan.source.reported.plan", "report",
                        "evefan.source.flagged.write-key", "flagged",
                        "evefan.source.flagged.plan", "flag",
                        "evefan.source.flagged.bots", "flag",
                        "evefan.source.flagged.drop", "properties.secret",
                        "evefan.source.refused.write-key", "refused",
                        "evefan.source.refused.plan", "reject",
                        "evefan.source.refused.bots", "drop"));
        rows = new Rows(evefan);
    }

    @AfterAll
    static void stop() {
        evefan.close();
    }

    private static JsonNode send(String source, String event) throws Exception {
        return post("/v1/track?writeKey=" + source, event);
    }

    private static JsonNode post(String path, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(evefan.url() + path))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return JSON.readTree(
                HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }

    private static String order(String id, String total, String more) {
        return "{\"event\":\"Order\",\"userId\":\"u\",\"messageId\":\"" + id + "\",\"properties\":{\"total\":" + total
                + ",\"secret\":\"s\"}" + more + "}";
    }

    private static HttpResponse<String> ask(String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(evefan.managementUrl() + path))
                .header("Authorization", "Bearer " + evefan.adminToken())
                .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void tellsTheSenderAndTheOperatorOfWhatBreaksThePlan() throws Exception {
        JsonNode answer = send("reported", order("told", "\"12\"", ""));

        assertThat(answer.at("/success").asBoolean()).isTrue();
        assertThat(answer.at("/warnings/0/warning").asText())
                .isEqualTo("breaks version 3 of the tracking plan for track Order: properties.total: string found,"
                        + " number expected");
        rows.awaitOne("tracks", "reported:told");
        JsonNode health = JSON.readTree(ask("/v1/health").body()).at("/plan/violations");
        assertThat(health.findValuesAsText("source")).contains("reported");
        assertThat(health.findValuesAsText("event")).contains("track Order");
        assertThat(ask("/observe/metrics").body())
                .contains("evefan_plan_violations_total{event=\"track Order\",source=\"reported\"} 1")
                .contains("evefan_source_warnings_total{kind=\"plan\",source=\"reported\"} 1");
    }

    @Test
    void saysInTheEventThatItBreaksThePlanWhateverItSaysItself() throws Exception {
        send("flagged", order("bad", "true", ",\"context\":{\"violations\":[],\"a\":1}"));
        send("flagged", order("good", "1", ""));

        rows.awaitOne("tracks", "flagged:bad");
        rows.awaitOne("tracks", "flagged:good");
        String context = "select context::text from tracks where id = 'flagged:";
        assertThat(JSON.readTree(rows.text(context + "bad'")).at("/violations"))
                .singleElement()
                .asString()
                .contains("properties.total: boolean found, number expected");
        assertThat(String.valueOf(rows.text(context + "good'"))).doesNotContain("violations");
        assertThat(rows.text("select properties::text from tracks where id = 'flagged:bad'"))
                .doesNotContain("secret");
    }

    @Test
    void refusesWhatBreaksThePlanAndKeepsItWithTheReason() throws Exception {
        String type = ",\"type\":\"track\"";
        JsonNode answer = post(
                "/v1/batch?writeKey=refused",
                "{\"batch\":[" + order("no", "null", type) + "," + order("yes", "2", type) + "]}");

        assertThat(answer.at("/rejected/0/messageId").asText()).isEqualTo("no");
        rows.awaitOne("tracks", "refused:yes");
        await().untilAsserted(() -> assertThat(
                        ask("/v1/dead-letters/ingest?messageId=no").body())
                .contains("properties.total: null found, number expected"));
        assertThat(rows.text("select count(*) from tracks where id = 'refused:no'"))
                .isEqualTo("0");
    }

    @Test
    void flagsOrDropsARobotsEvents() throws Exception {
        String robot = ",\"context\":{\"userAgent\":\"" + ROBOT + "\"}";
        String person = ",\"context\":{\"userAgent\":\"Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Firefox/150.0\"}";
        JsonNode dropped = send("refused", order("robot", "1", robot));
        send("refused", order("person", "1", person));
        send("flagged", order("robot", "1", robot));
        send("flagged", order("person", "1", person));

        assertThat(dropped.toString()).isEqualTo("{\"success\":true}");
        rows.awaitOne("tracks", "refused:person");
        rows.awaitOne("tracks", "flagged:robot");
        rows.awaitOne("tracks", "flagged:person");
        assertThat(rows.text("select count(*) from tracks where id = 'refused:robot'"))
                .isEqualTo("0");
        assertThat(rows.text("select string_agg(id, ',') from tracks where context::jsonb ->> 'bot' = 'true'"))
                .isEqualTo("flagged:robot");
        assertThat(ask("/observe/metrics").body()).contains("evefan_source_bot_events_total{source=\"refused\"} 1");
    }

    @Test
    void infersAPlanThatCanBeReadAgain() throws Exception {
        send("reported", "{\"event\":\"Inferred\",\"userId\":\"u\",\"messageId\":\"i\",\"properties\":{\"n\":1}}");
        rows.awaitOne("tracks", "reported:i");

        HttpResponse<String> answer = ask("/v1/plan?since=2026-01-01T00%3A00%3A00Z");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(JSON.readTree(answer.body()).at("/rules").findValuesAsText("key"))
                .contains("Inferred");
        Path first = Files.createDirectories(data.resolve("inferred")).resolve("first.json");
        Files.writeString(first, answer.body());
        List<String> problems = new ArrayList<>();
        TrackingPlan.read(first.getParent(), false, java.time.Clock.systemUTC(), problems);
        assertThat(problems).isEmpty();
        assertThat(ask("/v1/plan?since=yesterday").body()).contains("since must be a time such as");
    }
}
