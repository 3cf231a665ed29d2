package com.evefan.bench;

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
import java.util.concurrent.atomic.AtomicInteger;

/** Evefan under load, with its embedded PostgreSQL and its journal on disk, and perhaps more destinations. */
final class Evefan implements AutoCloseable {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final AtomicInteger MARKS = new AtomicInteger();

    private final Server server;
    private final Database database;
    private final int managementPort;
    private final String token;

    private Evefan(Server server, Database database, int managementPort, String token) {
        this.server = server;
        this.database = database;
        this.managementPort = managementPort;
        this.token = token;
    }

    /**
     * @param destinations beside PostgreSQL: those that only count are called {@code count…}, one that nobody answers
     *     {@code dead}
     */
    static Evefan start(Path work, String name, String javaOptions, String... destinations) throws Exception {
        return start(work, name, javaOptions, Map.of(), destinations);
    }

    /** @param more properties besides */
    static Evefan start(
            Path work, String name, String javaOptions, Map<String, String> more, String... destinations)
            throws Exception {
        Path routes = Files.createDirectories(work.resolve(name + "-routes"));
        for (String destination : destinations) {
            Files.writeString(routes.resolve(destination + ".camel.yaml"), Destinations.yaml(destination));
        }
        int port = Ports.free();
        int postgres = Ports.free();
        int management = Ports.free();
        Map<String, String> properties = new HashMap<>();
        Path data = work.resolve(name + "-data");
        properties.put("evefan.data.directory", data.toString());
        properties.put("evefan.http.port", String.valueOf(port));
        properties.put("camel.management.port", String.valueOf(management));
        properties.put("evefan.postgres.embedded.port", String.valueOf(postgres));
        properties.put(
                "camel.main.routes-include-pattern",
                "file:routes/ingest/*.camel.yaml,file:routes/pipeline/*.camel.yaml,file:routes/operate/*.camel.yaml,file:routes/destinations/*.camel.yaml,file:" + routes + "/*.camel.yaml");
        properties.putAll(more);
        Server server = Server.start(
                work,
                name,
                port,
                javaOptions,
                properties,
                System.getProperty("bench.classpath"),
                "com.evefan.Main",
                "Evefan is running");
        String password = Files.readString(data.resolve("postgres.password")).strip();
        String token = Files.readString(data.resolve("admin.token")).strip();
        Evefan evefan = new Evefan(server, new Database(postgres, password), management, token);
        evefan.database.await(evefan.mark(), 30); // which makes the tables
        return evefan;
    }

    Server server() {
        return server;
    }

    Database database() {
        return database;
    }

    /** Sends one event behind all others; its id, once it is accepted. */
    String mark() throws IOException, InterruptedException {
        String id = "mark-" + MARKS.incrementAndGet() + "-" + System.nanoTime();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/v1/track"))
                .header("Authorization", "Basic d2tfZGV2Og==")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"userId\":\"mark\",\"event\":\"Mark\",\"messageId\":\"" + id + "\"}"))
                .build();
        HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        while (response.statusCode() == 503) {
            Thread.sleep(50);
            response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        }
        if (response.statusCode() != 200) {
            throw new IllegalStateException(response.statusCode() + " " + response.body());
        }
        return id;
    }

    /** Asks the management port; the answer to what went well. */
    JsonNode manage(String method, String path, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + managementPort + path))
                .header("Authorization", "Bearer " + token)
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IllegalStateException(response.statusCode() + " " + response.body());
        }
        return new JsonMapper().readTree(response.body());
    }

    @Override
    public void close() throws Exception {
        database.close();
        server.close();
    }
}
