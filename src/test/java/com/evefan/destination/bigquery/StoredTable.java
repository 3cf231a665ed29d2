package com.evefan.destination.bigquery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A table of {@link BigQueryServer}: its resource as it was created, and its rows by insert id. */
final class StoredTable {
    final ObjectNode resource;
    final Map<String, JsonNode> rows = new LinkedHashMap<>();
    /** Rows that arrived under an id that was there with other content. */
    final List<String> changed = new ArrayList<>();

    /** Column name to the number of further inserts that will not see it. */
    final Map<String, Integer> unseenColumns = new LinkedHashMap<>();

    int unseenInserts;
    int duplicates;

    StoredTable(ObjectNode resource) {
        this.resource = resource;
        if (!resource.has("type")) {
            resource.put("type", "TABLE"); // the service says so, the client does not
        }
    }

    /** Rows go in, all or, with {@code skipInvalid}, those that are valid; the answer as the API gives it. */
    ObjectNode insert(JsonNode rows, boolean skipInvalid, boolean backendFails) {
        Map<String, String> types = visibleTypes();
        ArrayNode errors = JsonNodeFactory.instance.arrayNode();
        Map<Integer, ObjectNode> byRow = new LinkedHashMap<>();
        for (int i = 0; i < rows.size(); i++) {
            ObjectNode problem = backendFails && i % 2 == 1
                    ? error("backendError", "", "Error encountered during execution. Retrying may solve the problem.")
                    : problem(types, rows.get(i).get("json"));
            if (problem != null) {
                byRow.put(i, problem);
            }
        }
        for (int i = 0; i < rows.size(); i++) {
            ObjectNode problem = byRow.get(i);
            if (problem == null && (byRow.isEmpty() || skipInvalid)) {
                store(rows.get(i));
            } else {
                ObjectNode entry = errors.addObject().put("index", i);
                entry.putArray("errors").add(problem != null ? problem : error("stopped", "", ""));
            }
        }
        ObjectNode answer = JsonNodeFactory.instance.objectNode().put("kind", "bigquery#tableDataInsertAllResponse");
        if (!errors.isEmpty()) {
            answer.set("insertErrors", errors);
        }
        return answer;
    }

    private void store(JsonNode row) {
        String id = row.path("insertId").asText();
        JsonNode before = rows.putIfAbsent(id, row.get("json"));
        if (before != null) {
            duplicates++;
            if (!withoutLoadTime(before).equals(withoutLoadTime(row.get("json")))) {
                changed.add(id);
            }
        }
    }

    private static JsonNode withoutLoadTime(JsonNode row) {
        return ((ObjectNode) row.deepCopy()).without("loaded_at");
    }

    private ObjectNode problem(Map<String, String> types, JsonNode row) {
        for (Map.Entry<String, JsonNode> field : row.properties()) {
            String type = types.get(field.getKey());
            if (type == null) {
                return error("invalid", field.getKey(), "no such field: " + field.getKey() + ".");
            }
            String problem = ValueCheck.problem(type, field.getValue());
            if (problem == null && isPartitionedOn(field.getKey())) {
                problem = ValueCheck.partitionProblem(field.getValue(), Instant.now());
            }
            if (problem != null) {
                return error("invalid", field.getKey(), problem);
            }
        }
        return null;
    }

    private boolean isPartitionedOn(String column) {
        return resource.path("timePartitioning").path("field").asText().equals(column);
    }

    private Map<String, String> visibleTypes() {
        Map<String, String> types = new LinkedHashMap<>();
        resource.path("schema")
                .path("fields")
                .forEach(field -> types.put(
                        field.get("name").asText().toLowerCase(Locale.ROOT),
                        field.get("type").asText()));
        unseenColumns.replaceAll((column, inserts) -> inserts - 1);
        unseenColumns.values().removeIf(inserts -> inserts < 0);
        types.keySet().removeAll(unseenColumns.keySet());
        return types;
    }

    private static ObjectNode error(String reason, String location, String message) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("reason", reason)
                .put("location", location)
                .put("debugInfo", "")
                .put("message", message);
    }
}
