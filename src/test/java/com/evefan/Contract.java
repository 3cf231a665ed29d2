package com.evefan;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Whether answers are as an OpenAPI document says: types, required and unknown members, enumerations, at every depth. */
final class Contract {
    private final JsonNode document;

    Contract(JsonNode document) {
        this.document = document;
    }

    JsonNode paths() {
        return document.path("paths");
    }

    JsonNode resolved(JsonNode node) {
        return node.has("$ref")
                ? resolved(document.at(node.path("$ref").asText().substring(1)))
                : node;
    }

    /** What of {@code value} is not as the schema of {@code name} says. */
    List<String> faults(String name, JsonNode value) {
        return faults(document.at("/components/schemas/" + name), value, name);
    }

    List<String> faults(JsonNode schemaOrReference, JsonNode value, String at) {
        JsonNode schema = resolved(schemaOrReference);
        List<String> faults = new ArrayList<>();
        if (value.isNull()) {
            if (!schema.path("nullable").asBoolean()) {
                faults.add(at + " is null");
            }
            return faults;
        }
        boolean fits = switch (schema.path("type").asText()) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            case "boolean" -> value.isBoolean();
            default -> true;
        };
        if (!fits) {
            faults.add(at + " is no " + schema.path("type").asText() + " but " + value);
            return faults;
        }
        if (schema.has("enum") && !contains(schema.path("enum"), value)) {
            faults.add(at + " is none of " + schema.path("enum") + " but " + value);
        }
        for (JsonNode required : schema.path("required")) {
            if (!value.has(required.asText())) {
                faults.add(at + " has no " + required.asText());
            }
        }
        JsonNode others = schema.path("additionalProperties");
        for (Map.Entry<String, JsonNode> member : value.properties()) {
            String path = at + "." + member.getKey();
            JsonNode known = schema.path("properties").path(member.getKey());
            if (!known.isMissingNode()) {
                faults.addAll(faults(known, member.getValue(), path));
            } else if (others.isObject()) {
                faults.addAll(faults(others, member.getValue(), path));
            } else if (others.isBoolean() && !others.asBoolean()) {
                faults.add(path + " is not in the document");
            }
        }
        if (schema.has("items")) {
            int index = 0;
            for (JsonNode item : value) {
                faults.addAll(faults(schema.path("items"), item, at + "[" + index++ + "]"));
            }
        }
        return faults;
    }

    private static boolean contains(JsonNode all, JsonNode one) {
        for (JsonNode each : all) {
            if (each.equals(one)) {
                return true;
            }
        }
        return false;
    }
}
