package com.evefan.destination.postgres;

import com.evefan.warehouse.Table;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Partitions of the tables by {@code received_at}, which only grows: made ahead, and dropped when they are too old. What has
 * none yet, or none any more, goes into {@code <table>_default}, so that no delivery waits for a partition.
 */
final class PostgresPartitions {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresPartitions.class);

    /** Periods beyond the present one. */
    private static final int AHEAD = 3;

    private static final String CHILDREN = """
            SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent
            JOIN pg_namespace n ON n.oid = p.relnamespace
            WHERE n.nspname = ? AND p.relname = ? AND p.relkind = 'p' ORDER BY c.relname
            """;

    private final PostgresSettings settings;
    private final PostgresStatements statements;

    PostgresPartitions(PostgresSettings settings) {
        this.settings = settings;
        this.statements = new PostgresStatements(settings.schema());
    }

    /** How long a partition is. */
    enum Period {
        DAY("yyyyMMdd"),
        MONTH("yyyyMM");

        private final DateTimeFormatter format;

        Period(String format) {
            this.format = DateTimeFormatter.ofPattern(format);
        }

        LocalDate begin(Instant time) {
            LocalDate day = time.atZone(ZoneOffset.UTC).toLocalDate();
            return this == DAY ? day : day.withDayOfMonth(1);
        }

        LocalDate after(LocalDate begin, int periods) {
            return this == DAY ? begin.plusDays(periods) : begin.plusMonths(periods);
        }
    }

    /** In the transaction that has made {@code table}. */
    void begin(Statement statement, Table table, Instant now) throws SQLException {
        statement.execute("CREATE TABLE " + statements.inSchema(rest(table)) + " PARTITION OF "
                + statements.qualified(table) + " DEFAULT");
        for (LocalDate begin : wanted(now)) {
            statement.execute("CREATE TABLE " + statements.inSchema(name(table, begin)) + " PARTITION OF "
                    + statements.qualified(table) + " FOR VALUES" + range(begin));
        }
    }

    /**
     * Makes partitions ahead and drops old ones, of those tables that have any. Each in a transaction of its own: what fails
     * keeps no other from being done.
     *
     * @throws SQLException the first of what failed
     */
    void keep(Connection connection, Instant now) throws SQLException {
        if (settings.partitions().period() == null) {
            return;
        }
        List<SQLException> failed = new ArrayList<>();
        for (Table table : Table.ALL) {
            List<String> children = children(connection, table);
            connection.commit();
            if (children.contains(rest(table))) { // else a table as it was before, or somebody else's partitions
                keep(connection, table, children, now, failed);
            }
        }
        if (!failed.isEmpty()) {
            throw failed.get(0);
        }
    }

    private void keep(Connection connection, Table table, List<String> children, Instant now, List<SQLException> failed)
            throws SQLException {
        for (LocalDate begin : wanted(now)) {
            if (!children.contains(name(table, begin))) {
                transact(connection, add(table, begin), failed);
            }
        }
        if (settings.partitions().keepDays() > 0) {
            drop(
                    connection,
                    table,
                    children,
                    now.minus(Duration.ofDays(settings.partitions().keepDays())),
                    failed);
        }
    }

    private List<LocalDate> wanted(Instant now) {
        List<LocalDate> wanted = new ArrayList<>();
        LocalDate present = period().begin(now);
        for (int i = -1; i <= AHEAD; i++) {
            wanted.add(period().after(present, i));
        }
        return wanted;
    }

    /** Attached, for which deliveries into other partitions need not stop, with what waited for it in the default one. */
    private List<String> add(Table table, LocalDate begin) {
        String name = statements.inSchema(name(table, begin));
        String parent = statements.qualified(table);
        String rest = statements.inSchema(rest(table));
        return List.of(
                "CREATE TABLE " + name + " (LIKE " + parent + " INCLUDING DEFAULTS INCLUDING INDEXES)",
                "WITH moved AS (DELETE FROM " + rest + " WHERE received_at >= " + time(begin) + " AND received_at < "
                        + time(period().after(begin, 1)) + " RETURNING *) INSERT INTO " + name + " SELECT * FROM moved",
                "ALTER TABLE " + parent + " ATTACH PARTITION " + name + " FOR VALUES" + range(begin));
    }

    private void drop(
            Connection connection, Table table, List<String> children, Instant oldest, List<SQLException> failed)
            throws SQLException {
        for (String child : children) {
            LocalDate end = end(table, child);
            if (end != null
                    && !end.atStartOfDay(ZoneOffset.UTC).toInstant().isAfter(oldest)
                    && transact(connection, List.of("DROP TABLE " + statements.inSchema(child)), failed)) {
                LOG.info(
                        "PostgreSQL: Dropped {}, whose rows are older than evefan.postgres.partitions.keep-days",
                        child);
            }
        }
        transact(
                connection,
                List.of("DELETE FROM " + statements.inSchema(rest(table)) + " WHERE received_at < '" + oldest + "'"),
                failed);
    }

    /** Whether it is done; what failed is added to {@code failed}, and nothing of it is done. */
    private static boolean transact(Connection connection, List<String> all, List<SQLException> failed)
            throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL lock_timeout = 1000");
            for (String sql : all) {
                statement.execute(sql);
            }
            connection.commit();
            return true;
        } catch (SQLException e) {
            connection.rollback();
            failed.add(e);
            return false;
        }
    }

    /** When the period of {@code child} is over; null where its name is none of ours. */
    private @Nullable LocalDate end(Table table, String child) {
        String prefix = table.name() + "_";
        if (!child.startsWith(prefix)) {
            return null;
        }
        for (Period period : Period.values()) { // the setting may have been another one
            String digits = child.substring(prefix.length());
            if (digits.matches(period == Period.DAY ? "\\d{8}" : "\\d{6}")) {
                LocalDate begin = LocalDate.parse(period == Period.DAY ? digits : digits + "01", Period.DAY.format);
                return period.after(begin, 1);
            }
        }
        return null;
    }

    private List<String> children(Connection connection, Table table) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(CHILDREN)) {
            query.setString(1, settings.schema());
            query.setString(2, table.name());
            List<String> children = new ArrayList<>();
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    children.add(rows.getString(1));
                }
            }
            return children;
        }
    }

    private Period period() {
        return Objects.requireNonNull(settings.partitions().period());
    }

    private String name(Table table, LocalDate begin) {
        return table.name() + "_" + period().format.format(begin);
    }

    private String range(LocalDate begin) {
        return " FROM (" + time(begin) + ") TO (" + time(period().after(begin, 1)) + ")";
    }

    /** The partition of what has no other. */
    private static String rest(Table table) {
        return table.name() + "_default";
    }

    private static String time(LocalDate begin) {
        return "'" + begin + " 00:00:00+00'";
    }
}
