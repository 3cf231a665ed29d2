package com.evefan.warehouse;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The members of a JSON object that no column has taken yet, in their order; of equal names the last. */
final class Members {
    private final Map<String, Value> byName = new LinkedHashMap<>();

    /** The object at which {@code parser} stands. */
    static Members read(JsonParser parser) throws IOException {
        Members members = new Members();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            members.put(name, JsonText.value(parser));
        }
        return members;
    }

    Members copy() {
        Members copy = new Members();
        copy.byName.putAll(byName);
        return copy;
    }

    /** The value that stood under {@code name} before. */
    @Nullable
    Value put(String name, Value value) {
        return byName.put(CleanText.of(name), value);
    }

    /** A member as a text column holds it, left where it is; null where text cannot hold it. */
    @Nullable
    String text(String name) {
        Value value = byName.get(name);
        return value == null || !value.fitsText() ? null : value.asText();
    }

    @Nullable
    Value get(String name) {
        return byName.get(name);
    }

    /** Takes a member out that says no more than {@code text}, which a column holds. */
    void takeEqual(String name, @Nullable String text) {
        Value value = byName.get(name);
        if (value != null && value.fitsText() && Objects.equals(value.asText(), text)) {
            byName.remove(name);
        }
    }

    void remove(String name) {
        byName.remove(name);
    }

    boolean has(String name) {
        return byName.containsKey(name);
    }

    boolean isEmpty() {
        return byName.isEmpty();
    }

    /** Takes a member out for a text column; null, and the member stays, where text cannot hold it. */
    @Nullable
    String takeText(String name) {
        Value value = byName.get(name);
        if (value == null || !value.fitsText()) {
            return null;
        }
        byName.remove(name);
        return value.asText();
    }

    /** Takes a member out for a column that holds values of {@code kind} only. */
    @Nullable
    String take(String name, Value.Kind kind) {
        Value value = byName.get(name);
        if (value == null || value.kind() != kind) {
            return null;
        }
        byName.remove(name);
        return value.text();
    }

    void forEach(BiConsumer<String, Value> action) {
        byName.forEach(action);
    }

    /** All of them as a JSON object. */
    Value toValue() {
        JsonText json = new JsonText();
        json.start();
        byName.forEach(json::member);
        json.end();
        return new Value(Value.Kind.NESTED, json.toString());
    }
}
