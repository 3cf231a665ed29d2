package com.evefan.destination.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.evefan.warehouse.EventShapes;
import com.evefan.warehouse.EventViews;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.Test;

class PostgresUpkeepTest {
    private final List<String> lines = new CopyOnWriteArrayList<>();

    @Test
    void aServerThatIsAwayIsToldByTheDestinationAlone() {
        AtomicInteger asked = new AtomicInteger();
        HikariDataSource away = new HikariDataSource() {
            @Override
            public Connection getConnection() throws SQLException {
                int after = 2_000 + asked.incrementAndGet(); // the time is never quite the same
                throw new SQLTransientConnectionException("Connection is not available, timed out after " + after);
            }
        };
        PostgresSettings settings = new PostgresSettings(
                "jdbc:postgresql://h/d",
                "u",
                "p",
                "s",
                4,
                5000,
                5000,
                false,
                false,
                List.of(),
                new EventViews.Limits(1, 1, 1),
                PostgresSettings.Partitions.NONE);
        Logger logger = (Logger) LogManager.getLogger(PostgresUpkeep.class);
        AbstractAppender appender = new AbstractAppender("lines", null, null, true, Property.EMPTY_ARRAY) {
            @Override
            public void append(LogEvent event) {
                if (event.getLevel().isMoreSpecificThan(Level.WARN)) {
                    lines.add(event.getMessage().getFormattedMessage());
                }
            }
        };
        appender.start();
        logger.addAppender(appender);

        // When
        try (away;
                PostgresUpkeep upkeep = new PostgresUpkeep(away, settings, new EventShapes(1, 1))) {
            upkeep.start();
            await().until(() -> asked.get() > 3);
        } finally {
            logger.removeAppender(appender);
        }

        // Then
        assertThat(lines).isEmpty();
    }
}
