package com.evefan.enrichment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Small JSON objects of the members that are known. */
final class JsonObjects {
    private static final JsonMapper JSON = new JsonMapper();

    private JsonObjects() {}

    static ObjectNode create() {
        return JSON.createObjectNode();
    }

    static ObjectNode put(ObjectNode object, String name, @Nullable String value) {
        return value == null || value.isEmpty() ? object : object.put(name, value);
    }

    /** As bytes; empty where it has no members. */
    static Optional<byte[]> bytes(ObjectNode object) {
        try {
            return object.isEmpty() ? Optional.empty() : Optional.of(JSON.writeValueAsBytes(object));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of strings and numbers is always JSON", e);
        }
    }
}
