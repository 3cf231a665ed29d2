package com.evefan.examples;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Predicate;

/** An HTTP server that keeps what it is sent. */
final class ReceivingServer implements AutoCloseable {
    record Request(String method, String path, Headers headers, byte[] body) {
        String text() {
            return new String(body, java.nio.charset.StandardCharsets.UTF_8);
        }
    }

    record Answer(int status, String body) {
        static final Answer OK = new Answer(200, "{}");
    }

    private static final JsonMapper JSON = new JsonMapper();

    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final HttpServer server;
    private volatile Function<Request, Answer> answers = request -> Answer.OK;

    ReceivingServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", this::handle);
        server.start();
    }

    private void handle(HttpExchange exchange) throws IOException {
        Request request = new Request(
                exchange.getRequestMethod(),
                exchange.getRequestURI().toString(),
                exchange.getRequestHeaders(),
                exchange.getRequestBody().readAllBytes());
        Answer answer = answers.apply(request);
        if (answer.status() < 300) {
            requests.add(request);
        }
        byte[] body = answer.body().getBytes();
        exchange.getResponseHeaders().set("ETag", "\"0\"");
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    /** From now on: how requests are answered; only those answered with 2xx are kept. */
    void answer(Function<Request, Answer> next) {
        answers = next;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    List<Request> requests() {
        return requests;
    }

    /** The elements of all bodies, which are JSON arrays or objects, in the order of their arrival. */
    List<JsonNode> events() throws IOException {
        return events(request -> true);
    }

    private List<JsonNode> events(Predicate<Request> wanted) throws IOException {
        List<JsonNode> events = new ArrayList<>();
        for (Request request : requests.stream().filter(wanted).toList()) {
            JsonNode json = JSON.readTree(request.body());
            if (json.isArray()) {
                json.forEach(events::add);
            } else {
                events.add(json);
            }
        }
        return events;
    }

    /** The message ids among {@link #events}. */
    List<String> ids() throws IOException {
        return events().stream().map(event -> event.path("messageId").asText()).toList();
    }

    /** The same of the requests for {@code path} only. */
    List<String> idsAt(String path) throws IOException {
        return events(request -> request.path().equals(path)).stream()
                .map(event -> event.path("messageId").asText())
                .toList();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
