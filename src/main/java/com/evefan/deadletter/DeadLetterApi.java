package com.evefan.deadletter;

import com.evefan.admin.Administration;
import com.evefan.admin.ApiException;
import com.evefan.broker.BrokerQueues;
import com.evefan.broker.QueueWalk;
import com.evefan.counters.Counters;
import com.evefan.counters.Ledger;
import com.evefan.counters.SafeText;
import com.evefan.delivery.Deliveries;
import com.evefan.delivery.Destinations;
import com.evefan.delivery.Rejected;
import com.evefan.event.Event;
import com.evefan.event.Person;
import com.evefan.journal.Place;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an operator does with dead letters; bound as {@code operations}. */
public final class DeadLetterApi implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterApi.class);
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int SHOWN = 100;
    private static final long MOST_UNSAVED = 10_000;

    /** Answers that are made at the same time. */
    private static final int MOST_ANSWERS = 4;

    /** One that nobody has read from for so long makes way for another. */
    private static final Duration FORGOTTEN = Duration.ofSeconds(30);

    private final BrokerQueues broker;
    private final Counters counters;
    private final Destinations destinations;
    private final RefusedEvents refused;
    private final DeadLetters keeper;
    private final DeadLetterScan scan;
    private final Replays replays;
    private final Retention retention;
    private final Clock clock;
    private final List<LetterStream> answers = new ArrayList<>();
    private int listing;

    /**
     * How long dead letters are kept.
     *
     * @param retention zero: until they are replayed or deleted
     * @param refused what ingestion refused
     */
    public record Settings(Duration retention, RefusedEvents.Settings refused) {}

    /** With the broker's connections, and all that counts what happens. */
    public DeadLetterApi(
            ConnectionFactory connections,
            BrokerQueues broker,
            Counters counters,
            Destinations destinations,
            Deliveries deliveries,
            RefusedEvents refused,
            DeadLetters keeper,
            Settings settings,
            Clock clock) {
        this.broker = broker;
        this.counters = counters;
        this.destinations = destinations;
        this.refused = refused;
        this.clock = clock;
        this.keeper = keeper;
        this.scan = new DeadLetterScan(connections, broker, keeper::taken);
        this.replays = new Replays(scan, destinations, deliveries, counters, clock);
        this.retention = new Retention(scan, broker, refused, counters, this::names, settings.retention(), clock);
    }

    /** From now on what is too old goes. */
    public void start() {
        retention.start();
    }

    /** Before anything is delivered: sets the books of {@code destination} right by what its queue holds. */
    public void setRight(String destination, Place.Tally ended) {
        String queue = DeadLetters.QUEUE + destination;
        Ledger ledger = counters.of(destination);
        long depth = broker.depth(queue);
        if (depth < 0 || depth == ledger.deadLetters(ended)) {
            return;
        }
        long own = 0;
        long most = Math.min(MOST_UNSAVED, depth - ledger.deadLetters(ended));
        Map<String, String> unsaved = new LinkedHashMap<>(); // the newest
        try (QueueWalk walk = broker.walk(queue)) {
            for (jakarta.jms.Message message = walk.next(); message != null; message = walk.next()) {
                DeadLetter letter = DeadLetter.of(message);
                if (letter.isForeign()) {
                    continue;
                }
                own++;
                if (most > 0) {
                    note(letter, message.getJMSMessageID(), unsaved);
                    keepNewest(unsaved, most);
                }
            }
            keepNewest(unsaved, own - ledger.deadLetters(ended));
            keeper.unsaved(destination, new DeadLetters.Unsaved(unsaved, id -> broker.holds(queue, id)));
            ledger.found(own, ended);
        } catch (JMSException e) {
            LOG.warn("The dead letters of {} cannot be counted: {}", destination, e.toString());
        }
    }

    private static void note(DeadLetter letter, String id, Map<String, String> unsaved) {
        try {
            unsaved.put(DeadLetters.acceptance(letter.event()), id);
        } catch (IllegalArgumentException e) {
            LOG.debug("{} holds no event that could come once more", letter, e);
        }
    }

    private static void keepNewest(Map<String, String> unsaved, long most) {
        Iterator<String> oldest = unsaved.keySet().iterator();
        for (long over = unsaved.size() - Math.max(0, most); over > 0; over--) {
            oldest.next();
            oldest.remove();
        }
    }

    /** All dead letters, counted by destination, error and reason. */
    public byte[] list(@Header(Exchange.HTTP_QUERY) @Nullable String query, Exchange exchange)
            throws IOException, JMSException, ApiException {
        if (query != null && !query.isEmpty()) {
            throw new ApiException(400, "the list takes no parameters; show and export take filters");
        }
        begin();
        try {
            Set<String> names = names();
            names.add(DeadLetters.INGEST);
            ObjectNode all = JSON.createObjectNode();
            for (String name : names) {
                all.set(name, summary(name));
            }
            ObjectNode json = JSON.createObjectNode();
            json.set("deadLetters", all);
            if (bound() != null) {
                json.put("cutShort", bound());
            }
            return answer(exchange, json);
        } finally {
            end();
        }
    }

    private ObjectNode summary(String name) throws IOException, JMSException {
        Summary summary = new Summary(clock.instant());
        try (Letters letters = letters(name)) {
            for (DeadLetter letter = letters.next(); letter != null; letter = letters.next()) {
                summary.add(letter);
            }
        }
        ObjectNode own = summary.json();
        if (name.equals(DeadLetters.INGEST)) {
            RefusedEvents.Status status = refused.status();
            own.put("bytes", status.bytes()).put("dropped", status.dropped()).put("lost", status.lost());
        }
        Replays.Running replay = replays.of(name);
        if (replay != null) {
            own.set("replay", json(replay));
        }
        return own;
    }

    /** The dead letters of one destination that match the parameters, the oldest first. */
    public InputStream show(
            @Header("destination") String destination,
            @Header(Exchange.HTTP_QUERY) @Nullable String query,
            Exchange exchange)
            throws JMSException, ApiException {
        Map<String, String> parameters = Filter.parameters(query, "limit");
        InputStream letters = stream(destination, parameters, limit(parameters, SHOWN), false);
        typed(exchange, Administration.JSON_TYPE);
        return letters;
    }

    /** The same, one a line, each as it stands in its queue. */
    public InputStream export(
            @Header("destination") String destination,
            @Header(Exchange.HTTP_QUERY) @Nullable String query,
            Exchange exchange)
            throws JMSException, ApiException {
        Map<String, String> parameters = Filter.parameters(query, "limit");
        InputStream letters = stream(destination, parameters, limit(parameters, Long.MAX_VALUE), true);
        typed(exchange, "application/x-ndjson; charset=utf-8");
        return letters;
    }

    private LetterStream stream(String destination, Map<String, String> parameters, long limit, boolean lines)
            throws JMSException, ApiException {
        Filter filter = Filter.of(parameters);
        begin();
        try {
            String bound = destination.equals(DeadLetters.INGEST) ? null : bound();
            LetterStream stream =
                    new LetterStream(letters(known(destination)), filter, limit, lines, bound, this::forget);
            synchronized (answers) {
                answers.add(stream);
            }
            return stream;
        } finally {
            end();
        }
    }

    private Letters letters(String name) throws JMSException {
        return name.equals(DeadLetters.INGEST) ? refused.letters() : Letters.in(DeadLetters.QUEUE + name, broker);
    }

    /** Why not all letters may be seen. */
    private @Nullable String bound() {
        return broker.showsAll() ? null : "an external broker shows no more of a queue than its maxBrowsePageSize";
    }

    /** One more answer, where there are not too many; in place of one that nobody reads. */
    private void begin() throws ApiException {
        LetterStream forgotten = null;
        synchronized (answers) {
            if (answers.size() + listing >= MOST_ANSWERS) {
                forgotten = answers.stream()
                        .filter(one -> System.nanoTime() - one.lastRead() > FORGOTTEN.toNanos())
                        .min(Comparator.comparingLong(LetterStream::lastRead))
                        .orElseThrow(() -> new ApiException(
                                429, "dead letters are being read " + MOST_ANSWERS + " times at once: try later"));
                answers.remove(forgotten);
            }
            listing++;
        }
        if (forgotten != null) {
            forgotten.close();
        }
    }

    private void end() {
        synchronized (answers) {
            listing--;
        }
    }

    private void forget(LetterStream stream) {
        synchronized (answers) {
            answers.remove(stream);
        }
    }

    /** Delivers the dead letters that match the parameters once more. */
    public byte[] replay(
            @Header("destination") String destination,
            @Header(Exchange.HTTP_QUERY) @Nullable String query,
            @Body @Nullable Object body,
            Exchange exchange)
            throws JMSException, JsonProcessingException, ApiException, InterruptedException {
        Filter filter = Filter.of(Filter.parameters(query));
        refuseBody(body, exchange);
        if (destination.equals(DeadLetters.INGEST)) {
            throw new ApiException(
                    400, "what was not accepted cannot be replayed: export it, mend it and send it again");
        }
        checkRunning(destination);
        return answer(exchange, json(replays.start(destination, filter, PATIENCE)));
    }

    /** Begins to deliver those with {@code error} once more; false where that cannot be done now. */
    public boolean beginReplay(String destination, String error) {
        try {
            replays.start(
                    destination,
                    new Filter(null, error, null, null, null, null, null, null, null, null),
                    Duration.ofMillis(1));
            return true;
        } catch (ApiException | JMSException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** How far replays of dead letters are, by destination: the last of each since the start. */
    public ObjectNode replaysOfAll() {
        ObjectNode json = JSON.createObjectNode();
        for (String name : destinations.all().keySet()) {
            Replays.Running running = replays.of(name);
            if (running != null) {
                json.set(name, json(running));
            }
        }
        return json;
    }

    /**
     * One letter.
     *
     * @param event null where what stands in it cannot be read as an accepted one
     */
    public record Found(JsonNode json, @Nullable Event event) {}

    /** The letter that {@link DeadLetter#id id} names. */
    public Found letter(String destination, String id) throws JMSException, IOException, ApiException {
        begin();
        try (Letters letters = letters(known(destination))) {
            for (DeadLetter letter = letters.next(); letter != null; letter = letters.next()) {
                if (!letter.isForeign() && letter.id().equals(id)) {
                    return new Found(letter.json(), destination.equals(DeadLetters.INGEST) ? null : letter.event());
                }
            }
        } finally {
            end();
        }
        throw new ApiException(
                404, "there is no dead letter " + id + " of " + destination + ": it may be gone already");
    }

    /**
     * Delivers {@code event} in place of the one in the letter {@code id}, which goes once the destination has taken it.
     *
     * @throws ApiException 409 when it is rejected again, 502 when the destination fails; the letter stays then
     */
    public void sendInstead(String destination, String id, Event event)
            throws ApiException, JMSException, InterruptedException {
        checkRunning(destination);
        Replays.Running running = replays.start(destination, Filter.of(Map.of("id", id)), event, PATIENCE);
        Replay.Progress progress = running.replay().progress();
        if (!running.replay().rejection().isEmpty()) {
            throw new ApiException(
                    409, destination + " rejects it again: " + running.replay().rejection());
        }
        if (progress.failure() != null) {
            throw new ApiException(502, destination + " fails, and the letter stays: " + progress.failure());
        }
        if (progress.delivered() == 0) {
            throw new ApiException(
                    409,
                    running.isFinished()
                            ? "the letter was gone before it was its turn"
                            : destination + " has not answered within " + PATIENCE.toSeconds()
                                    + " s; it is still tried, and the letter goes when it is delivered");
        }
    }

    /** What was refused at ingestion and has been sent again is gone from there. */
    public void sent(String id) throws IOException, ApiException {
        refused.delete(Filter.of(Map.of("id", id)));
    }

    /** Deletes the dead letters that match the parameters; {@code all=true} where there are no others. */
    public byte[] delete(
            @Header("destination") String destination,
            @Header(Exchange.HTTP_QUERY) @Nullable String query,
            @Body @Nullable Object body,
            Exchange exchange)
            throws JMSException, IOException, ApiException, InterruptedException {
        Map<String, String> parameters = Filter.parameters(query, "all");
        Filter filter = Filter.of(parameters);
        refuseBody(body, exchange);
        if (filter.isAll() != "true".equals(parameters.get("all"))) {
            throw new ApiException(
                    400, "say which: " + String.join(", ", Filter.NAMES) + "; or all=true and nothing else");
        }
        if (known(destination).equals(DeadLetters.INGEST)) {
            return answer(exchange, JSON.createObjectNode().put("deleted", refused.delete(filter)));
        }
        Deletion deletion = new Deletion(counters, destination, null);
        scan.run(DeadLetters.QUEUE + destination, filter, deletion);
        return answer(exchange, JSON.createObjectNode().put("deleted", deletion.deleted()));
    }

    /** Why an event was given up. */
    public record GivenUp(String error, String reason, Instant at) {
        /** Whether it was not taken in time; else it was rejected. */
        public boolean isExpired() {
            return error.equals(Rejected.EXPIRED);
        }
    }

    /**
     * What was found among dead letters.
     *
     * @param whole whether all were looked through
     */
    public record Search(@Nullable GivenUp found, boolean whole) {}

    /** The dead letter of one event; looks for {@code atMost} so long. */
    public Search find(String destination, String messageId, String id, Duration atMost)
            throws JMSException, IOException {
        long deadline = System.nanoTime() + atMost.toNanos();
        if (broker.showsAll() && !broker.namesAfter(DeadLetters.QUEUE).contains(destination)) {
            return new Search(null, true);
        }
        try (Letters letters = letters(destination)) {
            for (DeadLetter letter = letters.next(); letter != null; letter = letters.next()) {
                if (letter.messageId().equals(messageId) && letter.eventId().equals(id)) {
                    return new Search(new GivenUp(letter.error(), letter.reason(), letter.lastFailure()), true);
                }
                if (System.nanoTime() > deadline) {
                    return new Search(null, false);
                }
            }
        }
        return new Search(null, bound() == null);
    }

    /**
     * Deletes the dead letters and refused events of {@code person}, or only counts them.
     *
     * @param left takes what could not be looked through
     * @return how many, by destination
     */
    public SortedMap<String, Long> erase(Person person, boolean dryRun, List<String> left) {
        SortedMap<String, Long> erased = new TreeMap<>();
        Set<String> names = names();
        names.add(DeadLetters.INGEST);
        for (String name : names) {
            try {
                long count = dryRun ? count(name, person) : delete(name, person);
                if (count > 0) {
                    erased.put(name, count);
                }
            } catch (Exception e) {
                if (e instanceof InterruptedException) {
                    Thread.currentThread().interrupt();
                }
                left.add("dead letters of " + name + ": "
                        + SafeText.of(e.getMessage(), e.getClass().getSimpleName()));
            }
        }
        if (refused.status().waiting() > 0) {
            left.add("refused events on their way to the disk: erase once more");
        }
        counters.snapshot().forEach((name, books) -> {
            if (books.oldQueue()) {
                left.add("the retry queue of " + name + ", which an earlier version has left: erase once more");
            }
        });
        return erased;
    }

    private long count(String name, Person person) throws IOException, JMSException {
        long count = 0;
        try (Letters letters = letters(name)) {
            for (DeadLetter letter = letters.next(); letter != null; letter = letters.next()) {
                count += !letter.isForeign() && person.has(letter.facts()) ? 1 : 0;
            }
        }
        return count;
    }

    private long delete(String name, Person person)
            throws IOException, JMSException, ApiException, InterruptedException {
        if (name.equals(DeadLetters.INGEST)) {
            return refused.delete(Filter.of(person));
        }
        Deletion deletion = new Deletion(counters, name, null);
        scan.run(DeadLetters.QUEUE + name, Filter.of(person), deletion);
        return deletion.deleted();
    }

    /** A form instead of a query would be passed over, and mean all. */
    private static void refuseBody(@Nullable Object body, Exchange exchange) throws ApiException {
        if (body instanceof Map<?, ?> form && form.isEmpty()) {
            return;
        }
        byte[] bytes =
                body == null ? null : exchange.getContext().getTypeConverter().convertTo(byte[].class, body);
        if (body instanceof Map || (bytes != null && bytes.length > 0)) {
            throw new ApiException(400, "filters stand in the query, and there is no body");
        }
    }

    private void checkRunning(String destination) throws ApiException {
        if (!destinations.names().contains(destination)) {
            throw new ApiException(404, "there is no running destination " + destination);
        }
    }

    /** All that have or may have dead letters, but for ingestion. */
    private Set<String> names() {
        Set<String> names = new TreeSet<>(counters.snapshot().keySet());
        names.addAll(destinations.names());
        names.addAll(broker.namesAfter(DeadLetters.QUEUE));
        names.remove(DeadLetters.INGEST);
        return names;
    }

    private String known(String destination) throws ApiException {
        if (!destination.equals(DeadLetters.INGEST) && !names().contains(destination)) {
            throw new ApiException(404, "there is no destination " + destination);
        }
        return destination;
    }

    private static long limit(Map<String, String> parameters, long otherwise) throws ApiException {
        String limit = parameters.get("limit");
        try {
            long number = limit == null ? otherwise : Long.parseLong(limit);
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new ApiException(400, "limit must be a number from 1");
    }

    private static ObjectNode json(Replays.Running running) {
        boolean finished = running.isFinished();
        Replay.Progress progress = running.replay().progress();
        ObjectNode json = JSON.createObjectNode()
                .put("moved", progress.delivered() + progress.rejected())
                .put("delivered", progress.delivered())
                .put("rejected", progress.rejected())
                .put("finished", finished);
        if (progress.unreadable() > 0) {
            json.put("unreadable", progress.unreadable());
        }
        if (progress.failure() != null) {
            json.put("message", "stopped: " + progress.failure());
        } else if (!finished) {
            json.put("message", "goes on between the destination's batches");
        }
        return json;
    }

    private static byte[] answer(Exchange exchange, JsonNode json) throws JsonProcessingException {
        typed(exchange, Administration.JSON_TYPE);
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json);
    }

    private static void typed(Exchange exchange, String type) {
        Message message = exchange.getMessage();
        message.removeHeaders("*");
        message.setHeader(Exchange.CONTENT_TYPE, type);
    }

    @Override
    public void close() throws InterruptedException {
        retention.close();
        replays.close();
    }
}
