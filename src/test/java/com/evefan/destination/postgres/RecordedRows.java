package com.evefan.destination.postgres;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Rows that the original stored, recorded, against ours for the same requests. */
public final class RecordedRows {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Query database;
    private final Map<String, String> unexplained = new TreeMap<>();
    private final Set<String> ids = new HashSet<>();
    private int compared;

    /** Asks our database. */
    @FunctionalInterface
    public interface Query {
        /** The first column of the first row; null where there is none. */
        @Nullable
        String text(String sql) throws Exception;
    }

    public RecordedRows(Query database) {
        this.database = database;
    }

    /** How many rows of both were found and compared. */
    public int compared() {
        return compared;
    }

    /** What differs for no reason that {@link OracleDifference} names: request, table and column, and the values. */
    public Map<String, String> unexplained() {
        return unexplained;
    }

    /**
     * Compares the rows of one request.
     *
     * @param tables what the original stored of it: rows by table
     */
    public void compare(JsonNode request, JsonNode tables) throws Exception {
        for (Map.Entry<String, JsonNode> table : tables.properties()) {
            for (JsonNode row : table.getValue()) {
                String id = row.get("id").asText();
                // An id made at ingestion finds no row. The original kept a row for every time an id came, we the
                // first.
                if (!id.equals("$UUID") && ids.add(id)) {
                    compare(request.get("id").asText(), table.getKey(), id, row);
                }
            }
        }
    }

    private void compare(String request, String table, String id, JsonNode theirs) throws Exception {
        JsonNode ours = stored(table, id);
        if (ours == null) {
            if (!OracleDifference.isNotStored(request)) {
                unexplained.put(request + " " + table, "no row " + id);
            }
            return;
        }
        compared++;
        List<String> columns = new ArrayList<>();
        ours.fieldNames().forEachRemaining(columns::add);
        for (String column : columns) {
            if (OracleDifference.of(request, column, theirs, ours).isEmpty()) {
                unexplained.put(
                        request + " " + table + " " + column, theirs.path(column) + " is now " + ours.path(column));
            }
        }
    }

    /** The row of the event, by its id alone: for another source than the one with plain ids its name stands before it. */
    private @Nullable JsonNode stored(String table, String id) throws Exception {
        String quoted = "'" + id.replace("'", "''") + "'";
        String row = database.text("SELECT (SELECT to_json(t) FROM " + table + " t WHERE id IN (" + quoted
                + ", source || ':' || " + quoted + "))");
        return row == null ? null : ((ObjectNode) JSON.readTree(row)).put("id", id);
    }
}
