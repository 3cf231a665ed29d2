package com.evefan.destination.postgres;

import com.evefan.delivery.RejectedException;
import com.evefan.delivery.RetryableException;
import com.evefan.delivery.SetUpException;
import com.evefan.event.Event;
import com.evefan.event.EventBatch;
import com.evefan.warehouse.Row;
import com.evefan.warehouse.Table;
import com.evefan.warehouse.WarehouseRows;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Writes batches: all of a batch or nothing, and of every {@code messageId} one row, however often it comes.
 *
 * <p>Rows are copied into a temporary table and go on from there where their id is new.
 */
public final class PostgresWriter {
    private final DataSource dataSource;
    private final PostgresStatements statements;
    private final PostgresTables tables;

    /**
     * @param dataSource of {@link PostgresPool}
     * @param schema in which the tables stand
     */
    public PostgresWriter(DataSource dataSource, String schema) {
        this.dataSource = dataSource;
        this.statements = new PostgresStatements(schema);
        this.tables = new PostgresTables(statements);
    }

    /**
     * Writes {@code batch}; when this returns, its rows are committed.
     *
     * @throws RejectedException when an event in it cannot be stored
     * @throws RetryableException when the server is away, busy or full
     * @throws SetUpException when no batch could be stored: no permission, a wrong password, unsuitable tables
     */
    public void write(EventBatch batch) throws RejectedException, RetryableException, SetUpException {
        if (batch.size() == 0) {
            return;
        }
        Map<Table, CopyRows> rows = rows(batch);
        try {
            try {
                write(rows);
            } catch (SQLException e) {
                if (!PostgresErrors.isMissingTable(e)) {
                    throw e;
                }
                tables.forget();
                write(rows);
            }
        } catch (SQLException e) {
            PostgresErrors.raise(e);
        }
    }

    private static Map<Table, CopyRows> rows(EventBatch batch) {
        Map<Table, CopyRows> rows = new LinkedHashMap<>();
        for (Event event : batch.events()) {
            Row row = WarehouseRows.row(event);
            rows.computeIfAbsent(row.table(), table -> new CopyRows()).add(row);
        }
        rows.values().forEach(CopyRows::end);
        return rows;
    }

    private void write(Map<Table, CopyRows> rows) throws SQLException, SetUpException {
        try (Connection connection = dataSource.getConnection()) {
            // Closing without a commit rolls back.
            tables.ensure(connection);
            PGConnection postgres = connection.unwrap(PGConnection.class);
            StringBuilder inserts = new StringBuilder();
            for (Map.Entry<Table, CopyRows> table : rows.entrySet()) {
                CopyIn copy = postgres.getCopyAPI().copyIn(statements.copy(table.getKey()));
                copy.writeToCopy(table.getValue().bytes(), 0, table.getValue().length());
                copy.endCopy();
                inserts.append(statements.insert(table.getKey())).append(';');
            }
            try (Statement statement = connection.createStatement()) {
                statement.execute(inserts.toString());
            }
            connection.commit();
        }
    }
}
