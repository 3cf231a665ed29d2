package com.evefan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What an operator and a sender do in tests. */
final class Operator {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final JsonMapper JSON = new JsonMapper();

    private final String url;

    /** @param url of ingestion, without a path */
    Operator(String url) {
        this.url = url;
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

    HttpResponse<String> request(String method, String path) throws Exception {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(url + path))
                        .method(method, HttpRequest.BodyPublishers.noBody())
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
        assertThat(RunningEvefan.post(url, "/v1/batch", "{\"batch\":[" + events + "]}")
                        .statusCode())
                .isEqualTo(200);
    }
}
