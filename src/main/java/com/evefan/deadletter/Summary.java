package com.evefan.deadletter;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Dead letters of one queue, counted by error and the first line of their reason. */
final class Summary {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int MOST_REASONS = 100;

    private final Map<Why, Count> counts = new LinkedHashMap<>();
    private long total;
    private long foreign;

    private record Why(String error, String reason) {}

    private record Count(long count, Instant first, Instant last, String example) {}

    void add(DeadLetter letter) {
        total++;
        foreign += letter.isForeign() ? 1 : 0;
        Why why = new Why(letter.error(), letter.reason().lines().findFirst().orElse(""));
        if (!counts.containsKey(why) && counts.size() >= MOST_REASONS) {
            why = new Why("others", "more than " + MOST_REASONS + " different reasons");
        }
        Instant at = letter.lastFailure();
        Count known = counts.getOrDefault(why, new Count(0, at, at, letter.reason()));
        Instant first = at.isBefore(known.first()) ? at : known.first();
        counts.put(
                why,
                new Count(known.count() + 1, first, at.isAfter(known.last()) ? at : known.last(), known.example()));
    }

    ObjectNode json() {
        ObjectNode json = JSON.createObjectNode().put("count", total);
        if (foreign > 0) {
            json.put("foreign", foreign);
        }
        ArrayNode reasons = json.putArray("reasons");
        counts.forEach((why, count) -> {
            ObjectNode reason = reasons.addObject()
                    .put("error", why.error())
                    .put("reason", why.reason())
                    .put("count", count.count())
                    .put("first", count.first().toString())
                    .put("last", count.last().toString());
            if (!count.example().equals(why.reason()) && !why.error().equals("others")) {
                reason.put("example", count.example());
            }
        });
        return json;
    }
}
