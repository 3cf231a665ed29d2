package com.evefan.deadletter;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Dead letters of one queue, counted by error and the first line of their reason; of what was refused by source too. */
final class Summary {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int MOST_REASONS = 100;
    private static final int MOST_NAMES = 20;
    private static final int HOUR = 60;
    private static final String OTHERS = "others";

    private final Instant now;
    private final Map<String, Group> groups = new LinkedHashMap<>();
    private long total;
    private long foreign;

    Summary(Instant now) {
        this.now = now;
    }

    /** Those that are dead for the same. */
    private static final class Group {
        private final DeadLetter example;
        private final boolean others;
        private final Map<String, Integer> names = new LinkedHashMap<>();
        private final int[] hour = new int[HOUR];
        private long count;
        private Instant first;
        private Instant last;

        Group(DeadLetter example, boolean others) {
            this.example = example;
            this.others = others;
            this.first = example.lastFailure();
            this.last = first;
        }

        void add(DeadLetter letter, Instant now) {
            count++;
            Instant at = letter.lastFailure();
            first = at.isBefore(first) ? at : first;
            last = at.isAfter(last) ? at : last;
            long ago = Duration.between(at, now).toMinutes();
            if (ago >= 0 && ago < HOUR && !at.isAfter(now)) {
                hour[HOUR - 1 - (int) ago]++;
            }
            String name = letter.eventName();
            if (names.containsKey(name) || names.size() < MOST_NAMES) {
                names.merge(name, 1, Integer::sum);
            }
        }

        void write(ObjectNode json) {
            String reason = others ? "more than " + MOST_REASONS + " different reasons" : example.headline();
            json.put("group", others ? OTHERS : example.group())
                    .put("error", others ? OTHERS : example.error())
                    .put("reason", reason)
                    .put("count", count)
                    .put("first", first.toString())
                    .put("last", last.toString());
            if (!others) {
                put(json, "example", example.reason().equals(reason) ? "" : example.reason());
                put(json, "source", example.source());
                put(json, "sdk", example.json().path("sdk").asText(""));
                put(json, "field", example.field());
            }
            put(
                    json,
                    "event",
                    names.entrySet().stream()
                            .max(Map.Entry.comparingByValue())
                            .map(Map.Entry::getKey)
                            .orElse(""));
            ArrayNode minutes = json.putArray("hour");
            for (int minute : hour) {
                minutes.add(minute);
            }
        }

        private static void put(ObjectNode json, String name, String value) {
            if (!value.isEmpty()) {
                json.put(name, value);
            }
        }
    }

    void add(DeadLetter letter) {
        total++;
        foreign += letter.isForeign() ? 1 : 0;
        String group = letter.error() + '\n' + letter.headline() + '\n' + letter.source();
        boolean others = !groups.containsKey(group) && groups.size() >= MOST_REASONS;
        groups.computeIfAbsent(others ? OTHERS : group, made -> new Group(letter, others))
                .add(letter, now);
    }

    ObjectNode json() {
        ObjectNode json = JSON.createObjectNode().put("count", total);
        if (foreign > 0) {
            json.put("foreign", foreign);
        }
        ArrayNode reasons = json.putArray("reasons");
        groups.values().forEach(group -> group.write(reasons.addObject()));
        return json;
    }
}
