package com.evefan.console;

import com.evefan.management.Hidden;
import com.evefan.management.ManagementRoutes;
import com.evefan.management.Sessions;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells those who look what changes, as server-sent events: one stream for a page. Once a second on a thread of its own, and
 * while nobody looks it only counts minutes and the catalogue. Bounded in number; who does not take what is sent is cut off,
 * and so is who has signed out.
 */
public final class Streams implements AutoCloseable {
    /** Where it is asked for. */
    public static final String PATH = "/v1/console/stream";

    static final int MOST = 16;
    private static final Logger LOG = LoggerFactory.getLogger(Streams.class);
    private static final int STATE_CHARACTERS = 4_000;
    private static final int ROWS = 40;
    private static final int ROWS_AT_FIRST = 200;
    private static final int SLOW_SECONDS = 10;
    private static final int LONGEST_FILTER = 300;

    private final Console console;
    private final Traffic traffic;
    private final Catalogue catalogue;
    private final Sessions sessions;
    private final Supplier<ArrayNode> replays;
    private final Supplier<ObjectNode> letterReplays;
    private final Runnable eachMinute;
    private final List<Stream> open = new ArrayList<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "evefan-console");
        made.setDaemon(true);
        return made;
    });
    private boolean fails;

    /**
     * @param replays those from the journal, as health tells them
     * @param letterReplays those of dead letters, by destination
     * @param eachMinute what else is to be done then
     */
    public Streams(
            Console console,
            Traffic traffic,
            Catalogue catalogue,
            Sessions sessions,
            Supplier<ArrayNode> replays,
            Supplier<ObjectNode> letterReplays,
            Runnable eachMinute) {
        this.console = console;
        this.traffic = traffic;
        this.catalogue = catalogue;
        this.sessions = sessions;
        this.replays = replays;
        this.letterReplays = letterReplays;
        this.eachMinute = eachMinute;
    }

    /** Begins to count, and to serve on the management port, whose server has to be running. */
    public void start(CamelContext context, int port) {
        Router router = VertxPlatformHttpRouter.lookup(context, VertxPlatformHttpRouter.getRouterNameFromPort(port));
        router.get(PATH).handler(this::open);
        var unused = thread.scheduleAtFixedRate(this::tick, 1, 1, TimeUnit.SECONDS);
    }

    /** One page that looks. */
    private static final class Stream {
        final HttpServerRequest request;
        final HttpServerResponse response;
        final Context context;
        final Row.@Nullable Filter filter;
        final boolean hides;
        /** What the page knows of the state; empty at first. */
        ObjectNode known = Console.JSON.createObjectNode();

        /** Whether it has been told how everything is. */
        boolean begun;

        boolean listed;
        /** Which destination or source comes first when there is not room for all. */
        int turn;

        boolean progressing;
        int slow;
        volatile boolean over;

        Stream(RoutingContext routing, Row.@Nullable Filter filter) {
            this.request = routing.request();
            this.response = routing.response();
            this.context = routing.vertx().getOrCreateContext();
            this.filter = filter;
            this.hides = ManagementRoutes.hides(request);
        }
    }

    // ---- Opening ----------------------------------------------------------------------------------------------------

    private void open(RoutingContext routing) {
        Row.Filter filter = "true".equals(routing.request().getParam("events"))
                ? filter(routing.request().params())
                : null;
        Stream stream = new Stream(routing, filter);
        synchronized (open) {
            if (open.size() >= MOST) {
                routing.response()
                        .setStatusCode(429)
                        .putHeader("Content-Type", "application/json; charset=utf-8")
                        .putHeader("Retry-After", "5")
                        .end("{\"success\":false,\"error\":\"" + MOST + " pages look at the console: close one\"}");
                return;
            }
            open.add(stream);
        }
        stream.response.closeHandler(closed -> end(stream));
        stream.response.exceptionHandler(failure -> end(stream));
        stream.response
                .setChunked(true)
                .putHeader("Content-Type", "text/event-stream")
                .putHeader("X-Accel-Buffering", "no")
                .write("retry: 2000\n\n");
        thread.execute(() -> guarded(() -> begin(stream)));
    }

    private static Row.Filter filter(MultiMap params) {
        String state = text(params, "state");
        return new Row.Filter(
                text(params, "source"),
                text(params, "type"),
                text(params, "name"),
                text(params, "user"),
                text(params, "text"),
                state == null ? null : state.equals("refused"));
    }

    private static @Nullable String text(MultiMap params, String name) {
        String value = params.get(name);
        return value == null || value.isEmpty() ? null : value.substring(0, Math.min(value.length(), LONGEST_FILTER));
    }

    private void end(Stream stream) {
        stream.over = true;
        synchronized (open) {
            open.remove(stream);
        }
    }

    private List<Stream> all() {
        synchronized (open) {
            return List.copyOf(open);
        }
    }

    // ---- Each second ------------------------------------------------------------------------------------------------

    private void tick() {
        guarded(this::second);
    }

    private void guarded(Runnable work) {
        try {
            work.run();
            fails = false;
        } catch (RuntimeException e) {
            if (!fails) {
                LOG.warn("The console cannot be told how everything is", e);
            }
            fails = true;
        }
    }

    private void begin(Stream stream) {
        if (stream.filter != null && !traffic.isWatched()) {
            console.watch(true);
        }
        ObjectNode state = console.second();
        send(stream, "state", state);
        stream.known = state;
        stream.begun = true;
        if (stream.filter != null) {
            list(stream, new Traffic.Second(List.of(), Map.of()), names(state));
        }
    }

    private void second() {
        Traffic.Second second = traffic.next();
        catalogue.add(second);
        boolean isOver = console.isMinuteOver();
        ObjectNode minute = console.tick();
        if (isOver) {
            catalogue.save();
            eachMinute.run();
        }
        List<Stream> all = all();
        if (traffic.isWatched() && all.stream().noneMatch(one -> one.filter != null)) {
            traffic.watch(false, List.of());
        }
        if (all.isEmpty()) {
            console.rest();
            return;
        }
        ObjectNode state = console.second();
        ArrayNode running = replays.get();
        ObjectNode letters = letterReplays.get();
        for (Stream stream : all) {
            if (!stream.begun || isTooSlow(stream)) {
                continue;
            }
            send(stream, "state", change(stream, state));
            if (minute != null) {
                send(stream, "minute", minute);
            }
            progress(stream, running, letters);
            if (stream.filter != null) {
                list(stream, second, names(state));
            }
        }
    }

    private static Set<String> names(ObjectNode state) {
        Set<String> names = new java.util.TreeSet<>();
        state.path("destinations").fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** Whether it has not taken what was sent before: then there is nothing new for it, and soon the end. */
    private boolean isTooSlow(Stream stream) {
        if (!stream.response.writeQueueFull()) {
            stream.slow = 0;
            return false;
        }
        stream.slow++;
        if (stream.slow > SLOW_SECONDS) {
            end(stream);
            stream.context.runOnContext(closing -> stream.request.connection().close());
        }
        return true;
    }

    /** What of {@code now} the page does not know yet, as far as there is room; the rest comes a second later. */
    private static ObjectNode change(Stream stream, ObjectNode now) {
        ObjectNode change = Console.JSON.createObjectNode();
        int room = STATE_CHARACTERS;
        for (Map.Entry<String, JsonNode> member : now.properties()) {
            JsonNode known = stream.known.get(member.getKey());
            if (!member.getValue().equals(known) && !isNamed(member.getKey())) {
                change.set(member.getKey(), member.getValue());
                stream.known.set(member.getKey(), member.getValue());
                room -= member.getValue().toString().length();
            }
        }
        for (String kind : List.of("destinations", "sources")) {
            ObjectNode known = stream.known.withObjectProperty(kind);
            JsonNode all = now.path(kind);
            List<String> names = new ArrayList<>();
            known.fieldNames().forEachRemaining(names::add);
            for (String name : names) {
                if (!all.has(name)) {
                    change.withObjectProperty(kind).putNull(name);
                    known.remove(name);
                }
            }
            names.clear();
            all.fieldNames().forEachRemaining(names::add);
            // From where there was no room the last time: each has its turn.
            int first = stream.turn;
            for (int i = 0; i < names.size(); i++) {
                String name = names.get((first + i) % names.size());
                ObjectNode one = difference(known.get(name), all.get(name));
                if (!one.isEmpty() && room <= 0) {
                    stream.turn = (first + i) % names.size();
                    break;
                }
                if (!one.isEmpty()) {
                    room -= one.toString().length();
                    change.withObjectProperty(kind).set(name, one);
                    known.set(name, all.get(name));
                }
            }
        }
        return change;
    }

    private static boolean isNamed(String member) {
        return member.equals("destinations") || member.equals("sources");
    }

    private static ObjectNode difference(@Nullable JsonNode before, JsonNode now) {
        ObjectNode difference = Console.JSON.createObjectNode();
        for (Map.Entry<String, JsonNode> member : now.properties()) {
            if (before == null || !member.getValue().equals(before.get(member.getKey()))) {
                difference.set(member.getKey(), member.getValue());
            }
        }
        if (before != null) {
            before.fieldNames().forEachRemaining(name -> {
                if (!now.has(name)) {
                    difference.putNull(name);
                }
            });
        }
        return difference;
    }

    private void progress(Stream stream, ArrayNode running, ObjectNode letters) {
        boolean any = false;
        for (JsonNode replay : running) {
            String state = replay.path("state").asText();
            any |= state.equals("running") || state.equals("queued");
        }
        for (JsonNode replay : letters) {
            any |= !replay.path("finished").asBoolean();
        }
        if (any || stream.progressing) {
            ObjectNode json = Console.JSON.createObjectNode();
            json.set("replays", running);
            json.set("deadLetters", letters);
            send(stream, "progress", json);
        }
        stream.progressing = any;
    }

    private void list(Stream stream, Traffic.Second second, Set<String> destinations) {
        Row.Filter filter = stream.filter;
        if (filter == null) {
            return;
        }
        List<Row> rows = new ArrayList<>();
        ObjectNode json = Console.JSON.createObjectNode();
        long matched;
        if (stream.listed) {
            List<Row> refused = new ArrayList<>();
            List<Row> accepted = new ArrayList<>();
            long looked = 0;
            for (Row row : second.rows()) {
                looked += row.reason() == null ? 1 : 0;
                if (filter.matches(row)) {
                    (row.reason() == null ? accepted : refused).add(row);
                }
            }
            double each = looked == 0 ? 1 : Math.max(1, second.all() / (double) looked);
            matched = refused.size() + Math.round(accepted.size() * each);
            rows.addAll(refused.subList(Math.max(0, refused.size() - ROWS), refused.size()));
            int left = ROWS - rows.size();
            for (int i = 0; i < Math.min(left, accepted.size()); i++) {
                rows.add(accepted.get((int) ((long) i * accepted.size() / Math.min(left, accepted.size()))));
            }
            rows.sort(java.util.Comparator.comparing(Row::at).reversed());
            json.put("seen", second.all() + second.rows().size() - looked);
        } else {
            rows.addAll(traffic.last(filter, ROWS_AT_FIRST));
            matched = rows.size();
            json.put("first", true).put("seen", rows.size());
        }
        if (stream.listed && rows.isEmpty() && second.all() == 0) {
            return;
        }
        stream.listed = true;
        ArrayNode all = json.put("matched", matched).putArray("rows");
        rows.forEach(row -> all.add(row.json(destinations)));
        send(stream, "events", json);
    }

    private void send(Stream stream, String name, ObjectNode json) {
        ObjectNode told = json;
        if (stream.hides) {
            told = json.deepCopy(); // parts of it are others' too
            Hidden.hide(told);
        }
        String message = "event: " + name + "\ndata: " + told + "\n\n";
        stream.context.runOnContext(writing -> {
            if (stream.over) {
                return;
            }
            if (!sessions.goesOn(stream.request)) {
                end(stream);
                stream.response.end("event: gone\ndata: {\"reason\":\"signed out\"}\n\n");
            } else {
                stream.response.write(message);
            }
        });
    }

    @Override
    public void close() throws InterruptedException {
        thread.shutdown();
        thread.awaitTermination(5, TimeUnit.SECONDS);
        for (Stream stream : all()) {
            // It opens another one by itself, at the next Evefan.
            stream.context.runOnContext(ending -> {
                if (!stream.over) {
                    end(stream);
                    stream.response.end();
                }
            });
        }
        catalogue.save();
    }
}
