package com.evefan.examples;

import com.evefan.RunningEvefan;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** An Evefan whose only destinations are those copied into a directory of its own. */
final class ExampleEvefan implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final JsonMapper JSON = new JsonMapper();
    private static final Path EXAMPLES = Path.of("routes", "examples");

    private final RunningEvefan evefan;
    private final Path destinations;

    private ExampleEvefan(RunningEvefan evefan, Path destinations) {
        this.evefan = evefan;
        this.destinations = destinations;
    }

    /** @param directory for everything that it writes, and its destinations */
    static ExampleEvefan start(Path directory, Map<String, String> properties, String... examples) throws Exception {
        Path destinations = Files.createDirectories(directory.resolve("destinations"));
        for (String example : examples) {
            String yaml = Files.readString(EXAMPLES.resolve(example + ".camel.yaml"));
            // The test does not wait as long as a file or an e-mail may.
            String brisk = yaml.replace("completionInterval: \"60000\"", "completionInterval: \"1000\"");
            Files.writeString(destinations.resolve(example + ".camel.yaml"), brisk);
        }
        Map<String, String> all = new HashMap<>();
        all.put(
                "camel.main.routes-include-pattern",
                RunningEvefan.SHELL_ROUTES + ",file:" + destinations + "/*.camel.yaml");
        all.put("evefan.retry.delay-ms", "200");
        all.put("evefan.retry.max-delay-ms", "500");
        all.put("evefan.redelivery.max-attempts", "0");
        // Nothing of these runs writes to PostgreSQL unless it says so.
        all.put("evefan.postgres.url", "jdbc:postgresql://127.0.0.1:1/none");
        all.putAll(properties);
        // Placeholders of a user's own are looked up among the system properties too.
        properties.forEach((key, value) -> {
            if (!key.startsWith("evefan.") && !key.startsWith("camel.")) {
                System.setProperty(key, value);
            }
        });
        return new ExampleEvefan(RunningEvefan.start(directory.resolve("data"), all), destinations);
    }

    /** Sends a track event and expects it to be taken. */
    void track(String messageId, String event, String members) throws IOException, InterruptedException {
        String body = "{\"messageId\":\"%s\",\"event\":\"%s\",\"userId\":\"ada\"%s}"
                .formatted(messageId, event, members.isEmpty() ? "" : "," + members);
        int status = evefan.post("/v1/track", body).statusCode();
        if (status != 200) {
            throw new IOException("answered " + status);
        }
    }

    /** Sends {@code body}, which has a write key of its own. */
    void send(String body) throws IOException, InterruptedException {
        send("/v1/track", body);
    }

    /** The same with many events. */
    void batch(String body) throws IOException, InterruptedException {
        send("/v1/batch", body);
    }

    private void send(String path, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(evefan.url() + path))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        int status = HTTP.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
        if (status != 200) {
            throw new IOException("answered " + status);
        }
    }

    /** What {@code /v1/health} says. */
    JsonNode health() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(evefan.managementUrl() + "/v1/health"))
                .header("Authorization", "Bearer " + evefan.adminToken())
                .build();
        return JSON.readTree(
                HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }

    /** And of one destination. */
    JsonNode health(String destination) throws IOException, InterruptedException {
        return health().path("destinations").path(destination);
    }

    /** The file of a destination, there or not. */
    Path file(String name) {
        return destinations.resolve(name + ".camel.yaml");
    }

    /** Takes an example into the running Evefan, with {@code from} replaced by {@code to}. */
    void write(String example, String from, String to) throws IOException {
        String text = Files.readString(EXAMPLES.resolve(example + ".camel.yaml"));
        Path whole = destinations.resolve(example + ".part");
        Files.writeString(whole, text.replace(from, to));
        Files.move(whole, file(example), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void close() {
        evefan.close();
    }
}
