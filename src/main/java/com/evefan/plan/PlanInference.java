package com.evefan.plan;

import com.evefan.event.Event;
import com.evefan.event.EventType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A first plan, by what events are like: which members their properties or traits have had, of which types, and which all
 * of them have had. How much it remembers is bounded, whatever the events are. For one thread.
 */
final class PlanInference {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int MOST_NAMES = 500;
    private static final int MOST_MEMBERS = 200;
    private static final int MOST_SHAPES = 50_000;
    private static final int MOST_DEPTH = 5;
    /** Of one name; more say nothing new. */
    private static final int MOST_EVENTS = 10_000;

    /** By type and name. */
    private final SortedMap<EventType, SortedMap<String, Shape>> names = new TreeMap<>();

    private int namesLeft = MOST_NAMES;
    private int shapesLeft = MOST_SHAPES;
    private boolean whole = true;

    void add(Event event) {
        try {
            JsonNode json = JSON.readTree(event.json());
            String name = event.type() == EventType.TRACK ? json.path("event").asText("") : "";
            if (!name.isEmpty() || event.type() != EventType.TRACK) {
                add(event.type(), name, json);
            }
        } catch (IOException e) {
            whole = false;
        }
    }

    private void add(EventType type, String name, JsonNode json) {
        SortedMap<String, Shape> ofType = names.computeIfAbsent(type, any -> new TreeMap<>());
        Shape shape = ofType.get(name);
        if (shape == null) {
            if (namesLeft == 0) {
                whole = false;
                return;
            }
            namesLeft--;
            shape = new Shape();
            ofType.put(name, shape);
        }
        if (shape.seen < MOST_EVENTS) {
            shape.add(json.path(container(type)), 0);
        }
    }

    private static String container(EventType type) {
        return type == EventType.IDENTIFY || type == EventType.GROUP ? "traits" : "properties";
    }

    /** Whether everything that was added stands in it. */
    boolean isWhole() {
        return whole;
    }

    /** The rules, in the form that is read from files. */
    ArrayNode rules() {
        ArrayNode rules = JSON.createArrayNode();
        names.forEach((type, shapes) -> shapes.forEach((name, shape) -> {
            ObjectNode rule = rules.addObject().put("type", type.wireName().toUpperCase(Locale.ROOT));
            if (!name.isEmpty()) {
                rule.put("key", name);
            }
            ObjectNode schema = rule.put("version", 1).putObject("jsonSchema").put("type", "object");
            schema.putObject("properties").set(container(type), shape.schema());
            if (shape.always()) {
                schema.putArray("required").add(container(type));
            }
        }));
        return rules;
    }

    /** What values in one place have been like. */
    private final class Shape {
        private final SortedSet<String> types = new TreeSet<>();
        private final Map<String, Shape> members = new TreeMap<>();
        private int seen;
        private int there;
        private int objects;
        private boolean tooManyMembers;
        private @Nullable Shape elements;

        void add(JsonNode value, int depth) {
            seen++;
            if (value.isMissingNode()) {
                return;
            }
            there++;
            if (value.isObject()) {
                types.add("object");
                objects++;
                addMembers(value, depth);
            } else if (value.isArray()) {
                types.add("array");
                for (JsonNode element : value) {
                    elements = elements == null ? shape(depth) : elements;
                    if (elements != null) {
                        elements.add(element, depth + 1);
                    }
                }
            } else {
                types.add(typeOf(value));
            }
        }

        private void addMembers(JsonNode object, int depth) {
            for (Map.Entry<String, JsonNode> member : object.properties()) {
                Shape shape = members.get(member.getKey());
                if (shape == null) {
                    shape = members.size() < MOST_MEMBERS ? shape(depth) : null;
                    if (shape == null) {
                        tooManyMembers = true;
                        continue;
                    }
                    members.put(member.getKey(), shape);
                }
                shape.add(member.getValue(), depth + 1);
            }
        }

        private @Nullable Shape shape(int depth) {
            if (shapesLeft == 0 || depth == MOST_DEPTH) {
                whole = false;
                return null;
            }
            shapesLeft--;
            return new Shape();
        }

        private static String typeOf(JsonNode value) {
            return switch (value.getNodeType()) {
                case BOOLEAN -> "boolean";
                case NUMBER -> value.isIntegralNumber() ? "integer" : "number";
                case NULL -> "null";
                default -> "string";
            };
        }

        /** Whether it was in all of the events. */
        boolean always() {
            return there == seen;
        }

        ObjectNode schema() {
            ObjectNode schema = JSON.createObjectNode();
            SortedSet<String> told = new TreeSet<>(types);
            if (told.contains("number")) {
                told.remove("integer"); // which is a number
            }
            if (told.size() == 1) {
                schema.put("type", told.first());
            } else if (!told.isEmpty()) {
                told.forEach(schema.putArray("type")::add);
            }
            if (!members.isEmpty()) {
                ObjectNode properties = schema.putObject("properties");
                ArrayNode required = JSON.createArrayNode();
                members.forEach((name, member) -> {
                    properties.set(name, member.schema());
                    if (member.there == objects) {
                        required.add(name);
                    }
                });
                if (!required.isEmpty()) {
                    schema.set("required", required);
                }
            }
            if (tooManyMembers) {
                schema.put("$comment", "it had more members than these");
            }
            if (elements != null) {
                schema.set("items", elements.schema());
            }
            return schema;
        }
    }
}
