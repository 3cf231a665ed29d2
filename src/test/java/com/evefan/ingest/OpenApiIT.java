package com.evefan.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.RunningEvefan;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the document says is what Evefan does. */
class OpenApiIT {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path data;

    @TempDir
    Path sdk;

    @Test
    void doesWhatItsExamplesSay() throws Exception {
        for (String file : List.of("standalone.js", "part.bundle.js")) {
            Files.writeString(sdk.resolve(file), "");
        }
        Map<String, String> settings = Map.of("evefan.http.sdk-directory", sdk.toString());
        try (RunningEvefan evefan = RunningEvefan.start(data, settings)) {
            // Given
            String text = send(HttpRequest.newBuilder(URI.create(evefan.url() + "/openapi.json")))
                    .body();
            SwaggerParseResult parsed = new OpenAPIV3Parser().readContents(text);
            assertThat(parsed.getMessages()).isEmpty();
            JsonNode document = JSON.readTree(text);

            int examples = 0;
            for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
                for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
                    // When
                    HttpResponse<String> response =
                            send(request(evefan.url(), path.getKey(), operation.getKey(), operation.getValue()));

                    // Then
                    if (operation.getValue().at("/requestBody/content").has("application/x-www-form-urlencoded")) {
                        // Nobody can show an example: it has to be signed now.
                        assertThat(operation.getValue().at("/responses").has(String.valueOf(response.statusCode())))
                                .as(path + " " + response.body())
                                .isTrue();
                        continue;
                    }
                    JsonNode promised = operation.getValue().at("/responses/200/content");
                    assertThat(response.statusCode())
                            .as(path + " " + response.body())
                            .isEqualTo(200);
                    String type = response.headers().firstValue("Content-Type").orElse("");
                    assertThat(promised.fieldNames().next()).isEqualTo(type.replaceFirst(";.*", ""));
                    if (type.startsWith("application/json")
                            && promised.at("/application~1json").has("example")) {
                        assertThat(JSON.readTree(response.body())).isEqualTo(promised.at("/application~1json/example"));
                    }
                    examples++;
                }
            }
            assertThat(examples).isGreaterThan(20);
        }
    }

    private static HttpRequest.Builder request(String url, String path, String method, JsonNode operation) {
        String filled = path;
        StringBuilder query = new StringBuilder();
        for (JsonNode parameter : operation.path("parameters")) {
            String name = parameter.get("name").asText();
            String value = parameter.get("example").asText();
            if (parameter.get("in").asText().equals("path")) {
                filled = filled.replace("{" + name + "}", value);
            } else if (parameter.get("in").asText().equals("query")) {
                query.append(query.isEmpty() ? '?' : '&')
                        .append(name)
                        .append('=')
                        .append(value);
            }
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + filled + query));
        for (JsonNode parameter : operation.path("parameters")) {
            if (parameter.get("in").asText().equals("header")) {
                request.header(
                        parameter.get("name").asText(), parameter.get("example").asText());
            }
        }
        if (method.equals("post")) {
            JsonNode body = operation.at("/requestBody/content/application~1json/example");
            request.POST(HttpRequest.BodyPublishers.ofString(body.toString()));
            if (query.isEmpty() && !operation.has("security")) {
                request.header("Authorization", "Basic d2tfZGV2Og==");
            }
        }
        return request;
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
