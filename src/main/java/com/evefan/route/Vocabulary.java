package com.evefan.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import java.util.TreeSet;

/** The words of Camel's YAML, from the schema that it brings for editors. */
final class Vocabulary {
    private static final String SCHEMA = "/schema/camelYamlDsl.json";
    private static final String STEPS = "org.apache.camel.model.ProcessorDefinition";

    private final JsonNode definitions;

    private Vocabulary(JsonNode definitions) {
        this.definitions = definitions;
    }

    /** Reads it; where Camel brings no schema, it has no words. */
    static Vocabulary read() {
        try (InputStream schema = Vocabulary.class.getResourceAsStream(SCHEMA)) {
            JsonMapper json = new JsonMapper();
            JsonNode root = schema == null ? json.createObjectNode() : json.readTree(schema);
            return new Vocabulary(root.path("items").path("definitions"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("a resource of camel-yaml-dsl", e);
        }
    }

    /** What may stand in {@code steps}. */
    Set<String> steps() {
        return names(definitions.path(STEPS));
    }

    /** What may stand below {@code name}, which is a step or another part of a route. */
    Set<String> fields(String name) {
        if (name.equals("route")) {
            return names(definitions.path("org.apache.camel.model.RouteDefinition"));
        }
        for (JsonNode definition : definitions) {
            String reference =
                    definition.path("properties").path(name).path("$ref").asText();
            if (!reference.isEmpty()) {
                return names(definitions.path(reference.substring(reference.lastIndexOf('/') + 1)));
            }
        }
        return Set.of();
    }

    private static Set<String> names(JsonNode definition) {
        Set<String> names = new TreeSet<>();
        definition.path("properties").fieldNames().forEachRemaining(names::add);
        for (JsonNode form : definition.path("oneOf")) {
            form.path("properties").fieldNames().forEachRemaining(names::add);
        }
        return names;
    }
}
