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
    /** PostgreSQL has no key of a partitioned table without what it is partitioned by. */
    private static final String PARTITIONED_KEY = "id, received_at";

    /** For rows with new ids only: one id that is there already fails it all. */
    String copy(StoredTable table) {
        return copyInto(qualified(table.table()), table);
    }

    /** A table of this transaction, for rows of which some may be there already; its columns are those of the table. */
    String createStaging(StoredTable table) {
        String columns = join(
                table.table(),
                column -> quoted(column.name()) + " " + table.types().get(column.name()));
        return "CREATE TEMPORARY TABLE " + staging(table.table()) + " (" + columns + ") ON COMMIT DROP";
    }

    String copyToStaging(StoredTable table) {
        return copyInto(staging(table.table()), table);
    }

    /** Moves what was copied; of events with one id the first stays. */
    String insertFromStaging(StoredTable stored) {
        Table table = stored.table();
        return "INSERT INTO " + qualified(table) + " (" + names(table) + ") SELECT " + names(table) + " FROM "
                + staging(table) + " ON CONFLICT (" + (stored.partitioned() ? PARTITIONED_KEY : "id") + ") DO NOTHING";
    }

    String createSchema() {
        return "CREATE SCHEMA IF NOT EXISTS " + quoted(schema);
    }

    /** Partitions are still to be made. */
    String createPartitioned(Table table) {
        return "CREATE TABLE " + qualified(table) + " (" + definitions(table) + ", PRIMARY KEY (" + PARTITIONED_KEY
                + ")) PARTITION BY RANGE (received_at)";
    }

    String create(Table table) {
        return "CREATE TABLE IF NOT EXISTS " + qualified(table) + " (" + definitions(table) + ", PRIMARY KEY (id))";
    }

    String addColumn(Table table, Column column) {
        return "ALTER TABLE " + qualified(table) + " ADD COLUMN IF NOT EXISTS " + definition(column);
    }

    /** @param comment without quotes in it */
    String comment(Table table, String column, String comment) {
        return "COMMENT ON COLUMN " + qualified(table) + "." + quoted(column) + " IS '" + comment + "'";
    }

    /** As it stands in a statement. */
    String qualified(Table table) {
        return inSchema(table.name());
    }

    String inSchema(String name) {
        return quoted(schema) + "." + quoted(name);
    }

    private static String copyInto(String target, StoredTable table) {
        return "COPY " + target + " (" + names(table.table()) + ") FROM STDIN"
                + (table.exact() ? " (FORMAT binary)" : "");
    }

    private static String staging(Table table) {
        return quoted("pg_temp") + "." + quoted("evefan_" + table.name());
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

    /** What Evefan makes of {@code type}. */
    static String type(ColumnType type) {
        return switch (type) {
            case TEXT -> "text";
            case BOOLEAN -> "boolean";
            case NUMBER -> "double precision";
            case TIMESTAMP -> "timestamptz";
            case JSON -> "jsonb";
        };
    }

    private static String join(Table table, Function<Column, String> part) {
        return table.columns().stream().map(part).collect(Collectors.joining(", "));
    }

    static String quoted(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }
}
