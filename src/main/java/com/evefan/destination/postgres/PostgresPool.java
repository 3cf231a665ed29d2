package com.evefan.destination.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.util.concurrent.TimeUnit;

/** The connections to PostgreSQL. */
public final class PostgresPool {
    private PostgresPool() {}

    /** Opens a pool. Does not need the server to be there: connections are made when a batch asks for one. */
    public static HikariDataSource open(PostgresSettings settings) {
        return open(settings, "postgres", settings.poolSize());
    }

    /** Connections beside those of deliveries, which views and indexes shall not wait for, and not keep waiting. */
    static HikariDataSource beside(PostgresSettings settings) {
        return open(settings, "postgres-views", 2);
    }

    private static HikariDataSource open(PostgresSettings settings, String name, int size) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setJdbcUrl(settings.url());
        config.setUsername(settings.user());
        config.setPassword(settings.password());
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(0);
        config.setAutoCommit(false);
        config.setConnectionTimeout(settings.connectTimeoutMs());
        config.setInitializationFailTimeout(-1);
        // Else the socket times out first: the server's process would wait on, and the next attempt add another.
        config.setConnectionInitSql("SET lock_timeout = " + settings.lockTimeoutMs());
        config.setIsolateInternalQueries(true); // or the first roll-back takes it back
        config.addDataSourceProperty("ApplicationName", "evefan");
        // as much as is handed on at once: the driver splits it where it is more, into system calls of 8 KB by default
        config.addDataSourceProperty("maxSendBufferSize", Integer.toString(Chunk.BYTES));
        config.addDataSourceProperty("tcpKeepAlive", "true");
        config.addDataSourceProperty("connectTimeout", seconds(settings.connectTimeoutMs()));
        config.addDataSourceProperty("socketTimeout", seconds(settings.socketTimeoutMs()));
        return new HikariDataSource(config);
    }

    private static String seconds(int milliseconds) {
        return Long.toString(Math.max(1, TimeUnit.MILLISECONDS.toSeconds(milliseconds)));
    }
}
