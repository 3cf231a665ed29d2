package com.evefan.destination.bigquery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A stand-in for BigQuery: the REST API as the official client sees it, over real HTTP. Checks rows against the schema
 * that the tables were created with, and fails on demand.
 */
final class BigQueryServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    static {
        System.setProperty("sun.net.httpserver.nodelay", "true"); // else each answer takes 40 ms longer
    }

    /** One call, as a test may want to see it. */
    record Call(String method, String path, int rows, long bytes) {}

    final Map<String, StoredTable> tables = new ConcurrentHashMap<>();
    final List<String> datasets = new CopyOnWriteArrayList<>();
    final List<Call> calls = new CopyOnWriteArrayList<>();
    final AtomicInteger inserts = new AtomicInteger();
    final AtomicInteger mostParallel = new AtomicInteger();

    /** By the number of the insert, from 0. */
    volatile IntFunction<Fault> faults = number -> Fault.NONE;

    /** How many inserts do not see a table that was just created, or a column that was just added. */
    volatile int unseenInserts;

    volatile boolean skipsInvalidRows = true;
    volatile int maxRequestBytes = 10_000_000;
    /** The last word of the path whose calls with another method than GET are denied. */
    volatile String denied = "nothing";

    /** A view whose query is none in the service's eyes. */
    volatile String refusedView = "";

    /** In one page of a list. */
    volatile int mostListed = 1000;

    volatile boolean projectExists = true;
    volatile boolean refusesEveryRow;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger parallel = new AtomicInteger();

    BigQueryServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/bigquery/v2/projects/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The first {@code faults.length} inserts fail like that, in turn. */
    void fail(Fault... first) {
        int from = inserts.get();
        faults = number -> number - from < first.length ? first[number - from] : Fault.NONE;
    }

    StoredTable table(String name) {
        return tables.get("evefan/" + name);
    }

    /** The query of a view. */
    String view(String name) {
        return table(name).resource.path("view").path("query").asText();
    }

    int rows() {
        return tables.values().stream().mapToInt(table -> table.rows.size()).sum();
    }

    List<Call> calls(String method, String pathEnd) {
        return calls.stream()
                .filter(call -> call.method().equals(method) && call.path().endsWith(pathEnd))
                .toList();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            mostParallel.accumulateAndGet(parallel.incrementAndGet(), Math::max);
            byte[] body = Http.body(exchange);
            String override = exchange.getRequestHeaders().getFirst("X-HTTP-Method-Override");
            String method = override != null ? override : exchange.getRequestMethod();
            String path = exchange.getRequestURI().getPath();
            JsonNode json = body.length == 0 ? JsonNodeFactory.instance.objectNode() : JSON.readTree(body);
            calls.add(new Call(method, path, json.path("rows").size(), body.length));
            String[] parts = path.split("/"); // "", bigquery, v2, projects, p, datasets, d, tables, t, insertAll
            if (!method.equals("GET") && path.endsWith(denied)) {
                Http.error(exchange, 403, "accessDenied", "Access Denied: " + path);
            } else if (!projectExists) {
                Http.error(exchange, 404, "notFound", "Not found: Project " + parts[4]);
            } else if (path.endsWith("/insertAll")) {
                insert(exchange, parts[6] + "/" + parts[8], json, body.length);
            } else {
                metadata(exchange, method, parts, json);
            }
        } finally {
            parallel.decrementAndGet();
        }
    }

    private void metadata(HttpExchange exchange, String method, String[] parts, JsonNode body) throws IOException {
        if (parts.length == 6) {
            String dataset = body.path("datasetReference").path("datasetId").asText();
            create(exchange, !datasets.contains(dataset), () -> datasets.add(dataset), body);
            return;
        }
        if (!datasets.contains(parts[6])) {
            Http.error(exchange, 404, "notFound", "Not found: Dataset " + parts[4] + ":" + parts[6]);
        } else if (parts.length == 8 && method.equals("GET")) {
            list(exchange, parts[6]);
        } else if (parts.length == 8 && body.has("view")) {
            createView(exchange, parts[6], (ObjectNode) body);
        } else if (parts.length == 8) {
            String name =
                    parts[6] + "/" + body.path("tableReference").path("tableId").asText();
            StoredTable table = new StoredTable((ObjectNode) body);
            table.unseenInserts = unseenInserts;
            create(exchange, !tables.containsKey(name), () -> tables.put(name, table), body);
        } else {
            readOrAlter(exchange, method, tables.get(parts[6] + "/" + parts[8]), body);
        }
    }

    /** In pages, as {@code maxResults} and {@code pageToken} want them. */
    private void list(HttpExchange exchange, String dataset) throws IOException {
        Map<String, String> query = new HashMap<>();
        for (String parameter :
                String.valueOf(exchange.getRequestURI().getQuery()).split("&")) {
            String[] pair = parameter.split("=", 2);
            query.put(pair[0], pair.length == 1 ? "" : pair[1]);
        }
        List<String> names = tables.keySet().stream()
                .filter(name -> name.startsWith(dataset + "/"))
                .sorted()
                .toList();
        int from = Integer.parseInt(query.getOrDefault("pageToken", "0"));
        int to = Math.min(
                names.size(), from + Math.min(mostListed, Integer.parseInt(query.getOrDefault("maxResults", "50"))));
        ObjectNode answer = JsonNodeFactory.instance.objectNode().put("kind", "bigquery#tableList");
        ArrayNode listed = answer.putArray("tables");
        for (String name : names.subList(from, to)) {
            ObjectNode resource = tables.get(name).resource;
            ObjectNode entry = listed.addObject()
                    .put("kind", "bigquery#table")
                    .put("type", resource.get("type").asText());
            entry.set("tableReference", resource.get("tableReference"));
            if (resource.has("view")) {
                entry.putObject("view").put("useLegacySql", false);
            }
        }
        if (to < names.size()) {
            answer.put("nextPageToken", String.valueOf(to));
        }
        Http.answer(exchange, 200, answer.put("totalItems", names.size()));
    }

    private void createView(HttpExchange exchange, String dataset, ObjectNode view) throws IOException {
        String name = view.path("tableReference").path("tableId").asText();
        if (isRefused(exchange, name, view)) {
            return;
        }
        StoredTable stored = new StoredTable(view.put("type", "VIEW"));
        create(exchange, tables.putIfAbsent(dataset + "/" + name, stored) == null, () -> {}, view);
    }

    /** What the service says of a view's query: that it is none, or that a table in it is none. */
    private boolean isRefused(HttpExchange exchange, String name, JsonNode view) throws IOException {
        String query = view.path("view").path("query").asText();
        if (query.isBlank() || view.path("view").path("useLegacySql").asBoolean(true) || name.equals(refusedView)) {
            Http.error(exchange, 400, "invalidQuery", "Syntax error: Unexpected keyword at [1:1]");
            return true;
        }
        Matcher table = Pattern.compile("FROM `([^.`]+)\\.([^.`]+)\\.([^.`]+)`").matcher(query);
        while (table.find()) {
            if (!tables.containsKey(table.group(2) + "/" + table.group(3))) {
                Http.error(
                        exchange,
                        404,
                        "notFound",
                        "Not found: Table " + table.group(1) + ":" + table.group(2) + "." + table.group(3)
                                + " was not found in location EU");
                return true;
            }
        }
        return false;
    }

    private void readOrAlter(HttpExchange exchange, String method, StoredTable table, JsonNode body)
            throws IOException {
        if (table == null) {
            Http.error(exchange, 404, "notFound", "Not found: Table");
            return;
        }
        if (method.equals("PATCH") && body.has("view")) {
            String name = table.resource.path("tableReference").path("tableId").asText();
            if (!table.resource.has("view")) {
                Http.error(exchange, 400, "invalid", "Cannot add a view to a table: " + name);
                return;
            }
            if (isRefused(exchange, name, body)) {
                return;
            }
        }
        synchronized (table) {
            if (method.equals("PATCH") && body.has("view")) {
                table.resource.set("view", body.get("view"));
            }
            if (method.equals("PATCH") && body.has("schema")) {
                int before = table.resource.path("schema").path("fields").size();
                table.resource.set("schema", body.get("schema"));
                JsonNode fields = body.path("schema").path("fields");
                for (int i = before; i < fields.size(); i++) {
                    table.unseenColumns.put(fields.get(i).get("name").asText(), unseenInserts);
                }
            }
            Http.answer(exchange, 200, table.resource);
        }
    }

    private void create(HttpExchange exchange, boolean isNew, Runnable create, JsonNode resource) throws IOException {
        if (isNew) {
            create.run();
            Http.answer(exchange, 200, resource);
        } else {
            Http.error(exchange, 409, "duplicate", "Already Exists");
        }
    }

    private void insert(HttpExchange exchange, String name, JsonNode body, int bytes) throws IOException {
        Fault fault = faults.apply(inserts.getAndIncrement());
        StoredTable table = tables.get(name);
        if (fault.status >= 400) {
            Http.error(exchange, fault.status, fault.reason, "switched on: " + fault);
        } else if (fault == Fault.RESET_BEFORE) {
            return;
        } else if (bytes > maxRequestBytes) {
            Http.error(exchange, 413, "", "Request Entity Too Large");
        } else if (isUnseen(table)) {
            Http.error(exchange, 404, "notFound", "Not found: Table " + name);
        } else if (isInvalidAsAWhole(body)) {
            Http.error(exchange, 400, "invalid", "Request contains an invalid argument.");
        } else {
            ObjectNode answer;
            synchronized (table) {
                boolean skip = skipsInvalidRows && body.path("skipInvalidRows").asBoolean();
                answer = table.insert(body.get("rows"), skip, fault == Fault.BACKEND_ROWS);
            }
            answerOrBreak(exchange, fault, answer);
        }
    }

    private static boolean isUnseen(StoredTable table) {
        if (table == null) {
            return true;
        }
        synchronized (table) {
            return table.unseenInserts-- > 0;
        }
    }

    private boolean isInvalidAsAWhole(JsonNode body) {
        if (refusesEveryRow) {
            return true;
        }
        for (JsonNode row : body.get("rows")) {
            String insertId = row.path("insertId").asText();
            if (insertId.isEmpty() || insertId.length() > 128 || insertId.startsWith("poison")) {
                return true;
            }
        }
        return false;
    }

    private static void answerOrBreak(HttpExchange exchange, Fault fault, ObjectNode answer) throws IOException {
        if (fault == Fault.RESET_AFTER) {
            exchange.sendResponseHeaders(200, 10_000);
            exchange.getResponseBody().write("{\"kind\":".getBytes());
            exchange.getResponseBody().flush();
            return;
        }
        if (fault == Fault.SLOW) {
            try {
                TimeUnit.MILLISECONDS.sleep(1500); // longer than the client of the tests waits
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        Http.answer(exchange, 200, answer);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
