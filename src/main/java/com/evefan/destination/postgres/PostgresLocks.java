package com.evefan.destination.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.StringJoiner;

/** Who holds locks on the tables that rows cannot be written beside. */
final class PostgresLocks {
    /** The modes that conflict with the one of INSERT and COPY (PostgreSQL, "Table-Level Locks"); the longest first. */
    private static final String HOLDERS = """
            SELECT c.relname, l.pid, a.usename, nullif(a.application_name, '') AS application,
              extract(epoch FROM now() - a.xact_start)::int AS seconds
            FROM pg_locks l JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace
              LEFT JOIN pg_stat_activity a ON a.pid = l.pid
            WHERE l.granted AND l.locktype = 'relation' AND l.pid <> pg_backend_pid() AND n.nspname = ?
              AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND c.relkind IN ('r', 'p')
              AND l.mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
            ORDER BY a.xact_start LIMIT 3
            """;

    private PostgresLocks() {}

    /** In words that can follow others; empty where there are none by now. */
    static String holders(Connection connection, String schema) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(HOLDERS)) {
            query.setString(1, schema);
            StringJoiner words = new StringJoiner(", ", "; ", "").setEmptyValue("");
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    String application = rows.getString("application");
                    words.add("table " + rows.getString("relname") + " is locked by process " + rows.getInt("pid")
                            + " of user " + rows.getString("usename")
                            + (application == null ? "" : " (" + application + ")")
                            + ", in a transaction of " + rows.getInt("seconds") + " s");
                }
            }
            return words.toString();
        }
    }
}
