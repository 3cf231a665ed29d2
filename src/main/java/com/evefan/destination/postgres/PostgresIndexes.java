package com.evefan.destination.postgres;

import com.evefan.warehouse.Column;
import com.evefan.warehouse.Table;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The indexes that are wanted beside the primary keys, made {@code CONCURRENTLY}: beside deliveries, however long it takes.
 */
final class PostgresIndexes {
    /** Of several processes one makes them. */
    private static final String LOCK = "SELECT pg_try_advisory_lock(7310868746812092)";

    private static final String UNLOCK = "SELECT pg_advisory_unlock(7310868746812092)";

    private static final String VALID = """
            SELECT i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
            JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ? AND c.relname = ?
            """;

    private final PostgresSettings settings;
    private final PostgresStatements statements;

    PostgresIndexes(PostgresSettings settings) {
        this.settings = settings;
        this.statements = new PostgresStatements(settings.schema());
    }

    /**
     * Makes what is missing; false where another process is at it. {@code connection} has no transaction; its pool sets it
     * right again.
     */
    boolean make(Connection connection) throws SQLException {
        connection.setAutoCommit(true);
        connection.setNetworkTimeout(Runnable::run, 0); // a large table takes longer than any answer
        try (Statement statement = connection.createStatement()) {
            if (!isTrue(statement, LOCK)) {
                return false;
            }
            try {
                for (Map.Entry<String, String> index : wanted().entrySet()) {
                    make(connection, statement, index.getKey(), index.getValue());
                }
            } finally {
                isTrue(statement, UNLOCK);
            }
            return true;
        }
    }

    private void make(Connection connection, Statement statement, String name, String on) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(VALID)) {
            query.setString(1, settings.schema());
            query.setString(2, name);
            try (ResultSet rows = query.executeQuery()) {
                if (rows.next()) {
                    if (rows.getBoolean(1)) {
                        return;
                    }
                    statement.execute("DROP INDEX CONCURRENTLY IF EXISTS " + statements.inSchema(name));
                }
            }
        }
        statement.execute("CREATE INDEX CONCURRENTLY " + PostgresStatements.quoted(name) + " ON " + on);
    }

    /** By name, what each is on. What {@code users} and {@code accounts} are read by is always among them. */
    private Map<String, String> wanted() {
        Map<String, String> wanted = new LinkedHashMap<>();
        if (settings.views().maxEvents() > 0) {
            put(wanted, Table.IDENTIFIES, "user_id");
            put(wanted, Table.GROUPS, "group_id");
        }
        for (String column : settings.indexes()) {
            for (Table table : Table.ALL) {
                put(wanted, table, column);
            }
        }
        return wanted;
    }

    private void put(Map<String, String> wanted, Table table, String column) {
        List<String> names = table.columns().stream().map(Column::name).toList();
        if (names.contains(column)) {
            String columns = column.equals("event") ? "event_text, \"timestamp\"" : PostgresStatements.quoted(column);
            wanted.put("evefan_" + table.name() + "_" + column, statements.qualified(table) + " (" + columns + ")");
        }
    }

    private static boolean isTrue(Statement statement, String sql) throws SQLException {
        try (ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() && rows.getBoolean(1);
        }
    }
}
