package com.evefan.console;

import com.evefan.admin.ApiException;
import com.evefan.console.Explanations.Outcome;
import com.evefan.deadletter.DeadLetterApi;
import com.evefan.event.Event;
import com.evefan.event.EventCodec;
import com.evefan.event.EventFacts;
import com.evefan.event.ReadResult;
import com.evefan.ingest.Sources;
import com.evefan.journal.History;
import com.evefan.journal.Journal;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;

/** Events one by one: a user's, what each destination gets, and sending one that is dead again; bound as {@code eventPages}. */
public final class EventPages {
    /** Events that one answer looks through: some tenths of a second. */
    private static final int LOOKED_AT = 50_000;

    private static final int MOST_FOUND = 100;
    /** Evefan's own members of an event, and all that begin so. */
    private static final Set<String> OWN = Set.of("source", "receivedAt");

    private static final String OWN_PREFIX = "evefan";

    private final Supplier<Journal> journal;
    private final Explanations explanations;
    private final DeadLetterApi letters;
    private final OwnSender sender;
    private final Sources sources;
    private final String publicUrl;

    public EventPages(
            Supplier<Journal> journal,
            Explanations explanations,
            DeadLetterApi letters,
            OwnSender sender,
            Sources sources,
            String publicUrl) {
        this.journal = journal;
        this.explanations = explanations;
        this.letters = letters;
        this.sender = sender;
        this.sources = sources;
        this.publicUrl = publicUrl;
    }

    // ---- A user's events -------------------------------------------------------------------------------------------

    /** The events of one user in a piece of the journal, the newest first; the next answer has those of the piece before. */
    public byte[] ofUser(
            @Header("user") @Nullable String user, @Header("before") @Nullable String before, Exchange exchange)
            throws ApiException, JsonProcessingException {
        if (user == null || user.isEmpty()) {
            throw new ApiException(400, "user must be a userId or an anonymousId");
        }
        History history = journal.get().history();
        History.Kept kept = history.kept();
        long end = before == null ? kept.end() : Math.min(kept.end(), number(before));
        long first = Math.max(kept.first(), end - LOOKED_AT);
        List<History.Found> found = new ArrayList<>();
        try (History.Cursor cursor = history.from(first)) {
            for (History.Page page = cursor.next(end); page != null; page = cursor.next(end)) {
                long position = page.next() - page.events().size();
                for (Event event : page.events()) {
                    EventFacts facts = EventFacts.of(event.json());
                    if (position < end && (user.equals(facts.userId()) || user.equals(facts.anonymousId()))) {
                        found.add(new History.Found(position, event));
                    }
                    position++;
                }
            }
        }
        ObjectNode json = Console.JSON.createObjectNode();
        ArrayNode events = json.putArray("events");
        long next = first;
        for (int i = found.size() - 1; i >= 0; i--) {
            if (events.size() == MOST_FOUND) {
                next = found.get(i + 1).position();
                break;
            }
            events.add(Row.of(found.get(i).event()).json(Set.of()));
        }
        json.put("looked", Math.max(0, kept.end() - next)).put("kept", kept.end() - kept.first());
        if (kept.oldest() != null) {
            json.put("keptSince", kept.oldest().toString());
        }
        if (next > kept.first()) {
            json.put("next", next);
        }
        return Console.answer(exchange, json);
    }

    private static long number(String text) throws ApiException {
        try {
            return Math.max(0, Long.parseLong(text));
        } catch (NumberFormatException e) {
            throw new ApiException(400, "before must be the next of an answer, was '" + text + "'");
        }
    }

    // ---- What each destination gets --------------------------------------------------------------------------------

    /** One event as accepted, and what each destination gets of it. */
    public byte[] content(@Header("messageId") String messageId, Exchange exchange) throws Exception {
        List<History.Found> found = journal.get().history().find(messageId, 1);
        if (found.isEmpty()) {
            throw new ApiException(404, "no event with the messageId " + messageId + " is kept");
        }
        Event event = found.get(0).event();
        ObjectNode json = Console.JSON.createObjectNode();
        JsonNode accepted = Console.JSON.readTree(event.json());
        json.set("event", accepted);
        json.put("acceptedAt", event.receivedAt().toString()).put("source", event.source());
        json.put("curl", curl(accepted));
        json.putObject("destinations");
        try {
            json.set("destinations", outcomes(event, null));
        } catch (IllegalStateException e) {
            problems(json, e);
        }
        return Console.answer(exchange, json);
    }

    private String curl(JsonNode accepted) {
        ObjectNode sent = withoutOwn(accepted);
        ObjectNode body = Console.JSON.createObjectNode();
        body.putArray("batch").add(sent);
        return "curl -u \"$WRITE_KEY:\" " + publicUrl + "/v1/batch -d '"
                + body.toString().replace("'", "'\\''") + "'";
    }

    private ObjectNode outcomes(Event event, @Nullable String only) throws Exception {
        ObjectNode json = Console.JSON.createObjectNode();
        for (Map.Entry<String, Outcome> one : explanations.outcomes(event, only).entrySet()) {
            Outcome outcome = one.getValue();
            ObjectNode own = json.putObject(one.getKey()).put("gets", outcome.gets());
            if (!outcome.gets()) {
                own.put("why", outcome.why());
            }
            if (!outcome.stoppedBy().isEmpty()) {
                own.put("stoppedBy", outcome.stoppedBy());
            }
            ArrayNode sent = own.putArray("sent");
            outcome.sent().forEach(sent::add);
        }
        return json;
    }

    /** What would become of what an SDK would send. */
    public byte[] explain(
            @Body @Nullable Object body,
            @Header("source") @Nullable String source,
            @Header("type") @Nullable String type,
            @Header("destination") @Nullable String destination,
            Exchange exchange)
            throws Exception {
        byte[] bytes = bytes(body, exchange);
        ReadResult result;
        try {
            result = explanations.read(bytes, source, type);
        } catch (IllegalArgumentException e) {
            return refused(bytes, String.valueOf(e.getMessage()), exchange);
        }
        if (result.accepted().size() == 0 && result.invalid().size() == 1 && !isJson(bytes)) {
            return refused(bytes, result.invalid().get(0).error(), exchange);
        }
        ObjectNode json = Console.JSON.createObjectNode();
        String name = result.accepted().events().stream()
                .map(Event::source)
                .findFirst()
                .orElse(source == null ? sources.all().get(0).name() : source);
        ArrayNode warnings = json.put("source", name).putArray("warnings");
        result.warnings().forEach(warning -> warnings.add(warning.toString()));
        ArrayNode rejected = json.putArray("rejected");
        result.invalid().forEach(invalid -> {
            ObjectNode one = rejected.addObject().put("index", invalid.index()).put("error", invalid.error());
            if (invalid.messageId() != null) {
                one.put("messageId", invalid.messageId());
            }
        });
        ArrayNode events = json.putArray("events");
        try {
            for (Event event : result.accepted().events()) {
                ObjectNode outcomes = outcomes(event, destination);
                ObjectNode one = events.addObject();
                one.set("event", Console.JSON.readTree(event.json()));
                one.set("destinations", outcomes);
            }
        } catch (IllegalStateException e) {
            problems(json, e);
        }
        return Console.answer(exchange, json);
    }

    /** Route files are wrong: what destinations get cannot be told. */
    private static void problems(ObjectNode json, IllegalStateException why) {
        ArrayNode problems = json.putArray("problems");
        String.valueOf(why.getMessage()).lines().forEach(problems::add);
    }

    private static byte[] bytes(@Nullable Object body, Exchange exchange) throws ApiException {
        byte[] bytes = body == null || body instanceof Map
                ? null
                : exchange.getContext().getTypeConverter().convertTo(byte[].class, exchange, body);
        if (body instanceof Map) {
            throw new ApiException(400, "the body must be JSON, and Content-Type application/json, not a form's");
        }
        if (bytes == null || bytes.length == 0) {
            throw new ApiException(400, "the body must be the JSON of an event, or of a batch");
        }
        return bytes;
    }

    private static boolean isJson(byte[] bytes) {
        try {
            Console.JSON.readTree(bytes);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** With the place where it stops being JSON, where that is what is wrong. */
    private static byte[] refused(byte[] bytes, String error, Exchange exchange) throws JsonProcessingException {
        ObjectNode json = Console.JSON.createObjectNode().put("success", false).put("error", error);
        try {
            Console.JSON.readTree(bytes);
        } catch (JsonProcessingException e) {
            json.put("line", e.getLocation().getLineNr())
                    .put("column", e.getLocation().getColumnNr());
        } catch (IOException e) {
            // what was read says enough
        }
        byte[] answer = Console.answer(exchange, json);
        exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, 400);
        return answer;
    }

    // ---- Dead letters, mended --------------------------------------------------------------------------------------

    /** Sends a dead letter's event again as the body has it; then the letter goes. */
    public byte[] sendLetter(
            @Header("destination") String destination,
            @Header("id") @Nullable String id,
            @Body @Nullable Object body,
            Exchange exchange)
            throws Exception {
        if (id == null) {
            throw new ApiException(400, "id must name a dead letter: GET /v1/dead-letters/" + destination);
        }
        ObjectNode edited = object(bytes(body, exchange));
        DeadLetterApi.Found letter = letters.letter(destination, id);
        ObjectNode json = Console.JSON.createObjectNode();
        Event event = letter.event();
        if (event == null) {
            if (!edited.path("messageId").isTextual()) {
                edited.put("messageId", "dead-letter-" + id); // sent twice, it is stored once
            }
            sender.send(sender.source(letter.json().path("source").asText()), edited);
            letters.sent(id);
            json.put("sent", letter.json().path("source").asText());
        } else {
            Event mended = mended(event, edited);
            letters.sendInstead(destination, id, mended);
            json.put("sent", destination).put("messageId", mended.messageId());
        }
        return Console.answer(exchange, json);
    }

    private static ObjectNode object(byte[] bytes) throws ApiException {
        try {
            if (Console.JSON.readTree(bytes) instanceof ObjectNode object) {
                return object;
            }
        } catch (IOException e) {
            // told below
        }
        throw new ApiException(400, "the body must be the JSON of one event");
    }

    /**
     * As ingestion would take it from its source, but what is fixed at ingestion, and what destinations de-duplicate on,
     * stays as it was. What the source drops has been dropped, so nothing is redacted anew.
     */
    private Event mended(Event accepted, ObjectNode edited) throws Exception {
        ObjectNode sent = withoutOwn(edited);
        ReadResult result;
        try {
            result = explanations.read(
                    Console.JSON.writeValueAsBytes(sent),
                    accepted.source(),
                    accepted.type().wireName());
        } catch (IllegalArgumentException e) {
            throw new ApiException(400, String.valueOf(e.getMessage()));
        }
        if (!result.invalid().isEmpty()) {
            throw new ApiException(400, result.invalid().get(0).error());
        }
        if (result.accepted().size() != 1) {
            throw new ApiException(400, "the body must be one event");
        }
        JsonNode before = Console.JSON.readTree(accepted.json());
        ObjectNode read = (ObjectNode)
                Console.JSON.readTree(result.accepted().events().get(0).json());
        read = withoutOwn(read);
        for (Map.Entry<String, JsonNode> member : before.properties()) {
            if (isOwn(member.getKey()) || member.getKey().equals("messageId")) {
                read.set(member.getKey(), member.getValue());
            }
        }
        if (edited.path("timestamp").equals(before.path("timestamp"))) {
            read.set("timestamp", before.get("timestamp"));
            if (!edited.has("originalTimestamp")) {
                read.remove("originalTimestamp"); // what was accepted without it is delivered without it
            }
        }
        return EventCodec.decode(Console.JSON.writeValueAsBytes(read)).get(0);
    }

    private static ObjectNode withoutOwn(JsonNode event) {
        ObjectNode rest = event.deepCopy();
        List<String> names = new ArrayList<>();
        rest.fieldNames().forEachRemaining(names::add);
        names.stream().filter(EventPages::isOwn).forEach(rest::remove);
        return rest;
    }

    private static boolean isOwn(String member) {
        return OWN.contains(member) || member.startsWith(OWN_PREFIX);
    }

    /** For a test event: what it is. */
    static ObjectNode testEvent(String messageId) {
        ObjectNode event = JsonNodeFactory.instance
                .objectNode()
                .put("type", "track")
                .put("event", "Test Event")
                .put("userId", "evefan-test")
                .put("messageId", messageId);
        event.putObject("context").put("test", true);
        return event;
    }
}
