package com.evefan.destination.postgres;

import com.evefan.warehouse.EventShapes;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Views, indexes and partitions: on threads and connections of their own, so that no delivery waits for them. */
final class PostgresUpkeep implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresUpkeep.class);
    private static final long PARTITIONS_MS = 600_000;

    private final HikariDataSource pool;
    private final PostgresSettings settings;
    private final PostgresViews views;
    private final Map<String, String> told = new ConcurrentHashMap<>();
    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(3, task -> {
        Thread thread = new Thread(task, "postgres-upkeep");
        thread.setDaemon(true);
        return thread;
    });
    /** Of the thread that makes indexes. */
    private volatile boolean indexed;

    /** @param pool of its own; closed with this */
    PostgresUpkeep(HikariDataSource pool, PostgresSettings settings, EventShapes shapes) {
        this.pool = pool;
        this.settings = settings;
        this.views = new PostgresViews(settings, shapes);
    }

    void start() {
        long interval = settings.views().intervalMs();
        if (settings.views().maxEvents() > 0) {
            every(this::refreshViews, "Views", interval, interval);
        }
        every(
                () -> {
                    if (!indexed) {
                        makeIndexes(); // which may take hours
                    }
                },
                "Indexes",
                interval,
                interval);
        if (settings.partitions().period() != null) {
            every(() -> keepPartitions(Instant.now()), "Partitions", interval, PARTITIONS_MS);
        }
    }

    private void every(Work work, String what, long firstMs, long thenMs) {
        threads.scheduleWithFixedDelay(() -> quietly(work, what), firstMs, thenMs, TimeUnit.MILLISECONDS);
    }

    @FunctionalInterface
    private interface Work {
        void run() throws SQLException;
    }

    private void quietly(Work work, String what) {
        try {
            work.run();
            told.remove(what);
        } catch (SQLTransientConnectionException e) {
            // There is no connection; the destination tells of that, once.
            LOG.debug("PostgreSQL: {} wait for a connection", what, e);
        } catch (SQLException | RuntimeException e) {
            String words = what + " could not be made, and will be tried again: " + e.getMessage();
            if (!words.equals(told.put(what, words))) {
                LOG.warn("PostgreSQL: {}", words);
            }
        }
    }

    /** Makes and extends the views that have to be. */
    void refreshViews() throws SQLException {
        try (Connection connection = pool.getConnection()) {
            views.refresh(connection);
        }
    }

    /** Makes the indexes that are missing. */
    void makeIndexes() throws SQLException {
        try (Connection connection = pool.getConnection()) {
            indexed = new PostgresIndexes(settings).make(connection);
        }
    }

    /** Makes the partitions that will be needed at {@code now}, and drops those that are too old then. */
    void keepPartitions(Instant now) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            new PostgresPartitions(settings).keep(connection, now);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        pool.close();
    }
}
