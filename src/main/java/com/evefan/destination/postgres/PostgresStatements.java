package com.evefan.destination.postgres;

import com.evefan.warehouse.Column;
import com.evefan.warehouse.ColumnType;
import com.evefan.warehouse.Table;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The statements for the six tables.
 *
 * @param schema in which the tables stand
 */
record PostgresStatements(String schema) {
    /** The tables of a session into which a batch is copied before it goes on without what is there already. */
    static String createStaging() {
        return Table.ALL.stream()
                .map(table -> "CREATE TEMPORARY TABLE IF NOT EXISTS " + staging(table) + " (" + definitions(table)
                        + ") ON COMMIT DELETE ROWS")
                .collect(Collectors.joining("; "));
    }

    String copy(Table table) {
        return "COPY " + staging(table) + " (" + names(table) + ") FROM STDIN (FORMAT binary)";
    }

    /** Moves what was copied; of events with one id the first stays. */
    String insert(Table table) {
        return "INSERT INTO " + qualified(table) + " (" + names(table) + ") SELECT " + names(table) + " FROM "
                + staging(table) + " ON CONFLICT (id) DO NOTHING";
    }

    String createSchema() {
        return "CREATE SCHEMA IF NOT EXISTS " + quoted(schema);
    }

    String create(Table table) {
        return "CREATE TABLE IF NOT EXISTS " + qualified(table) + " (" + definitions(table) + ", PRIMARY KEY (id))";
    }

    String addColumn(Table table, Column column) {
        return "ALTER TABLE " + qualified(table) + " ADD COLUMN IF NOT EXISTS " + definition(column);
    }

    /** As it stands in a statement. */
    String qualified(Table table) {
        return quoted(schema) + "." + quoted(table.name());
    }

    private static String staging(Table table) {
        return quoted("evefan_" + table.name());
    }

    private static String names(Table table) {
        return join(table, column -> quoted(column.name()));
    }

    private static String definitions(Table table) {
        return join(table, PostgresStatements::definition);
    }

    private static String definition(Column column) {
        return quoted(column.name()) + " " + type(column.type());
    }

    private static String type(ColumnType type) {
        return switch (type) {
            case TEXT -> "text";
            case BOOLEAN -> "boolean";
            case TIMESTAMP -> "timestamptz";
            case JSON -> "jsonb";
        };
    }

    private static String join(Table table, Function<Column, String> part) {
        return table.columns().stream().map(part).collect(Collectors.joining(", "));
    }

    private static String quoted(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }
}
