package com.evefan.destination.postgres;

import com.evefan.warehouse.SnakeName;
import com.evefan.warehouse.Table;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

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

    private static final String PARTITIONED = """
            SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = ? AND c.relkind = 'p'
            """;

    /** Partitions of a table that have no part of an index of it. */
    private static final String LACKING = """
            SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent
            JOIN pg_namespace n ON n.oid = p.relnamespace
            WHERE n.nspname = ? AND p.relname = ? AND NOT EXISTS (SELECT 1 FROM pg_index x
              JOIN pg_inherits xi ON xi.inhrelid = x.indexrelid JOIN pg_class xp ON xp.oid = xi.inhparent
              WHERE x.indrelid = c.oid AND xp.relnamespace = n.oid AND xp.relname = ?)
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
                List<String> partitioned = names(connection, PARTITIONED);
                for (Wanted index : wanted()) {
                    Table table = index.table();
                    String name = "evefan_" + table.name() + "_" + index.column();
                    if (partitioned.contains(table.name())) {
                        makePartitioned(connection, statement, name, table, index.columns());
                    } else {
                        make(connection, statement, name, statements.qualified(table) + index.columns());
                    }
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

    /**
     * On a partitioned table, which has no CONCURRENTLY: beneath an index of nothing one of each partition, until the one
     * above has all.
     */
    private void makePartitioned(Connection connection, Statement statement, String name, Table table, String columns)
            throws SQLException {
        String index = statements.inSchema(name);
        statement.execute("CREATE INDEX IF NOT EXISTS " + PostgresStatements.quoted(name) + " ON ONLY "
                + statements.qualified(table) + columns);
        for (String partition : names(connection, LACKING, table.name(), name)) {
            String part =
                    SnakeName.fitting(name + partition.substring(table.name().length()));
            make(connection, statement, part, statements.inSchema(partition) + columns);
            statement.execute("ALTER INDEX " + index + " ATTACH PARTITION " + statements.inSchema(part));
        }
    }

    private List<String> names(Connection connection, String sql, String... names) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setString(1, settings.schema());
            for (int i = 0; i < names.length; i++) {
                query.setString(i + 2, names[i]);
            }
            List<String> found = new ArrayList<>();
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    found.add(rows.getString(1));
                }
            }
            return found;
        }
    }

    private record Wanted(Table table, String column) {
        String columns() {
            return column.equals("event")
                    ? " (event_text, \"timestamp\")"
                    : " (" + PostgresStatements.quoted(column) + ")";
        }
    }

    /** What {@code users} and {@code accounts} are read by is always among them. */
    private Set<Wanted> wanted() {
        Set<Wanted> wanted = new LinkedHashSet<>();
        if (settings.views().maxEvents() > 0) {
            wanted.add(new Wanted(Table.IDENTIFIES, "user_id"));
            wanted.add(new Wanted(Table.GROUPS, "group_id"));
        }
        for (String column : settings.indexes()) {
            for (Table table : Table.ALL) {
                if (table.columns().stream().anyMatch(any -> any.name().equals(column))) {
                    wanted.add(new Wanted(table, column));
                }
            }
        }
        return wanted;
    }

    private static boolean isTrue(Statement statement, String sql) throws SQLException {
        try (ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() && rows.getBoolean(1);
        }
    }
}
