package com.evefan.destination.bigquery;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** Whether everything that the original stored as JSON is in what Evefan stores. */
final class JsonContainment {
    private JsonContainment() {}

    /** {@code original} in {@code ours}, whose further members do not matter. */
    static boolean contains(JsonNode ours, JsonNode original) {
        if (original.isObject() && ours.isObject()) {
            for (Map.Entry<String, JsonNode> member : original.properties()) {
                JsonNode mine = ours.get(clean(member.getKey()));
                boolean there = mine != null && contains(mine, member.getValue());
                if (!there && !isMadeUp(member) && !isDisplaced(ours, member)) {
                    return false;
                }
            }
            return true;
        }
        if (original.isNumber() && (ours.isNumber() || ours.isTextual())) {
            return original.asDouble() == ours.asDouble(); // the original made doubles of numbers
        }
        if (original.isNull()) {
            return true; // a number beyond a double, in the original
        }
        if (original.isTextual() && ours.isTextual()) {
            return clean(original.asText()).equals(ours.asText());
        }
        if (original.isArray() && ours.isArray() && original.size() == ours.size()) {
            for (int i = 0; i < original.size(); i++) {
                if (!contains(ours.get(i), original.get(i))) {
                    return false;
                }
            }
            return true;
        }
        return original.equals(ours);
    }

    static String clean(String text) {
        StringBuilder clean = new StringBuilder();
        text.codePoints()
                .filter(c -> c != 0 && (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE))
                .forEach(clean::appendCodePoint);
        return clean.toString();
    }

    /** The location that the original made up where it knew none. */
    private static boolean isMadeUp(Map.Entry<String, JsonNode> member) {
        return member.getKey().equals("location")
                && member.getValue().path("latitude").asInt() == -1;
    }

    /** A property over a member of the context: it stands beside the context now. */
    private static boolean isDisplaced(JsonNode ours, Map.Entry<String, JsonNode> member) {
        if (!member.getKey().equals("context")) {
            return false;
        }
        JsonNode context = ours.path("context");
        JsonNode properties = ours.path("properties");
        for (Map.Entry<String, JsonNode> inner : member.getValue().properties()) {
            JsonNode mine = context.get(clean(inner.getKey()));
            JsonNode beside = properties.get(clean(inner.getKey()));
            boolean there = mine != null && contains(mine, inner.getValue())
                    || beside != null && contains(beside, inner.getValue());
            if (!there && !isMadeUp(inner)) {
                return false;
            }
        }
        return true;
    }
}
