package com.evefan.history;

import static com.evefan.history.Requests.JSON;

import com.evefan.admin.ApiException;
import com.evefan.delivery.Deliveries;
import com.evefan.delivery.DeliveryObserver;
import com.evefan.delivery.Destinations;
import com.evefan.journal.Journal;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;

/** Replays from the journal; bound as {@code replayApi}. */
public final class ReplayApi implements AutoCloseable {
    /** How long an answer waits for the end of what was started. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final List<String> MEMBERS =
            List.of("destination", "since", "until", "event", "user", "source", "messageId", "dryRun");

    private final Replays.Rates rates = new Replays.Rates();
    private @Nullable Replays replays;

    /** Hears what destinations take: how long a replay would last is told by it. */
    public DeliveryObserver rates() {
        return rates;
    }

    /** For the journal that was opened just now: what the replays in {@code path} still need is kept. */
    public static void hold(Path path, Journal journal) {
        Replays.hold(path, journal);
    }

    /**
     * Takes up the replays that a stop or a kill has interrupted.
     *
     * @param path the file that says where they stand
     */
    public synchronized void start(
            Path path, Supplier<Journal> journal, Destinations destinations, Deliveries deliveries, Clock clock) {
        Replays begun = new Replays(path, journal, destinations, deliveries, rates::of, clock);
        replays = begun;
        begun.resume();
    }

    synchronized Replays replays() throws ApiException {
        if (replays == null) {
            throw new ApiException(409, "Evefan is starting");
        }
        return replays;
    }

    /** Starts a replay, or says what it would be. */
    public byte[] startReplay(@Body @Nullable Object body, Exchange exchange)
            throws ApiException, JsonProcessingException, InterruptedException {
        ObjectNode asked = Requests.object(body, exchange, MEMBERS);
        String destination = Requests.text(asked, "destination");
        if (destination == null) {
            throw new ApiException(400, "destination must name a destination");
        }
        Replay.Filter filter = new Replay.Filter(
                Requests.time(asked, "since"),
                Requests.time(asked, "until"),
                Requests.text(asked, "event"),
                Requests.text(asked, "user"),
                Requests.text(asked, "source"),
                Requests.text(asked, "messageId"));
        if (filter.since() != null && filter.until() != null && !filter.since().isBefore(filter.until())) {
            throw new ApiException(400, "until must be after since");
        }
        boolean dryRun = Requests.flag(asked, "dryRun");
        Replay replay = replays().start(destination, filter, dryRun);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (dryRun && !replay.isOver() && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        return Requests.answer(exchange, told(replay));
    }

    private static ObjectNode told(Replay replay) {
        ObjectNode json = replay.json();
        if (json.has("keptSince")) {
            json.put(
                    "note", "what was accepted before " + json.path("keptSince").asText() + " is not kept any more");
        }
        if (!replay.isOver()) {
            json.put("follow", "GET /v1/replays tells how far it is");
        }
        return json;
    }

    /** Those under way, and the last that have ended; the oldest first. */
    public byte[] list(Exchange exchange) throws ApiException, JsonProcessingException {
        ObjectNode json = JSON.createObjectNode();
        json.set("replays", write(replays().all()));
        return Requests.answer(exchange, json);
    }

    /** The same for health; without those that only count, and without filters, which may name a person. */
    public ArrayNode forHealth() {
        try {
            List<Replay> all =
                    replays().all().stream().filter(one -> !one.dryRun).toList();
            ArrayNode json = write(all.subList(Math.max(0, all.size() - 10), all.size()));
            json.forEach(one -> ((ObjectNode) one).remove("filter"));
            return json;
        } catch (ApiException e) {
            return JSON.createArrayNode();
        }
    }

    private static ArrayNode write(List<Replay> all) {
        ArrayNode json = JSON.createArrayNode();
        all.forEach(replay -> json.add(replay.json()));
        return json;
    }

    /** Ends one at once. */
    public byte[] stop(@Header("id") String id, Exchange exchange) throws ApiException, JsonProcessingException {
        try {
            return Requests.answer(exchange, replays().stop(Long.parseLong(id)).json());
        } catch (NumberFormatException e) {
            throw new ApiException(400, "the id of a replay is a number, was '" + id + "'");
        }
    }

    @Override
    public synchronized void close() throws InterruptedException {
        if (replays != null) {
            replays.close();
        }
    }
}
