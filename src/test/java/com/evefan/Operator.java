package com.evefan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What an operator and a sender do in tests. */
final class Operator {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final JsonMapper JSON = new JsonMapper();

    private final String ingestion;
    private final String management;
    private final Path data;

    Operator(RunningEvefan evefan) {
        this(evefan.url(), evefan.managementUrl(), evefan.configuration().dataDirectory());
    }

    /** @param properties of an Evefan that has made its token when it is first asked */
    Operator(Properties properties) {
        this(
                "http://127.0.0.1:" + properties.getProperty("evefan.http.port"),
                "http://127.0.0.1:" + properties.getProperty("camel.management.port"),
                Path.of(properties.getProperty("evefan.data.directory")));
    }

    private Operator(String ingestion, String management, Path data) {
        this.ingestion = ingestion;
        this.management = management;
        this.data = data;
    }

    /** One destination in the health report; the equation has to hold at every look. */
    JsonNode health(String destination) throws Exception {
        JsonNode own = JSON.readTree(request("GET", "/v1/health").body())
                .path("destinations")
                .path(destination);
        long sum = 0;
        for (String account : new String[] {"delivered", "pending", "dead", "rejected", "leftOut", "lost"}) {
            sum += own.path(account).asLong();
        }
        assertThat(own.path("accepted").asLong()).as(own.toString()).isEqualTo(sum);
        return own;
    }

    long count(String destination, String account) throws Exception {
        return health(destination).path(account).asLong();
    }

    /** Asks the management port, with the admin's token. */
    HttpResponse<String> request(String method, String path) throws Exception {
        String token = Files.readString(data.resolve("admin.token")).strip();
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(management + path))
                        .header("Authorization", "Bearer " + token)
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** Posts JSON to the management port; the answer. */
    HttpResponse<String> post(String path, String body) throws Exception {
        return post(path, body, "application/json");
    }

    /** The same as {@code curl -d} does it. */
    HttpResponse<String> postForm(String path, String body) throws Exception {
        return post(path, body, "application/x-www-form-urlencoded");
    }

    private HttpResponse<String> post(String path, String body, String type) throws Exception {
        String token = Files.readString(data.resolve("admin.token")).strip();
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(management + path))
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", type)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    JsonNode json(String method, String path) throws Exception {
        return JSON.readTree(request(method, path).body());
    }

    /** Sends events with the ids {@code prefix<from>} up to {@code prefix<to - 1>} in one request. */
    void send(String prefix, int from, int to) throws Exception {
        String events = IntStream.range(from, to)
                .mapToObj(i -> "{\"type\":\"track\",\"userId\":\"u\",\"event\":\"" + prefix + "\",\"messageId\":\""
                        + prefix + i + "\"}")
                .collect(Collectors.joining(","));
        assertThat(RunningEvefan.post(ingestion, "/v1/batch", "{\"batch\":[" + events + "]}")
                        .statusCode())
                .isEqualTo(200);
    }
}
