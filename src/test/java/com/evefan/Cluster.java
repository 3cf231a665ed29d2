package com.evefan;

import com.evefan.destination.postgres.EmbeddedPostgresServer;
import com.evefan.journal.kafka.RealKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Properties;

/** Nodes of Evefan on three brokers of Kafka, with the PostgreSQL, the ActiveMQ and the webhook that they share. */
final class Cluster implements AutoCloseable {
    static final long SESSION_MS = 6_000;

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final Path directory;
    private final RealKafka kafka;
    private final WebHook hook;
    private final Path destinations;
    private final int postgresPort;
    private final String broker;

    private Cluster(Path directory) throws Exception {
        this.directory = directory;
        kafka = part(RealKafka.start(directory.resolve("kafka"), 3));
        postgresPort = RunningEvefan.freePort();
        part(EmbeddedPostgresServer.start(directory.resolve("postgres"), postgresPort, "evefan"));
        broker = "tcp://127.0.0.1:" + RunningEvefan.freePort();
        part(ExternalBroker.start(Files.createDirectory(directory.resolve("activemq")), broker));
        hook = part(WebHook.start("hook"));
        destinations = Files.createDirectory(directory.resolve("destinations"));
        hook.routeTo(destinations);
    }

    static Cluster start(Path directory) throws Exception {
        return new Cluster(directory);
    }

    private <T extends AutoCloseable> T part(T started) {
        parts.push(started);
        return started;
    }

    RealKafka kafka() {
        return kafka;
    }

    WebHook hook() {
        return hook;
    }

    String database() {
        return "jdbc:postgresql://127.0.0.1:" + postgresPort + "/evefan";
    }

    /** Where node {@code name} keeps what is its own. */
    Path data(String name) {
        return directory.resolve("data-" + name);
    }

    Properties properties(String name) throws IOException {
        return RunningEvefan.overrides(
                data(name),
                Map.of(
                        "camel.main.routes-include-pattern",
                        RunningEvefan.SHELL_ROUTES + ",file:routes/destinations/postgres.camel.yaml,file:"
                                + destinations + "/*.camel.yaml",
                        "evefan.postgres.url",
                        database(),
                        "evefan.postgres.password",
                        "evefan",
                        "evefan.activemq.url",
                        "failover:(" + broker + ")",
                        "evefan.kafka.brokers",
                        kafka.brokers(),
                        "evefan.kafka.session-timeout-ms",
                        String.valueOf(SESSION_MS)));
    }

    /** Starts a node and waits until it takes events. */
    EvefanProcess node(String name) throws IOException {
        return part(EvefanProcess.start(properties(name), directory.resolve("log-" + name)));
    }

    @Override
    public void close() throws Exception {
        while (!parts.isEmpty()) {
            parts.pop().close();
        }
    }
}
