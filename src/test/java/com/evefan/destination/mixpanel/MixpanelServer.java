package com.evefan.destination.mixpanel;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for Mixpanel over real HTTP: validates and answers as its documentation says, de-duplicates events as it
 * does, and can be told to misbehave.
 */
final class MixpanelServer implements AutoCloseable {
    /** What goes wrong with the next request. */
    enum Fault {
        UNAUTHORIZED,
        FORBIDDEN,
        NOT_FOUND,
        TOO_LARGE,
        RATE_LIMITED,
        RATE_LIMITED_BY_PROXY,
        ERROR,
        UNAVAILABLE,
        BAD_REQUEST_WITHOUT_RECORDS,
        STATUS_ZERO,
        HANG,
        RESET,
        TAKE_AND_RESET,
        GARBAGE,
        EMPTY,
        SHORT_COUNT,
        WITHOUT_CODE,
        INDEX_OUT_OF_RANGE,
        REDIRECT
    }

    /** A request as it came in. */
    record Seen(String path, String query, String authorization, String encoding, JsonNode items, String body) {}

    static {
        System.setProperty("sun.net.httpserver.nodelay", "true"); // else 40 ms an answer
    }

    private static final int MAX_ITEMS = 2_000;

    final List<Seen> seen = java.util.Collections.synchronizedList(new ArrayList<>());
    final MixpanelStore store = new MixpanelStore();
    private final Map<String, Deque<Fault>> faults = new ConcurrentHashMap<>();
    private volatile Supplier<@Nullable Fault> unasked = () -> null;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    private final String token;
    volatile int maxBytes = 2_097_152;
    /** The answers of the other kind: {@code $insert_id} in failed records, a bare 1 or 0 for profiles. */
    volatile boolean otherShape;

    MixpanelServer(String token) throws IOException {
        this.token = token;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The next requests to {@code path} go wrong in these ways, in this order. */
    void fail(String path, Fault... next) {
        faults.computeIfAbsent(path, p -> new ArrayDeque<>()).addAll(List.of(next));
    }

    /** Every request may go wrong, as {@code unasked} says; null: it does not. */
    void fail(Supplier<@Nullable Fault> unasked) {
        this.unasked = unasked;
    }

    List<Seen> seen(String path) {
        return seen.stream().filter(request -> request.path().equals(path)).toList();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            Seen request = read(exchange, path);
            Fault fault = next(request);
            seen.add(request);
            if (fault == Fault.HANG) {
                await();
            } else if (fault == Fault.TAKE_AND_RESET) {
                MixpanelReplies.answer(store, request, token, otherShape);
            } else if (fault != Fault.RESET) {
                send(exchange, fault == null ? regular(request) : MixpanelReplies.fault(fault, request));
            }
        }
    }

    private synchronized @Nullable Fault next(Seen request) {
        Deque<Fault> next = faults.get(request.path());
        if (next != null && !next.isEmpty()) {
            return next.remove();
        }
        Fault fault = unasked.get();
        // One element that is too large is no passing fault: it is refused for good.
        return fault == Fault.TOO_LARGE && request.items().size() == 1 ? null : fault;
    }

    private MixpanelReplies.Reply regular(Seen request) {
        if (request.body().length() > maxBytes || request.items().size() > MAX_ITEMS) {
            return MixpanelReplies.fault(Fault.TOO_LARGE, request);
        }
        return MixpanelReplies.answer(store, request, token, otherShape);
    }

    private static Seen read(HttpExchange exchange, String path) throws IOException {
        String encoding = String.valueOf(exchange.getRequestHeaders().getFirst("Content-Encoding"));
        byte[] bytes = exchange.getRequestBody().readAllBytes();
        if ("gzip".equals(encoding)) {
            try (InputStream plain = new GZIPInputStream(new java.io.ByteArrayInputStream(bytes))) {
                bytes = plain.readAllBytes();
            }
        }
        String body = new String(bytes, StandardCharsets.UTF_8);
        return new Seen(
                path,
                String.valueOf(exchange.getRequestURI().getQuery()),
                String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")),
                encoding,
                MixpanelEvents.JSON.readTree(body),
                body);
    }

    private static void send(HttpExchange exchange, MixpanelReplies.Reply reply) throws IOException {
        byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
        reply.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    private void await() {
        try {
            closed.await(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static String basic(String credentials) {
        return "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
