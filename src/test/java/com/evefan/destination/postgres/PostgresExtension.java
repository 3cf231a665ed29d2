package com.evefan.destination.postgres;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * A real PostgreSQL, shared by all tests of a JVM, with a schema of its own for each test class. Static field,
 * {@code @RegisterExtension}. The embedded one, or one in a container.
 */
public final class PostgresExtension implements BeforeAllCallback {
    private static final AtomicInteger SCHEMAS = new AtomicInteger();

    private final String schema = "test_" + SCHEMAS.incrementAndGet();
    private final boolean docker;
    private Server server;

    private PostgresExtension(boolean docker) {
        this.docker = docker;
    }

    public static PostgresExtension embedded() {
        return new PostgresExtension(false);
    }

    /** Skip the test class unless {@link #isDockerAvailable()}. */
    static PostgresExtension inDocker() {
        return new PostgresExtension(true);
    }

    static boolean isDockerAvailable() {
        return DockerClientFactory.instance().isDockerAvailable();
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        server = context.getRoot()
                .getStore(Namespace.create(PostgresExtension.class))
                .getOrComputeIfAbsent(docker, key -> docker ? Server.inDocker() : Server.embedded(), Server.class);
    }

    /** The schema of this test class; made by the first writer. */
    public String schema() {
        return schema;
    }

    public PostgresSettings settings() {
        return new PostgresSettings(server.url, server.user, server.password, schema, 4, 5000, 30_000, false);
    }

    /** A connection outside any pool, with the schema in its search path. */
    public Connection connect() throws SQLException {
        Connection connection = DriverManager.getConnection(server.url, server.user, server.password);
        connection.setSchema(schema);
        return connection;
    }

    public void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The first column of the first row, as text. */
    public String query(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    /** A port that was free a moment ago. */
    public static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private record Server(String url, String user, String password, AutoCloseable stop) implements AutoCloseable {
        static Server embedded() {
            try {
                Path data = Files.createTempDirectory("evefan-postgres");
                EmbeddedPostgresServer server = EmbeddedPostgresServer.start(data, freePort(), "evefan");
                return new Server(server.url(), "evefan", "evefan", () -> {
                    server.close();
                    delete(data);
                });
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        @SuppressWarnings("resource") // closed with the record
        static Server inDocker() {
            PostgreSQLContainer container = new PostgreSQLContainer("postgres:18-alpine");
            container.start();
            return new Server(
                    container.getJdbcUrl(), container.getUsername(), container.getPassword(), container::stop);
        }

        private static void delete(Path directory) throws IOException {
            try (Stream<Path> files = Files.walk(directory)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }

        @Override
        public void close() throws Exception {
            stop.close();
        }
    }
}
