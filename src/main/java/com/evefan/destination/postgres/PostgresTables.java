package com.evefan.destination.postgres;

import com.evefan.delivery.SetUpException;
import com.evefan.warehouse.Column;
import com.evefan.warehouse.Table;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;

/** Makes the tables, once in the life of a process, and adds the columns that older tables lack. */
final class PostgresTables {
    /** An arbitrary number that all processes share, so that one of them creates and the others wait. */
    private static final String LOCK = "SELECT pg_advisory_xact_lock(7310868746812091)";

    private static final String COLUMNS =
            "SELECT column_name FROM information_schema.columns WHERE table_schema = ? AND table_name = ?";

    /** Without an index of this kind ON CONFLICT (id) is an error. */
    private static final String UNIQUE_ID = """
            SELECT 1 FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
            WHERE i.indrelid = ?::regclass AND i.indisunique AND i.indisvalid AND i.indpred IS NULL
              AND i.indnkeyatts = 1 AND a.attname = 'id'
            """;

    private final PostgresStatements statements;
    private volatile boolean present;

    PostgresTables(PostgresStatements statements) {
        this.statements = statements;
    }

    /** Makes what is missing, if this process has not yet, and commits. */
    void ensure(Connection connection) throws SQLException, SetUpException {
        if (present) {
            return;
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute(LOCK);
            createSchema(connection, statement);
            for (Table table : Table.ALL) {
                ensure(connection, statement, table);
            }
        }
        connection.commit();
        present = true;
    }

    /** Someone has dropped or changed a table: look again before the next batch. */
    void forget() {
        present = false;
    }

    /** CREATE SCHEMA IF NOT EXISTS needs a right that a user of an existing schema may not have. */
    private void createSchema(Connection connection, Statement statement) throws SQLException {
        if (!exists(connection, "SELECT 1 FROM pg_namespace WHERE nspname = ?", statements.schema())) {
            statement.execute(statements.createSchema());
        }
    }

    private void ensure(Connection connection, Statement statement, Table table) throws SQLException, SetUpException {
        Set<String> columns = columns(connection, table);
        if (columns.isEmpty()) {
            statement.execute(statements.create(table));
            return;
        }
        for (Column column : table.columns()) {
            if (!columns.contains(column.name())) {
                statement.execute(statements.addColumn(table, column));
            }
        }
        if (!exists(connection, UNIQUE_ID, statements.qualified(table))) {
            throw new SetUpException(
                    "table " + statements.qualified(table) + " has no primary key: remove rows with the same id and run"
                            + " ALTER TABLE " + statements.qualified(table)
                            + " ADD PRIMARY KEY (id), or name another schema in evefan.postgres.schema",
                    null);
        }
    }

    private Set<String> columns(Connection connection, Table table) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(COLUMNS)) {
            query.setString(1, statements.schema());
            query.setString(2, table.name());
            Set<String> columns = new HashSet<>();
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    columns.add(rows.getString(1));
                }
            }
            return columns;
        }
    }

    private static boolean exists(Connection connection, String sql, String parameter) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setString(1, parameter);
            try (ResultSet rows = query.executeQuery()) {
                return rows.next();
            }
        }
    }
}
