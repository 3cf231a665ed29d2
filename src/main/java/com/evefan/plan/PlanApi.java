package com.evefan.plan;

import com.evefan.admin.Administration;
import com.evefan.admin.ApiException;
import com.evefan.journal.History;
import com.evefan.journal.Journal;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/** Writes a first tracking plan, by the events in the journal; bound as {@code planApi}. */
public final class PlanApi {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String SINCE = "since=";

    private final Supplier<Journal> journal;

    public PlanApi(Supplier<Journal> journal) {
        this.journal = journal;
    }

    /**
     * A plan that the events keep to that were accepted {@code since} a time, or all that are kept. One at a time: reading
     * the journal takes the disk.
     */
    public synchronized byte[] infer(@Header(Exchange.HTTP_QUERY) @Nullable String query, Exchange exchange)
            throws ApiException, JsonProcessingException {
        History history = journal.get().history();
        History.Kept kept = history.kept();
        long next = query == null || query.isEmpty() ? kept.first() : history.since(since(query));
        PlanInference inference = new PlanInference();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        long events = 0;
        boolean late = false;
        try (History.Cursor cursor = history.from(next)) {
            for (History.Page page = cursor.next(kept.end()); page != null && !late; page = cursor.next(kept.end())) {
                page.events().forEach(inference::add);
                events += page.events().size();
                late = System.nanoTime() - deadline > 0;
            }
        }
        ObjectNode plan = JSON.createObjectNode().put("events", events);
        if (late) {
            plan.put("note", "it took too long: later events are not looked at");
        } else if (!inference.isWhole()) {
            plan.put("note", "there are more names, or deeper values, than stand here");
        }
        plan.set("rules", inference.rules());
        Message message = exchange.getMessage();
        message.removeHeaders("*");
        message.setHeader(Exchange.CONTENT_TYPE, Administration.JSON_TYPE);
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(plan);
    }

    private static Instant since(String query) throws ApiException {
        try {
            if (query.startsWith(SINCE)) {
                return Instant.parse(URLDecoder.decode(query.substring(SINCE.length()), StandardCharsets.UTF_8));
            }
        } catch (DateTimeException | IllegalArgumentException e) {
            // told below
        }
        throw new ApiException(400, "since must be a time such as 2026-11-23T03:00:00Z, was '" + query + "'");
    }
}
