package com.evefan.destination.bigquery;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Tables that someone else has made at {@link BigQueryServer}. */
final class ExistingTables {
    private ExistingTables() {}

    /** @param columns {@code name:TYPE} or {@code name:TYPE:MODE}, separated by commas */
    static StoredTable put(BigQueryServer server, String name, String columns) {
        ObjectNode resource = JsonNodeFactory.instance.objectNode();
        resource.put("kind", "bigquery#table").put("type", "TABLE").put("description", "mine");
        resource.putObject("tableReference")
                .put("projectId", "proj")
                .put("datasetId", "evefan")
                .put("tableId", name);
        ArrayNode fields = resource.putObject("schema").putArray("fields");
        for (String column : columns.split(",")) {
            String[] parts = column.split(":");
            ObjectNode field = fields.addObject().put("name", parts[0]).put("type", parts[1]);
            if (parts.length > 2) {
                field.put("mode", parts[2]);
            }
        }
        StoredTable table = new StoredTable(resource);
        server.datasets.add("evefan");
        server.tables.put("evefan/" + name, table);
        return table;
    }

    static void view(BigQueryServer server, String name, String query) {
        ObjectNode resource = put(server, name, "mine:INTEGER").resource.put("type", "VIEW");
        resource.putObject("view").put("query", query).put("useLegacySql", false);
    }
}
