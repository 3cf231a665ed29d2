package com.evefan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

/** What a running Evefan has stored in its embedded PostgreSQL. */
public final class Rows {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private final String url;

    public Rows(RunningEvefan evefan) {
        this("jdbc:postgresql://127.0.0.1:" + evefan.configuration().embeddedPostgresPort() + "/evefan");
    }

    public Rows(String url) {
        this.url = url;
    }

    /** Waits until the event with that id is in {@code table}. */
    public void awaitOne(String table, String id) {
        await().atMost(DEADLINE)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(text("select count(*) from " + table + " where id = ?", id))
                        .isEqualTo("1"));
    }

    /** The first column of the first row as text; null where there is none. */
    public String text(String sql, String... parameters) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, "evefan", "evefan");
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            try (ResultSet result = statement.executeQuery()) {
                return result.next() ? result.getString(1) : null;
            }
        }
    }
}
