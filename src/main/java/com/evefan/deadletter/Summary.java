package com.evefan.deadletter;

import com.evefan.broker.BrokerQueues;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Dead letters of one queue, counted by error and reason. */
final class Summary {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int MOST_REASONS = 100;

    private final Map<Why, Count> counts = new LinkedHashMap<>();
    private long total;

    private record Why(String error, String reason) {}

    private record Count(long count, Instant first, Instant last) {}

    boolean add(DeadLetter letter) {
        total++;
        Why why = new Why(letter.error(), letter.reason());
        if (!counts.containsKey(why) && counts.size() >= MOST_REASONS) {
            why = new Why("others", "more than " + MOST_REASONS + " different reasons");
        }
        Instant at = letter.lastFailure();
        Count known = counts.getOrDefault(why, new Count(0, at, at));
        Instant first = at.isBefore(known.first()) ? at : known.first();
        counts.put(why, new Count(known.count() + 1, first, at.isAfter(known.last()) ? at : known.last()));
        return true;
    }

    ObjectNode json() {
        ObjectNode json = JSON.createObjectNode().put("count", total);
        if (total >= BrokerQueues.MOST_SHOWN) {
            json.put("message", "only the oldest " + total + " are counted");
        }
        ArrayNode reasons = json.putArray("reasons");
        counts.forEach((why, count) -> reasons.addObject()
                .put("error", why.error())
                .put("reason", why.reason())
                .put("count", count.count())
                .put("first", count.first().toString())
                .put("last", count.last().toString()));
        return json;
    }
}
