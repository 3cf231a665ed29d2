package com.evefan.plan;

import com.evefan.event.EventType;
import com.evefan.event.Plan;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rules in {@code plans/*.json}: each file is one, or holds several under {@code rules}, in the form of Segment's
 * tracking plans: {@code {"type": "TRACK", "key": "Order Completed", "version": 1, "jsonSchema": {...}}}. The schema is that
 * of the whole event. Of several versions an event chooses one by {@code context.protocols.event_version}; the oldest
 * counts where it does not.
 */
public final class TrackingPlan {
    /** For sources without one. */
    public static final TrackingPlan NONE = new TrackingPlan(new TreeMap<>(), false, Clock.systemUTC());

    private static final long MOST_FILE_BYTES = 4L << 20;
    private static final int MOST_RULES = 5_000;

    /** What is counted where no rule is for an event. */
    private static final String UNPLANNED = "(unplanned)";

    private static final Set<EventType> NAMELESS = Set.of(EventType.IDENTIFY, EventType.GROUP, EventType.ALIAS);

    /** Segment's own, which say nothing here. */
    private static final Set<String> MEMBERS =
            Set.of("type", "key", "version", "jsonSchema", "createdAt", "updatedAt", "deprecatedAt");

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();
    /** Of two members with one name the last counts, as with destinations. */
    private static final JsonMapper EVENTS = new JsonMapper();

    private final SortedMap<String, SortedMap<Integer, PlanRule>> rules;
    private final boolean unplannedBreaks;
    private final Clock clock;
    private final Map<Breach, Broken> broken = new HashMap<>();

    /**
     * What was broken by whom.
     *
     * @param event its name as the plan has it, or else {@value #UNPLANNED}
     */
    public record Breach(String source, String event) {}

    /**
     * How often, since the start; an event that is sent again counts again.
     *
     * @param last where it was broken last, free of the event's values
     */
    public record Broken(long count, String last, Instant lastAt) {}

    private TrackingPlan(SortedMap<String, SortedMap<Integer, PlanRule>> rules, boolean unplannedBreaks, Clock clock) {
        this.rules = rules;
        this.unplannedBreaks = unplannedBreaks;
        this.clock = clock;
    }

    /**
     * The plan in {@code directory}.
     *
     * @param unplannedBreaks whether a track event that no rule is for breaks it
     * @param problems takes what is wrong with its files
     */
    public static TrackingPlan read(Path directory, boolean unplannedBreaks, Clock clock, List<String> problems) {
        SortedMap<String, SortedMap<Integer, PlanRule>> rules = new TreeMap<>();
        List<Path> files;
        try (Stream<Path> all = Files.list(directory)) {
            files = all.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            problems.add("evefan.plans.directory cannot be read: " + e);
            files = List.of();
        }
        for (Path file : files) {
            try {
                if (Files.size(file) > MOST_FILE_BYTES) {
                    throw new IllegalArgumentException("a plan's file has at most " + MOST_FILE_BYTES + " bytes");
                }
                add(JSON.readTree(Files.readAllBytes(file)), rules);
            } catch (IOException | IllegalArgumentException | StackOverflowError e) {
                problems.add(file + ": " + e.getMessage());
            }
        }
        if (rules.isEmpty() && problems.isEmpty()) {
            problems.add(
                    "evefan.plans.directory: there is no rule in " + directory + "/*.json, and a source has .plan");
        }
        return new TrackingPlan(rules, unplannedBreaks, clock);
    }

    private static void add(JsonNode file, SortedMap<String, SortedMap<Integer, PlanRule>> rules) {
        if (file.has("rules")) {
            if (!file.get("rules").isArray()) {
                throw new IllegalArgumentException("rules must be an array");
            }
            file.get("rules").forEach(rule -> addRule(rule, rules));
        } else {
            addRule(file, rules);
        }
    }

    private static void addRule(JsonNode rule, SortedMap<String, SortedMap<Integer, PlanRule>> rules) {
        if (!rule.isObject()) {
            throw new IllegalArgumentException("a rule is an object with type, key, version and jsonSchema");
        }
        rule.fieldNames().forEachRemaining(name -> {
            if (!MEMBERS.contains(name)) {
                throw new IllegalArgumentException(
                        "a rule has no member " + name + ", only type, key, version and jsonSchema");
            }
        });
        EventType type = EventType.of(rule.path("type").asText("track").toLowerCase(Locale.ROOT))
                .orElseThrow(() -> new IllegalArgumentException(
                        "type must be TRACK, IDENTIFY, PAGE, SCREEN, GROUP or ALIAS, was " + rule.get("type")));
        String key = rule.path("key").asText("");
        if (key.isEmpty() && type == EventType.TRACK) {
            throw new IllegalArgumentException("key must be the name of a track event");
        }
        if (!key.isEmpty() && NAMELESS.contains(type)) {
            throw new IllegalArgumentException("key must be empty: a call of " + type.wireName() + " has no name");
        }
        JsonNode version = rule.path("version");
        if (!version.isMissingNode() && !(version.isInt() && version.asInt() >= 0)) {
            throw new IllegalArgumentException("version must be a whole number, was " + version);
        }
        PlanRule made;
        try {
            made = PlanRule.of(type, key, version.asInt(1), rule.path("jsonSchema"));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name(type, key) + ": " + e.getMessage(), e);
        }
        if (rules.computeIfAbsent(name(type, key), name -> new TreeMap<>()).put(made.version(), made) != null) {
            throw new IllegalArgumentException(
                    name(type, key) + ": there is another rule of version " + made.version());
        }
        if (rules.size() > MOST_RULES) {
            throw new IllegalArgumentException("a plan has at most " + MOST_RULES + " names of events");
        }
    }

    private static String name(EventType type, String key) {
        return key.isEmpty() ? type.wireName() : type.wireName() + " " + key;
    }

    /** The plan as a source has it. */
    public Plan of(String source, Plan.Mode mode) {
        return mode == Plan.Mode.OFF ? Plan.NONE : new OfSource(source, mode);
    }

    /** What was broken since the start. */
    public Map<Breach, Broken> broken() {
        synchronized (broken) {
            return Map.copyOf(broken);
        }
    }

    private void count(String source, String event, String violation) {
        Instant now = clock.instant();
        synchronized (broken) {
            broken.merge(
                    new Breach(source, event),
                    new Broken(1, violation, now),
                    (old, one) -> new Broken(old.count + 1, violation, now));
        }
    }

    private final class OfSource implements Plan {
        private final String source;
        private final Mode mode;

        OfSource(String source, Mode mode) {
            this.source = source;
            this.mode = mode;
        }

        @Override
        public Mode mode() {
            return mode;
        }

        @Override
        public @Nullable String violation(EventType type, byte[] json) {
            JsonNode event;
            try {
                event = json.length > PlanRule.MOST_EVENT_BYTES ? null : EVENTS.readTree(json);
            } catch (IOException e) {
                return "cannot be checked against the tracking plan"; // no accepted event is like this
            }
            if (event == null) {
                String violation = "is " + json.length + " bytes; at most " + PlanRule.MOST_EVENT_BYTES
                        + " are checked against the tracking plan";
                count(source, "(too large)", violation);
                return violation;
            }
            return violation(type, event);
        }

        private @Nullable String violation(EventType type, JsonNode event) {
            String key = event.path(type == EventType.TRACK ? "event" : "name").asText("");
            String name = name(type, key);
            SortedMap<Integer, PlanRule> versions = rules.get(name);
            if (versions == null && type != EventType.TRACK) {
                name = type.wireName();
                versions = rules.get(name);
            }
            if (versions == null) {
                if (type != EventType.TRACK || !unplannedBreaks) {
                    return null;
                }
                String violation = "the tracking plan has no event of this name";
                count(source, UNPLANNED, violation);
                return violation;
            }
            JsonNode asked = event.path("context").path("protocols").path("event_version");
            PlanRule rule = asked.isInt() ? versions.get(asked.asInt()) : null;
            rule = rule == null ? Objects.requireNonNull(versions.get(versions.firstKey())) : rule;
            String found = rule.violation(event);
            if (found == null) {
                return null;
            }
            String violation = "breaks version " + rule.version() + " of the tracking plan for " + name + ": " + found;
            count(source, name, violation);
            return violation;
        }
    }

    /** How many names it has rules for. */
    public int size() {
        return rules.size();
    }

    /** The names, for people. */
    @Override
    public String toString() {
        return new ArrayList<>(rules.keySet()).toString();
    }
}
