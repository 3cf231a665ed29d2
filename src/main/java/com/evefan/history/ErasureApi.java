package com.evefan.history;

import static com.evefan.history.Requests.JSON;

import com.evefan.admin.ApiException;
import com.evefan.counters.Counters;
import com.evefan.deadletter.DeadLetterApi;
import com.evefan.event.Person;
import com.evefan.journal.Journal;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;

/** Erases persons; bound as {@code erasureApi}. */
public final class ErasureApi implements AutoCloseable {
    /** How long an answer waits for the end of what was started. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final int MOST_IDS = 1_000;
    private static final List<String> MEMBERS = List.of("userId", "anonymousId", "dryRun");

    private @Nullable Erasures erasures;

    /** Somebody else who has the person's data. */
    public interface Holder {
        String name();

        /**
         * Deletes what is there, by table; or only counts it.
         *
         * @throws Exception when it cannot; the message says why
         */
        SortedMap<String, Long> erase(Person person, boolean dryRun) throws Exception;

        /** What an operator has to do there, ready to be copied. */
        List<String> toDo(Person person);
    }

    /**
     * Takes up the erasures that a stop or a kill has interrupted.
     *
     * @param path the file that says where they stand
     * @param holders destinations that are in use
     */
    public synchronized void start(
            Path path,
            Supplier<Journal> journal,
            DeadLetterApi deadLetters,
            ReplayApi replays,
            Counters counters,
            Supplier<List<Holder>> holders,
            Clock clock) {
        Erasures begun = new Erasures(path, journal, deadLetters, replays, counters, holders, clock);
        erasures = begun;
        begun.resume();
    }

    private synchronized Erasures erasures() throws ApiException {
        if (erasures == null) {
            throw new ApiException(409, "Evefan is starting");
        }
        return erasures;
    }

    /** Starts an erasure, or counts what it would erase; waits some seconds for what is erased, and what is not. */
    public byte[] erasePerson(@Body @Nullable Object body, Exchange exchange)
            throws ApiException, JsonProcessingException, InterruptedException {
        ObjectNode asked = Requests.object(body, exchange, MEMBERS);
        Person person = new Person(Requests.texts(asked, "userId"), Requests.texts(asked, "anonymousId"));
        if (person.userIds().isEmpty() && person.anonymousIds().isEmpty()) {
            throw new ApiException(400, "userId or anonymousId must say whose events are meant");
        }
        if (person.userIds().size() + person.anonymousIds().size() > MOST_IDS) {
            throw new ApiException(
                    400, "a person has at most " + MOST_IDS + " ids: ask for the others in a second one");
        }
        Erasure erasure = erasures().start(person, Requests.flag(asked, "dryRun"));
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!erasure.isOver() && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        ObjectNode json = erasure.json();
        if (!erasure.isOver()) {
            json.put("follow", "GET /v1/erasures/" + erasure.id + " tells how far it is, and then what is left to do");
        }
        return Requests.answer(exchange, json);
    }

    /** Those under way, and the last that have ended; the oldest first. */
    public byte[] list(Exchange exchange) throws ApiException, JsonProcessingException {
        ObjectNode json = JSON.createObjectNode();
        ArrayNode all = json.putArray("erasures");
        erasures().all().forEach(one -> all.add(one.json()));
        return Requests.answer(exchange, json);
    }

    /** How far one is. */
    public byte[] find(@Header("id") String id, Exchange exchange) throws ApiException, JsonProcessingException {
        Erasure erasure = erasures().find(number(id));
        if (erasure == null) {
            throw new ApiException(404, "there is no erasure " + id);
        }
        return Requests.answer(exchange, erasure.json());
    }

    /** Ends one as soon as that can be. */
    public byte[] stop(@Header("id") String id, Exchange exchange) throws ApiException, JsonProcessingException {
        return Requests.answer(exchange, erasures().stop(number(id)).json());
    }

    private static long number(String id) throws ApiException {
        try {
            return Long.parseLong(id);
        } catch (NumberFormatException e) {
            throw new ApiException(400, "the id of an erasure is a number, was '" + id + "'");
        }
    }

    @Override
    public synchronized void close() throws InterruptedException {
        if (erasures != null) {
            erasures.close();
        }
    }
}
