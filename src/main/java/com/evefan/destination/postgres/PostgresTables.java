package com.evefan.destination.postgres;

import com.evefan.warehouse.Column;
import com.evefan.warehouse.ColumnType;
import com.evefan.warehouse.Table;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the tables, adds the columns that older tables lack, and knows what the others' columns are like. */
final class PostgresTables {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresTables.class);

    /** An arbitrary number that all processes share, so that one of them creates and the others wait. */
    private static final String LOCK = "SELECT pg_advisory_xact_lock(7310868746812091)";

    private static final String EXTRA_FIELDS = "extra_fields";

    /** The comment of {@code extra_fields} in a table of a version that had all of it there. */
    private static final String OLDER = "Everything without a column, as in the versions before context and properties";

    /** Without an index of this kind ON CONFLICT (id) is an error, and rows would be doubled. */
    private static final String UNIQUE_ID = """
            EXISTS (SELECT 1 FROM pg_index i JOIN pg_attribute k ON k.attrelid = i.indrelid AND k.attnum = i.indkey[0]
              LEFT JOIN pg_attribute l ON l.attrelid = i.indrelid AND l.attnum = i.indkey[1]
            WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND k.attname = 'id'
              AND (c.relkind = 'r' AND i.indnkeyatts = 1
                OR c.relkind = 'p' AND i.indnkeyatts = 2 AND l.attname = 'received_at'))
            """;

    /** A trigger may fill a column that must not be null. */
    private static final String FILLED = """
            EXISTS (SELECT 1 FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgtype & 7 = 7 AND NOT t.tgisinternal)
            """;

    /** All that makes a difference to what is written. */
    private static final String VERSIONS = """
            SELECT c.relname, c.relkind IN ('r', 'p') AS is_table, c.relkind = 'p' AS partitioned,
              concat_ws(' ', c.oid,
              (SELECT sum(hashtextextended(concat_ws(' ', a.attname, a.atttypid, a.atttypmod, a.attnotnull, a.atthasdef,
                      a.attidentity, a.attgenerated), a.attnum))
                 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)) AS columns,
            """ + UNIQUE_ID + " AS unique_id," + FILLED + """
             AS filled
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ? AND c.relname = ANY (?)
            """;

    private static final String COLUMNS = """
            SELECT a.attname, format_type(a.atttypid, a.atttypmod) AS type,
              CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.oid END::bigint AS base,
              a.attnotnull AND NOT a.atthasdef AND a.attidentity = '' AS required,
              a.attgenerated <> '' OR a.attidentity = 'a' AS generated,
              coalesce(col_description(c.oid, a.attnum), '') AS comment
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
              JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
              JOIN pg_type t ON t.oid = a.atttypid
            WHERE n.nspname = ? AND c.relname = ? ORDER BY a.attnum
            """;

    private final PostgresSettings settings;
    private final PostgresStatements statements;
    private final Map<Table, String> told = new ConcurrentHashMap<>();
    private volatile Map<Table, StoredTable> known = Map.of();

    PostgresTables(PostgresSettings settings) {
        this.settings = settings;
        this.statements = new PostgresStatements(settings.schema());
    }

    /** Makes what is missing, if this process has not yet, and commits. */
    Map<Table, StoredTable> ensure(Connection connection) throws SQLException {
        Map<Table, StoredTable> tables = known;
        if (!tables.isEmpty()) {
            return tables;
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute(LOCK);
            createSchema(connection, statement);
            tables = new LinkedHashMap<>();
            for (Table table : Table.ALL) {
                tables.put(table, ensure(connection, statement, table));
            }
        }
        connection.commit();
        tables.values().forEach(this::tell);
        known = tables;
        return tables;
    }

    /**
     * Whether {@code tables} are still what they were. After a COPY, and in its transaction, nobody can change them any
     * more; where they are not what was copied for, that has to be rolled back.
     */
    boolean areCurrent(Connection connection, Collection<StoredTable> tables) throws SQLException {
        Map<String, Version> now =
                versions(connection, tables.stream().map(StoredTable::table).toList());
        for (StoredTable table : tables) {
            if (!table.version().equals(String.valueOf(now.get(table.table().name())))) {
                known = Map.of();
                return false;
            }
        }
        return true;
    }

    /** Whether the tables are not what they were, as far as anything is known of them. */
    boolean haveChanged(Connection connection) throws SQLException {
        Map<Table, StoredTable> tables = known;
        return !tables.isEmpty() && !areCurrent(connection, tables.values());
    }

    private record Version(String columns, boolean isTable, boolean partitioned, boolean uniqueId, boolean filled) {}

    private record StoredColumn(String type, long base, boolean required, boolean generated, String comment) {}

    private void tell(StoredTable table) {
        String problem = table.problem();
        if (problem == null) {
            told.remove(table.table());
        } else if (!problem.equals(told.put(table.table(), problem))) {
            LOG.warn("PostgreSQL: {}. Its events become dead letters", problem);
        }
    }

    /** CREATE SCHEMA IF NOT EXISTS needs a right that a user of an existing schema may not have. */
    private void createSchema(Connection connection, Statement statement) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT 1 FROM pg_namespace WHERE nspname = ?")) {
            query.setString(1, statements.schema());
            try (ResultSet rows = query.executeQuery()) {
                if (rows.next()) {
                    return;
                }
            }
        }
        statement.execute(statements.createSchema());
    }

    private StoredTable ensure(Connection connection, Statement statement, Table table) throws SQLException {
        Map<String, StoredColumn> columns = columns(connection, table);
        Version version = versions(connection, List.of(table)).get(table.name());
        if (version == null) {
            if (settings.partitions().period() == null) {
                statement.execute(statements.create(table));
            } else {
                statement.execute(statements.createPartitioned(table));
                new PostgresPartitions(settings).begin(statement, table, Instant.now());
            }
            return ensure(connection, statement, table);
        }
        boolean added = false;
        if (version.isTable() && columns.containsKey(EXTRA_FIELDS) && !columns.containsKey("context")) {
            statement.execute(statements.comment(table, EXTRA_FIELDS, OLDER)); // known as such at the next start too
        }
        for (Column column : table.columns()) {
            if (version.isTable() && !columns.containsKey(column.name())) {
                statement.execute(statements.addColumn(table, column));
                added = true;
            }
        }
        return added ? ensure(connection, statement, table) : stored(connection, table, version, columns);
    }

    private StoredTable stored(Connection connection, Table table, Version version, Map<String, StoredColumn> columns)
            throws SQLException {
        String problem = problem(table, version, columns);
        boolean exact = true;
        Map<String, String> types = new HashMap<>();
        for (Column column : table.columns()) {
            StoredColumn stored = columns.get(column.name());
            if (stored == null) {
                continue; // of what is no table
            }
            types.put(column.name(), stored.type());
            if (!isExact(column.type(), stored.base())) {
                exact = false;
                if (problem == null && !converts(connection, column.type(), stored.type())) {
                    problem = statements.qualified(table) + " has a column " + column.name() + " of type "
                            + stored.type() + ", which takes no value of type "
                            + PostgresStatements.type(column.type()) + ": rename it, and Evefan adds its own";
                }
            }
        }
        StoredColumn extra = columns.get(EXTRA_FIELDS);
        boolean older = extra != null && extra.comment().equals(OLDER);
        return new StoredTable(
                table, version.toString(), Map.copyOf(types), exact, older, version.partitioned(), problem);
    }

    private @Nullable String problem(Table table, Version version, Map<String, StoredColumn> columns) {
        String name = statements.qualified(table);
        if (!version.isTable()) {
            return name + " is no table: rename it, and Evefan makes its own";
        }
        if (!version.uniqueId()) {
            return "table " + name + " has no primary key: remove rows with the same id and run ALTER TABLE " + name
                    + " ADD PRIMARY KEY (" + (version.partitioned() ? "id, received_at" : "id")
                    + "), or name another schema in evefan.postgres.schema";
        }
        for (Map.Entry<String, StoredColumn> column : columns.entrySet()) {
            boolean ours =
                    table.columns().stream().anyMatch(known -> known.name().equals(column.getKey()));
            if (ours && column.getValue().generated()) {
                return name + " has a generated column " + column.getKey()
                        + ", which Evefan has to write: rename it, and Evefan adds its own";
            }
            if (!ours && column.getValue().required() && !version.filled()) {
                return name + " has a column " + column.getKey() + " that must not be null and has no default, and"
                        + " events have nothing for it: give it a default, or allow null";
            }
        }
        return null;
    }

    /** Whether binary COPY says the same in a column of the type with this oid (PostgreSQL, pg_type.dat). */
    private static boolean isExact(ColumnType type, long oid) {
        return switch (type) {
            case TEXT -> oid == 25 || oid == 1043 || oid == 1042; // text, varchar, char
            case BOOLEAN -> oid == 16;
            case NUMBER -> oid == 701; // double precision
            case TIMESTAMP -> oid == 1184 || oid == 1114; // with time zone, and without it, which is UTC then
            case JSON -> oid == 3802; // jsonb
        };
    }

    /** Whether a column of {@code type} can be made of what Evefan writes. Of text that depends on the text. */
    private static boolean converts(Connection connection, ColumnType column, String type) throws SQLException {
        String sample = switch (column) {
            case TEXT -> null;
            case BOOLEAN -> "true";
            case NUMBER -> "1920.0";
            case TIMESTAMP -> "2026-01-02T03:04:05.678901Z";
            case JSON -> "[{\"a\": \"b\"}]";
        };
        Savepoint before = connection.setSavepoint();
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT CAST(" + (sample == null ? "NULL" : "'" + sample + "'") + " AS " + type + ")");
            connection.releaseSavepoint(before);
            return true;
        } catch (SQLException e) {
            String state = Objects.requireNonNullElse(e.getSQLState(), "");
            if (!state.startsWith("22") && !state.startsWith("42")) {
                throw e;
            }
            connection.rollback(before);
            return false;
        }
    }

    private Map<String, Version> versions(Connection connection, Collection<Table> tables) throws SQLException {
        Array names = connection.createArrayOf(
                "text", tables.stream().map(Table::name).toArray());
        try (PreparedStatement query = connection.prepareStatement(VERSIONS)) {
            query.setString(1, statements.schema());
            query.setArray(2, names);
            Map<String, Version> versions = new HashMap<>();
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    versions.put(
                            rows.getString("relname"),
                            new Version(
                                    rows.getString("columns"),
                                    rows.getBoolean("is_table"),
                                    rows.getBoolean("partitioned"),
                                    rows.getBoolean("unique_id"),
                                    rows.getBoolean("filled")));
                }
            }
            return versions;
        }
    }

    private Map<String, StoredColumn> columns(Connection connection, Table table) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(COLUMNS)) {
            query.setString(1, statements.schema());
            query.setString(2, table.name());
            Map<String, StoredColumn> columns = new LinkedHashMap<>();
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    columns.put(
                            rows.getString("attname"),
                            new StoredColumn(
                                    rows.getString("type"),
                                    rows.getLong("base"),
                                    rows.getBoolean("required"),
                                    rows.getBoolean("generated"),
                                    rows.getString("comment")));
                }
            }
            return columns;
        }
    }
}
