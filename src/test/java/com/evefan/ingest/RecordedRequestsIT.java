package com.evefan.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.evefan.Rows;
import com.evefan.RunningEvefan;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests of SDKs and of the original's record, byte for byte over a connection. */
class RecordedRequestsIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path SHARED = Path.of("../shared");

    @TempDir
    static Path data;

    private static RunningEvefan evefan;

    @BeforeAll
    static void start() throws Exception {
        evefan = RunningEvefan.start(
                data,
                Map.of(
                        "evefan.source.sdk.write-key", "wk_test_123",
                        "evefan.source.alpha.write-key", "wk_oracle_alpha",
                        "evefan.source.beta.write-key", "wk_oracle_beta"));
    }

    @AfterAll
    static void stop() {
        evefan.close();
    }

    @Test
    void answersEveryRequestOfUnmodifiedSdks() throws Exception {
        // Given
        Path clients = SHARED.resolve("fixtures/clients");
        assumeThat(clients).isDirectory();
        Rows rows = new Rows(evefan);
        String lastId = null;
        int answered = 0;

        for (String client : List.of("analytics-java", "analytics-next", "analytics-next-batching", "analytics-node")) {
            try (RawHttp connection = connect()) {
                for (String line : Files.readAllLines(clients.resolve(client + ".jsonl"))) {
                    // When
                    JsonNode request = JSON.readTree(line);
                    RawHttp.Response response = connection.send(bytes(request)).read();

                    // Then
                    assertThat(response.status())
                            .as(client + " " + request.get("n") + " " + response.body())
                            .isBetween(200, 204);
                    answered++;
                    if (request.at("/headers/origin").isTextual()) {
                        assertThat(response.header("Access-Control-Allow-Origin"))
                                .isEqualTo(request.at("/headers/origin").asText());
                    }
                    if (request.get("method").asText().equals("OPTIONS")) {
                        assertThat(response.header("Access-Control-Allow-Headers")
                                        .split(", "))
                                .contains(request.at("/headers/access-control-request-headers")
                                        .asText()
                                        .split(","));
                    } else if (request.get("method").asText().equals("POST")) {
                        assertThat(response.body()).isEqualTo("{\"success\":true}");
                    }
                }
            }
        }
        assertThat(answered).isGreaterThan(100);
    }

    @Test
    void answersTheOriginalsRequestsWithTheirStatusButForTheRules() throws Exception {
        // Given
        Path record = SHARED.resolve("oracle/public");
        assumeThat(record).isDirectory();
        List<String> requests = Files.readAllLines(record.resolve("requests.jsonl"));
        List<String> expected = Files.readAllLines(record.resolve("expected.jsonl"));

        // When
        Map<String, String> differences = new TreeMap<>();
        for (int i = 0; i < requests.size(); i++) {
            JsonNode request = JSON.readTree(requests.get(i));
            JsonNode theirs = JSON.readTree(expected.get(i));
            int status;
            try (RawHttp connection = connect()) {
                RawHttp.Response response = connection.send(bytes(request)).read();
                status = response.status();
                if (status >= 400 && !request.get("method").asText().equals("HEAD")) {
                    assertThat(JSON.readTree(response.body()).path("error").asText())
                            .as(request.get("id").asText())
                            .isNotBlank();
                }
            }
            if (status != theirs.get("status").asInt()) {
                differences.put(request.get("id").asText(), theirs.get("status").asInt() + " is now " + status);
            }
        }

        // Then
        assertThat(requests).hasSizeGreaterThan(400);
        assertThat(RecordedDifferences.unexplained(differences)).isEmpty();
        assertThat(differences.keySet()).containsAll(RecordedDifferences.ids());
    }

    private static RawHttp connect() throws Exception {
        return new RawHttp(evefan.configuration().http().port());
    }

    /** The request as it was on the wire, but for the host. */
    private static byte[] bytes(JsonNode request) throws Exception {
        byte[] body = request.has("body_b64")
                ? request.get("body_b64").binaryValue()
                : isBase64(request)
                        ? java.util.Base64.getDecoder()
                                .decode(request.get("body").asText())
                        : request.path("body").asText("").getBytes(UTF_8);
        String query = request.path("query").asText("");
        String path = request.get("path").asText() + (query.isEmpty() || query.startsWith("?") ? query : "?" + query);
        List<String> head = new ArrayList<>();
        head.add(request.get("method").asText() + " " + path + " HTTP/1.1");
        boolean hasHost = false;
        for (Map.Entry<String, JsonNode> header : request.path("headers").properties()) {
            hasHost |= header.getKey().equalsIgnoreCase("host");
            if (!header.getKey().equalsIgnoreCase("content-length")
                    && !header.getKey().equalsIgnoreCase("transfer-encoding")) {
                head.add(header.getKey() + ": " + header.getValue().asText());
            }
        }
        if (!hasHost) {
            head.add("host: evefan");
        }
        if (body.length > 0 || request.get("method").asText().equals("POST")) {
            head.add("content-length: " + body.length);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write((String.join("\r\n", head) + "\r\n\r\n").getBytes(UTF_8));
        bytes.write(body);
        return bytes.toByteArray();
    }

    /** A recorded body that is no text stands there in base64. */
    private static boolean isBase64(JsonNode request) {
        return request.at("/headers/content-encoding").asText().equals("gzip")
                && request.path("body").asText().startsWith("H4sI");
    }
}
