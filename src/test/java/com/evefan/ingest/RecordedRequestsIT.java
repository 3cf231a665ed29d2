package com.evefan.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.evefan.Rows;
import com.evefan.RunningEvefan;
import com.evefan.destination.postgres.RecordedRows;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests of SDKs and of the original's record, byte for byte over a connection. */
class RecordedRequestsIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path SHARED = Path.of("../shared");
    private static final Path OWN = Path.of("src/test/resources/com/evefan/ingest/sdk");

    @TempDir
    static Path data;

    private static RunningEvefan evefan;

    @BeforeAll
    static void start() throws Exception {
        evefan = RunningEvefan.start(
                data,
                Map.of(
                        "evefan.source.sdk.write-key", "wk_test_123",
                        "evefan.source.dev.plain-ids", "false",
                        "evefan.source.alpha.write-key", "wk_oracle_alpha",
                        "evefan.source.alpha.plain-ids", "true",
                        "evefan.source.beta.write-key", "wk_oracle_beta",
                        "evefan.postgres.extra-fields", "true"));
    }

    @AfterAll
    static void stop() {
        evefan.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "analytics-java",
                "analytics-next",
                "analytics-next-batching",
                "analytics-node",
                "python-segment",
                "python-rudderstack",
                "python-customerio",
                "go-segment"
            })
    void answersEveryRequestOfAnUnmodifiedSdkAndStoresItsEvents(String sdk) throws Exception {
        // Given
        Path own = OWN.resolve(sdk + ".jsonl");
        Path record = Files.isRegularFile(own)
                ? own
                : SHARED.resolve("fixtures/clients").resolve(sdk + ".jsonl");
        assumeThat(record).isRegularFile();
        Map<String, Boolean> wanted = new HashMap<>();

        try (RawHttp connection = connect()) {
            for (String line : Files.readAllLines(record)) {
                // When
                JsonNode request = JSON.readTree(line);
                RawHttp.Response response = connection.send(bytes(request)).read();

                // Then
                assertThat(response.status())
                        .as(request.get("n") + " " + response.body())
                        .isBetween(200, 204);
                if (request.at("/headers/origin").isTextual()) {
                    assertThat(response.header("Access-Control-Allow-Origin"))
                            .isEqualTo(request.at("/headers/origin").asText());
                }
                switch (request.get("method").asText()) {
                    case "OPTIONS" -> assertAllows(request, response);
                    case "POST" -> assertStored(response);
                    default -> assertThat(JSON.readTree(response.body())).isNotNull();
                }
                if (request.get("method").asText().equals("POST")) {
                    JsonNode body = body(request);
                    for (JsonNode event : body.has("batch") ? body.get("batch") : List.of(body)) {
                        boolean everywhere = event.at("/integrations/All").asBoolean(true);
                        wanted.put(event.get("messageId").asText(), everywhere);
                    }
                }
            }
        }
        assertThat(wanted).containsValue(true);
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            Set<String> stored = stored();
            assertThat(wanted)
                    .allSatisfy((id, everywhere) ->
                            assertThat(stored.contains("sdk:" + id)).as(id).isEqualTo(everywhere));
        });
    }

    /** The record is older than any clock is wrong: that may be said, and nothing else. */
    private static void assertStored(RawHttp.Response response) throws Exception {
        JsonNode answer = JSON.readTree(response.body());
        assertThat(answer.get("success").asBoolean()).isTrue();
        assertThat(answer.path("warnings").findValuesAsText("warning"))
                .allSatisfy(warning -> assertThat(warning).startsWith("sentAt is too far from the time of arrival"));
    }

    private static void assertAllows(JsonNode preflight, RawHttp.Response response) {
        String asked = preflight.at("/headers/access-control-request-headers").asText();
        assertThat(response.header("Access-Control-Allow-Headers").split(", ")).contains(asked.split(","));
        assertThat(response.header("Access-Control-Allow-Methods"))
                .contains(preflight.at("/headers/access-control-request-method").asText());
    }

    private static Set<String> stored() throws Exception {
        String all = Stream.of("tracks", "identifies", "pages", "screens", "groups", "aliases")
                .map(table -> "SELECT id FROM " + table)
                .collect(Collectors.joining(" UNION ALL "));
        return Set.of(new Rows(evefan)
                .text("SELECT string_agg(id, chr(10)) FROM (" + all + ") e")
                .split("\n"));
    }

    @Test
    void answersAndStoresTheOriginalsRequestsAsItDidButForTheRules() throws Exception {
        // Given
        Path record = SHARED.resolve("oracle/public");
        assumeThat(record).isDirectory();
        List<String> requests = Files.readAllLines(record.resolve("requests.jsonl"));
        List<String> expected = Files.readAllLines(record.resolve("expected.jsonl"));

        // When
        Map<String, String> differences = new TreeMap<>();
        for (int i = 0; i < requests.size(); i++) {
            JsonNode request = JSON.readTree(requests.get(i));
            int theirs = JSON.readTree(expected.get(i)).get("status").asInt();
            int ours = status(request);
            if (ours != theirs) {
                differences.put(request.get("id").asText(), theirs + " is now " + ours);
            }
        }
        String last = "the-last";
        evefan.post("/v1/page", "{\"userId\":\"u\",\"messageId\":\"" + last + "\"}");
        Rows database = new Rows(evefan);
        database.awaitOne("pages", "dev:" + last);
        RecordedRows rows = new RecordedRows(database::text);
        for (int i = 0; i < requests.size(); i++) {
            rows.compare(
                    JSON.readTree(requests.get(i)),
                    JSON.readTree(expected.get(i)).path("postgres"));
        }

        // Then
        assertThat(requests).hasSizeGreaterThan(400);
        assertThat(RecordedDifferences.unexplained(differences)).isEmpty();
        assertThat(differences.keySet()).containsAll(RecordedDifferences.ids());
        assertThat(rows.unexplained()).isEmpty();
        assertThat(rows.compared()).isGreaterThan(250);
    }

    private static int status(JsonNode request) throws Exception {
        try (RawHttp connection = connect()) {
            RawHttp.Response response = connection.send(bytes(request)).read();
            if (response.status() >= 400 && !request.get("method").asText().equals("HEAD")) {
                assertThat(JSON.readTree(response.body()).path("error").asText())
                        .as(request.get("id").asText())
                        .isNotBlank();
            }
            return response.status();
        }
    }

    private static RawHttp connect() throws Exception {
        return new RawHttp(evefan.configuration().http().port());
    }

    /** The request as it was on the wire; what the record leaves out of a head is added. */
    private static JsonNode body(JsonNode request) throws Exception {
        return request.has("body_b64")
                ? JSON.readTree(new GZIPInputStream(
                        new ByteArrayInputStream(request.get("body_b64").binaryValue())))
                : JSON.readTree(request.get("body").asText());
    }

    private static byte[] bytes(JsonNode request) throws Exception {
        byte[] body = request.has("body_b64")
                ? request.get("body_b64").binaryValue()
                : request.path("body").asText("").getBytes(UTF_8);
        String query = request.path("query").asText("");
        String path = request.get("path").asText() + (query.isEmpty() || query.startsWith("?") ? query : "?" + query);
        Map<String, String> headers = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> header : request.path("headers").properties()) {
            headers.put(
                    header.getKey().toLowerCase(Locale.ROOT), header.getValue().asText());
        }
        headers.putIfAbsent("host", "evefan");
        if (request.get("method").asText().equals("POST")) {
            headers.putIfAbsent("content-length", String.valueOf(body.length));
        }
        StringBuilder head = new StringBuilder(request.get("method").asText() + " " + path + " HTTP/1.1\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(head.append("\r\n").toString().getBytes(UTF_8));
        bytes.write(body);
        return bytes.toByteArray();
    }
}
