package com.evefan;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What stands in the table {@code tracks}. */
final class Tracks {
    private Tracks() {}

    /** The ids of {@code expected} that are not there. */
    static Set<String> missing(Set<String> expected, String jdbcUrl, String schema) throws SQLException {
        Set<String> missing = new HashSet<>(expected);
        ids(jdbcUrl, schema).forEach(missing::remove);
        return missing;
    }

    /** The ids, sorted by when they were received, those that stand there twice twice. */
    static List<String> ids(String jdbcUrl, String schema) throws SQLException {
        return ids(jdbcUrl, schema, "received_at");
    }

    /** The ids in the order in which they were inserted. */
    static List<String> inOrderOfArrival(String jdbcUrl, String schema) throws SQLException {
        return ids(jdbcUrl, schema, "ctid");
    }

    private static List<String> ids(String jdbcUrl, String schema, String order) throws SQLException {
        try (Connection connection = DriverManager.getConnection(jdbcUrl, "evefan", "evefan");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select id from " + schema + ".tracks order by " + order)) {
            List<String> ids = new ArrayList<>();
            while (rows.next()) {
                ids.add(rows.getString(1));
            }
            return ids;
        }
    }
}
