package com.evefan.destination.postgres;

import com.evefan.delivery.PartialDeliveryException;
import com.evefan.delivery.Rejected;
import com.evefan.delivery.RejectedException;
import com.evefan.delivery.RetryableException;
import com.evefan.delivery.SetUpException;
import com.evefan.event.Event;
import com.evefan.event.EventBatch;
import com.evefan.event.Person;
import com.evefan.warehouse.EventShapes;
import com.evefan.warehouse.RowAssembler;
import com.evefan.warehouse.Table;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Writes batches: all of a batch or nothing, and of every {@code messageId} one row, however often it comes.
 *
 * <p>Nearly every batch holds new events only and is copied straight into the tables. Where an id turns out to be there
 * already, the batch is rolled back, copied into temporary tables and goes on from there where its ids are new.
 */
public final class PostgresWriter implements AutoCloseable {
    /** A batch survives that many changes of a table under it, but for one. */
    private static final int ATTEMPTS = 3;

    private final HikariDataSource pool;
    private final PostgresSettings settings;
    private final PostgresStatements statements;
    private final PostgresTables tables;
    private final EventShapes shapes;
    private final @Nullable PostgresUpkeep upkeep;
    private final AtomicBoolean started = new AtomicBoolean();

    /** @param pool of {@link PostgresPool} */
    public PostgresWriter(HikariDataSource pool, PostgresSettings settings) {
        this.pool = pool;
        this.settings = settings;
        this.statements = new PostgresStatements(settings.schema());
        this.tables = new PostgresTables(settings);
        this.shapes =
                new EventShapes(settings.views().maxEvents(), settings.views().maxColumns());
        boolean kept = settings.views().maxEvents() > 0
                || !settings.indexes().isEmpty()
                || settings.partitions().period() != null;
        this.upkeep = kept ? new PostgresUpkeep(PostgresPool.beside(settings), settings, shapes) : null;
    }

    PostgresUpkeep upkeep() {
        return Objects.requireNonNull(upkeep);
    }

    /** No more views, indexes and partitions are made. */
    @Override
    public void close() {
        if (upkeep != null) {
            upkeep.close();
        }
    }

    /**
     * Writes {@code batch}; when this returns, its rows are committed.
     *
     * @throws RejectedException when an event in it cannot be stored
     * @throws RetryableException when the server is away, busy or full
     * @throws SetUpException when no batch could be stored: no permission, a wrong password
     * @throws PartialDeliveryException when a table takes no rows at all, because somebody has changed it: names its
     *     events; the others are stored
     */
    public void write(EventBatch batch)
            throws RejectedException, RetryableException, SetUpException, PartialDeliveryException {
        if (batch.size() == 0) {
            return;
        }
        startUpkeep();
        try {
            List<Rejected> refused = new ArrayList<>();
            writePatiently(byTable(batch), refused);
            if (!refused.isEmpty()) {
                throw new PartialDeliveryException(refused, List.of(), null);
            }
        } catch (SQLException e) {
            raise(e);
        }
    }

    /** Not before anything is written: a dry run makes none. */
    private void startUpkeep() {
        if (upkeep != null && started.compareAndSet(false, true)) {
            upkeep.start();
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

    /** Once more, with what the tables are like then, where somebody has changed them meanwhile. */
    private void writePatiently(Map<Table, List<Event>> events, List<Rejected> refused) throws SQLException {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            refused.clear();
            try {
                if (writeNewOrAny(events, refused)) {
                    return;
                }
            } catch (SQLException e) {
                if (attempt == ATTEMPTS || !PostgresErrors.mayBeOfTables(e) || !haveChanged()) {
                    throw e;
                }
            }
        }
        throw new SQLException("the tables are changed again and again");
    }

    private boolean haveChanged() throws SQLException {
        try (Connection connection = pool.getConnection()) {
            boolean changed = tables.haveChanged(connection);
            connection.rollback();
            return changed;
        }
    }

    private boolean writeNewOrAny(Map<Table, List<Event>> events, List<Rejected> refused) throws SQLException {
        try {
            return transact(events, refused, this::copyNew);
        } catch (SQLException e) {
            if (!PostgresErrors.isDuplicate(e)) {
                throw e;
            }
            refused.clear();
            return transact(events, refused, this::copyAny);
        }
    }

    /**
     * Makes the tables that are missing, so that they can be queried before the first event.
     *
     * @throws SetUpException as {@link #write} does, and so the others
     */
    public void prepare() throws RejectedException, RetryableException, SetUpException {
        startUpkeep();
        try {
            transact(Map.of(), new ArrayList<>(), (connection, table, events) -> {});
        } catch (SQLException e) {
            raise(e);
        }
    }

    /**
     * Deletes the rows of {@code person}, or only counts them; returns how many there were, by table.
     *
     * @throws SQLException in the server's own words; nothing is deleted then
     */
    public SortedMap<String, Long> erase(Person person, boolean dryRun) throws SQLException {
        SortedMap<String, Long> rows = new TreeMap<>();
        List<String> any = new ArrayList<>(person.userIds());
        any.addAll(person.anonymousIds());
        try (Connection connection = pool.getConnection()) {
            try {
                for (Table table : Table.ALL) {
                    String what = (dryRun ? "SELECT count(*) FROM " : "DELETE FROM ") + statements.qualified(table)
                            + " WHERE user_id::text = ANY (?) OR anonymous_id::text = ANY (?)"
                            + (table.equals(Table.ALIASES) ? " OR previous_id::text = ANY (?)" : "");
                    long count = isThere(connection, table) ? count(connection, what, person, any, table) : 0;
                    if (count > 0) {
                        rows.put(table.name(), count);
                    }
                }
                connection.commit();
            } catch (SQLException | RuntimeException e) {
                rollBack(connection, e);
                throw e;
            }
        }
        return rows;
    }

    private boolean isThere(Connection connection, Table table) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT to_regclass(?) IS NOT NULL")) {
            query.setString(1, statements.qualified(table));
            try (ResultSet answer = query.executeQuery()) {
                return answer.next() && answer.getBoolean(1);
            }
        }
    }

    private static long count(Connection connection, String sql, Person person, List<String> any, Table table)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(
                    1, connection.createArrayOf("text", person.userIds().toArray()));
            statement.setArray(
                    2, connection.createArrayOf("text", person.anonymousIds().toArray()));
            if (table.equals(Table.ALIASES)) {
                statement.setArray(3, connection.createArrayOf("text", any.toArray()));
            }
            if (!statement.execute()) {
                return statement.getUpdateCount();
            }
            try (ResultSet answer = statement.getResultSet()) {
                return answer.next() ? answer.getLong(1) : 0;
            }
        }
    }

    /** Whether it is done; false, and nothing is stored, where the tables are not what they were. */
    private boolean transact(Map<Table, List<Event>> events, List<Rejected> refused, Copy copy) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            try {
                if (copyAll(connection, events, refused, copy)) {
                    connection.commit();
                    return true;
                }
                connection.rollback();
                return false;
            } catch (SQLException | RuntimeException e) {
                rollBack(connection, e);
                throw e;
            }
        }
    }

    private boolean copyAll(Connection connection, Map<Table, List<Event>> events, List<Rejected> refused, Copy copy)
            throws SQLException {
        Map<Table, StoredTable> stored = tables.ensure(connection);
        List<StoredTable> used = new ArrayList<>(events.size());
        for (Map.Entry<Table, List<Event>> entry : events.entrySet()) {
            StoredTable table = Objects.requireNonNull(stored.get(entry.getKey()));
            used.add(table);
            String problem = table.problem();
            if (problem == null) {
                copy.into(connection, table, entry.getValue());
            } else {
                entry.getValue().forEach(event -> refused.add(new Rejected(event, problem, "table")));
            }
        }
        return events.isEmpty() || tables.areCurrent(connection, used);
    }

    /** The pool does not see what COPY does on the connection beneath it, and would not roll back. */
    private static void rollBack(Connection connection, Exception cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    /**
     * Whatever failed but an event, it may be the session: a server that is a standby now, a time-out that was set and
     * taken back, a dead server. The next attempt gets a new one.
     */
    private void raise(SQLException error) throws RejectedException, RetryableException, SetUpException {
        if (!PostgresErrors.isOfEvents(error)) {
            pool.getHikariPoolMXBean().softEvictConnections();
        }
        if (settings.embedded() && PostgresErrors.isUnreachable(error)) {
            throw new RetryableException(
                    "the embedded PostgreSQL does not answer at " + settings.url()
                            + ": see postgres-server/postgres.log in evefan.data.directory, and start Evefan again",
                    error);
        }
        if (PostgresErrors.isLocked(error)) {
            throw new RetryableException(PostgresErrors.words(error) + lockHolders(), error);
        }
        PostgresErrors.raise(error);
    }

    private String lockHolders() {
        try (Connection connection = pool.getConnection()) {
            String holders = PostgresLocks.holders(connection, settings.schema());
            connection.rollback();
            return holders;
        } catch (SQLException e) {
            return "";
        }
    }

    private void copyNew(Connection connection, StoredTable table, List<Event> events) throws SQLException {
        copy(connection, statements.copy(table), table, events);
    }

    private void copyAny(Connection connection, StoredTable table, List<Event> events) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(statements.createStaging(table));
            copy(connection, statements.copyToStaging(table), table, events);
            statement.execute(statements.insertFromStaging(table));
        }
    }

    /** The server stores the first rows while the next ones are made. */
    private void copy(Connection connection, String sql, StoredTable table, List<Event> events) throws SQLException {
        CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
        try {
            CopyRows rows = table.exact() ? new CopyBinary(copy::writeToCopy) : new CopyText(copy::writeToCopy);
            RowAssembler assembler = new RowAssembler(
                    settings.extraFields() || table.older(),
                    Instant.now(),
                    settings.views().maxEvents() > 0 ? shapes : null);
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
    private interface Copy {
        void into(Connection connection, StoredTable table, List<Event> events) throws SQLException;
    }
}
