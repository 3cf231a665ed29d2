package com.evefan.history;

import static com.evefan.history.Requests.JSON;

import com.evefan.admin.ApiException;
import com.evefan.counters.Counters;
import com.evefan.counters.SafeText;
import com.evefan.deadletter.DeadLetterApi;
import com.evefan.event.Person;
import com.evefan.journal.History;
import com.evefan.journal.Journal;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Supplier;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Erases a person; bound as {@code erasureApi}. */
public final class ErasureApi {
    /** Who erased how much, and no word of whom. */
    private static final Logger AUDIT = LoggerFactory.getLogger("com.evefan.audit");

    private static final List<String> MEMBERS = List.of("userId", "anonymousId", "dryRun");
    /** What nobody but the operator can do. */
    private static final List<String> ALWAYS_LEFT = List.of(
            "what comes in for this person from now on: it is not erased",
            "messageIds in memory for the recognition of duplicates: they are hashes, and go with their window",
            "the pages of the broker's and PostgreSQL's own files, in which deleted data stays until they are written"
                    + " anew (PostgreSQL: VACUUM and a checkpoint), and back-ups",
            "where Evefan's log goes to: destinations' own words may quote an event");

    private final Supplier<Journal> journal;
    private final DeadLetterApi deadLetters;
    private final ReplayApi replays;
    private final Counters counters;
    private final Supplier<List<Holder>> holders;

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
     * @param holders destinations that are in use
     */
    public ErasureApi(
            Supplier<Journal> journal,
            DeadLetterApi deadLetters,
            ReplayApi replays,
            Counters counters,
            Supplier<List<Holder>> holders) {
        this.journal = journal;
        this.deadLetters = deadLetters;
        this.replays = replays;
        this.counters = counters;
        this.holders = holders;
    }

    /** Erases, or says what would be erased; says what is not. One at a time. */
    public synchronized byte[] erasePerson(@Body @Nullable Object body, Exchange exchange)
            throws ApiException, JsonProcessingException {
        ObjectNode asked = Requests.object(body, exchange, MEMBERS);
        Person person = new Person(Requests.texts(asked, "userId"), Requests.texts(asked, "anonymousId"));
        if (person.userIds().isEmpty() && person.anonymousIds().isEmpty()) {
            throw new ApiException(400, "userId or anonymousId must say whose events are meant");
        }
        return Requests.answer(exchange, erase(person, Requests.flag(asked, "dryRun")));
    }

    private ObjectNode erase(Person person, boolean dryRun) throws ApiException {
        List<String> left = new ArrayList<>();
        ObjectNode json = JSON.createObjectNode().put("dryRun", dryRun);
        int stopped = replays.replays().forget(person, dryRun);
        History.Erased events = journal(person, dryRun, left);
        json.put("events", events == null ? 0 : events.events());
        if (events != null && events.oldest() != null) {
            json.put("oldest", events.oldest().toString());
        }
        if (events != null && !events.anonymousIds().isEmpty()) {
            ArrayNode beside = json.putArray("anonymousIdsSeen");
            events.anonymousIds().forEach(beside::add);
        }
        json.put("replays", stopped);
        ObjectNode letters = json.putObject("deadLetters");
        deadLetters.erase(person, dryRun, left).forEach(letters::put);
        int messages = 0;
        if (!dryRun) {
            for (String name : counters.snapshot().keySet()) {
                messages += counters.of(name).forget(person::isNamedIn);
            }
            counters.save();
        }
        json.put("messages", messages);
        ObjectNode rows = json.putObject("rows");
        ObjectNode toDo = json.putObject("toDo");
        for (Holder holder : holders.get()) {
            try {
                holder.erase(person, dryRun)
                        .forEach((table, count) ->
                                rows.withObjectProperty(holder.name()).put(table, count));
            } catch (Exception e) {
                left.add(holder.name() + ": " + words(e));
            }
            List<String> own = holder.toDo(person);
            if (!own.isEmpty()) {
                ArrayNode steps = toDo.putArray(holder.name());
                own.forEach(steps::add);
            }
        }
        boolean complete = left.isEmpty();
        left.addAll(ALWAYS_LEFT);
        json.put("complete", complete);
        ArrayNode notErased = json.putArray("notErased");
        left.forEach(notErased::add);
        if (!dryRun) {
            AUDIT.info(
                    "Erased {}: {} events of the journal, dead letters {}, rows {}, complete: {}",
                    person,
                    json.path("events"),
                    letters,
                    rows,
                    complete);
        }
        return json;
    }

    private History.@Nullable Erased journal(Person person, boolean dryRun, List<String> left) {
        try {
            History.Erased erased = journal.get().history().erase(person, dryRun, () -> true);
            for (Map.Entry<String, Long> one : erased.inHand().entrySet()) {
                left.add(one.getValue() + " events are on their way to " + one.getKey()
                        + " and may be delivered still: erase once more when they are");
            }
            left.addAll(erased.left());
            return erased;
        } catch (RuntimeException e) {
            left.add("the journal: " + words(e));
            return null;
        }
    }

    private static String words(Exception e) {
        return SafeText.of(e.getMessage(), e.getClass().getSimpleName());
    }
}
