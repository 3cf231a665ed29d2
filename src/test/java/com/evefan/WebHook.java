package com.evefan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A destination over HTTP that answers as a test wants, and remembers what it took. */
final class WebHook implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpServer server;
    private final String name;
    private final List<String> taken = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger requests = new AtomicInteger();
    private volatile Answer answer = events -> 200;
    private volatile byte[] words = {};

    private WebHook(String name, HttpServer server) {
        this.name = name;
        this.server = server;
    }

    /** The status to answer; 0 closes the connection without an answer. */
    @FunctionalInterface
    interface Answer {
        int to(List<JsonNode> events) throws Exception;
    }

    static WebHook start(String name) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        WebHook hook = new WebHook(name, server);
        System.setProperty(name + ".batch.max-events", "64");
        System.setProperty(name + ".batch.max-bytes", "1000000");
        System.setProperty(name + ".batch.max-age-ms", "100");
        server.createContext("/", hook::handle);
        server.start();
        return hook;
    }

    /** Writes its route file into {@code directory}. */
    void routeTo(Path directory) throws IOException {
        try (InputStream template = WebHook.class.getResourceAsStream("webhook.camel.yaml")) {
            String yaml = new String(template.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("NAME", name)
                    .replace("URL", url());
            Files.writeString(directory.resolve(name + ".camel.yaml"), yaml);
        }
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/" + name;
    }

    void answer(Answer next) {
        answer = next;
    }

    /** What it says from now on when it does not take what it is sent. */
    void says(String text) {
        words = text.getBytes(StandardCharsets.UTF_8);
    }

    /** The ids of the events that it has taken so far, in order. */
    List<String> taken() {
        synchronized (taken) {
            return List.copyOf(taken);
        }
    }

    int requests() {
        return requests.get();
    }

    private void handle(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        List<JsonNode> events = new ArrayList<>();
        for (String line : new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
            events.add(JSON.readTree(line));
        }
        try {
            int status = answer.to(events);
            if (status == 200) {
                events.forEach(event -> taken.add(event.path("messageId").asText()));
            }
            if (status == 429) {
                exchange.getResponseHeaders().set("Retry-After", "3");
            }
            if (status >= 300 && words.length > 0) {
                exchange.sendResponseHeaders(status, words.length);
                exchange.getResponseBody().write(words);
            } else if (status != 0) {
                exchange.sendResponseHeaders(status, -1);
            }
        } catch (Exception e) {
            exchange.sendResponseHeaders(500, -1);
        } finally {
            exchange.close();
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
