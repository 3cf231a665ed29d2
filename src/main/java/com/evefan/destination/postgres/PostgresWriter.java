package com.evefan.destination.postgres;

import com.evefan.delivery.RejectedException;
import com.evefan.delivery.RetryableException;
import com.evefan.delivery.SetUpException;
import com.evefan.event.Event;
import com.evefan.event.EventBatch;
import com.evefan.warehouse.RowAssembler;
import com.evefan.warehouse.Table;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Writes batches: all of a batch or nothing, and of every {@code messageId} one row, however often it comes.
 *
 * <p>Nearly every batch holds new events only and is copied straight into the tables. Where an id turns out to be there
 * already, the batch is rolled back, copied into temporary tables and goes on from there where its ids are new.
 */
public final class PostgresWriter {
    private final HikariDataSource pool;
    private final PostgresStatements statements;
    private final PostgresTables tables;

    /**
     * @param pool of {@link PostgresPool}
     * @param schema in which the tables stand
     */
    public PostgresWriter(HikariDataSource pool, String schema) {
        this.pool = pool;
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
        try {
            writePatiently(byTable(batch));
        } catch (SQLException e) {
            PostgresErrors.raise(e);
        }
    }

    private static Map<Table, List<Event>> byTable(EventBatch batch) {
        Map<Table, List<Event>> events = new LinkedHashMap<>();
        for (Event event : batch.events()) {
            events.computeIfAbsent(Table.of(event.type()), table -> new ArrayList<>(batch.size()))
                    .add(event);
        }
        return events;
    }

    private void writePatiently(Map<Table, List<Event>> events) throws SQLException, SetUpException {
        try {
            writeNewOrAny(events);
        } catch (SQLException e) {
            if (!PostgresErrors.isMissingTable(e)) {
                throw e;
            }
            tables.forget();
            writeNewOrAny(events);
        }
    }

    private void writeNewOrAny(Map<Table, List<Event>> events) throws SQLException, SetUpException {
        try {
            transact(connection -> copyNew(connection, events));
        } catch (SQLException e) {
            if (!PostgresErrors.isDuplicate(e)) {
                throw e;
            }
            transact(connection -> copyAny(connection, events));
        }
    }

    /**
     * Makes the tables that are missing, so that they can be queried before the first event.
     *
     * @throws SetUpException as {@link #write} does, and so the others
     */
    public void prepare() throws RejectedException, RetryableException, SetUpException {
        try {
            transact(connection -> {});
        } catch (SQLException e) {
            PostgresErrors.raise(e);
        }
    }

    private void transact(Work work) throws SQLException, SetUpException {
        try (Connection connection = pool.getConnection()) {
            try {
                tables.ensure(connection);
                work.in(connection);
                connection.commit();
            } catch (SQLException | SetUpException | RuntimeException e) {
                rollBack(connection, e);
                throw e;
            }
        }
    }

    /**
     * The pool does not see what COPY does on the connection beneath it: it would neither roll back nor, where the
     * server is gone, throw away its connections, all of which are dead then.
     */
    private void rollBack(Connection connection, Exception cause) {
        if (cause instanceof SQLException error && PostgresErrors.isConnectionLost(error)) {
            pool.getHikariPoolMXBean().softEvictConnections();
            return;
        }
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    private void copyNew(Connection connection, Map<Table, List<Event>> events) throws SQLException {
        for (Map.Entry<Table, List<Event>> table : events.entrySet()) {
            copy(connection, statements.copy(table.getKey()), table.getValue());
        }
    }

    private void copyAny(Connection connection, Map<Table, List<Event>> events) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (Map.Entry<Table, List<Event>> table : events.entrySet()) {
                statement.execute(statements.createStaging(table.getKey()));
                copy(connection, statements.copyToStaging(table.getKey()), table.getValue());
                statement.execute(statements.insertFromStaging(table.getKey()));
            }
        }
    }

    /** The server stores the first rows while the next ones are made. */
    private static void copy(Connection connection, String sql, List<Event> events) throws SQLException {
        CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
        try {
            CopyRows rows = new CopyRows(copy::writeToCopy);
            RowAssembler assembler = new RowAssembler();
            for (Event event : events) {
                rows.add(assembler.row(event));
            }
            rows.end();
        } catch (RuntimeException e) {
            copy.cancelCopy(); // a connection in the middle of a COPY can do nothing else, not even roll back
            throw e;
        }
        copy.endCopy();
    }

    @FunctionalInterface
    private interface Work {
        void in(Connection connection) throws SQLException;
    }
}
