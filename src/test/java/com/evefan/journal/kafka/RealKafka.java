package com.evefan.journal.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.evefan.RunningEvefan;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kafka.tools.StorageTool;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;

/** A Kafka of one or more brokers, each a process of its own that can be killed. */
public final class RealKafka implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(120);

    private final Path directory;
    private final String cluster = Uuid.randomUuid().toString();
    private final List<Integer> ports;
    private final List<Integer> controllers;
    private final List<Integer> guarded;
    private final List<Process> processes = new ArrayList<>();
    private final Map<String, String> more;

    private RealKafka(Path directory, int brokers, Map<String, String> more) throws IOException {
        this.directory = directory;
        this.more = more;
        ports = freePorts(brokers);
        controllers = freePorts(brokers);
        guarded = freePorts(brokers);
    }

    private static List<Integer> freePorts(int count) throws IOException {
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ports.add(RunningEvefan.freePort());
        }
        return ports;
    }

    /** Starts so many brokers and waits until all of them take part. */
    public static RealKafka start(Path directory, int brokers) throws IOException {
        return start(directory, brokers, Map.of());
    }

    /** The same, with further settings of the brokers. */
    public static RealKafka start(Path directory, int brokers, Map<String, String> more) throws IOException {
        RealKafka kafka = new RealKafka(directory, brokers, more);
        try {
            for (int broker = 0; broker < brokers; broker++) {
                kafka.processes.add(null);
                kafka.begin(broker);
            }
            kafka.awaitBrokers(brokers);
            return kafka;
        } catch (IOException | RuntimeException | Error e) {
            kafka.close();
            throw e;
        }
    }

    /** For {@code evefan.kafka.brokers}. */
    public String brokers() {
        return ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
    }

    /** The same, for who has a name and a password: evefan with {@code secret} may do everything, other with it nothing. */
    public String guardedBrokers() {
        return guarded.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
    }

    /** What lets {@code user} in there. */
    public static Map<String, String> login(String user, String password) {
        return Map.of(
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "PLAIN",
                "sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + user + "\" password=\""
                        + password + "\";");
    }

    /** SIGKILL. */
    public void kill(int broker) throws InterruptedException {
        processes.get(broker).destroyForcibly().waitFor();
    }

    /** Of a killed broker: everything that it has kept. */
    public void deleteLog(int broker) throws IOException {
        try (Stream<Path> all = Files.walk(log(broker))) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(one);
            }
        }
    }

    /** Starts a broker, again too; returns at once. */
    public void begin(int broker) throws IOException {
        Path file = directory.resolve("broker-" + broker + ".properties");
        Files.createDirectories(directory);
        try (OutputStream out = Files.newOutputStream(file)) {
            properties(broker).store(out, null);
        }
        if (!Files.exists(log(broker).resolve("meta.properties"))) {
            Files.createDirectories(log(broker));
            String[] format = {"format", "-t", cluster, "-c", file.toString()};
            StorageTool.execute(format, new PrintStream(OutputStream.nullOutputStream()));
        }
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx384m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Devefan.log.level=ERROR",
                "-cp",
                System.getProperty("java.class.path"),
                "kafka.Kafka",
                file.toString());
        processes.set(
                broker,
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(
                                directory.resolve("broker-" + broker + ".log").toFile()))
                        .start());
    }

    public void awaitBrokers(int count) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers()))) {
            await().atMost(START_LIMIT).ignoreExceptions().until(() -> {
                assertThat(processes).allMatch(one -> one == null || one.isAlive());
                return admin.describeCluster().nodes().get(5, TimeUnit.SECONDS).size() == count;
            });
        }
    }

    /** What all brokers have used. */
    public Duration cpu() {
        return processes.stream()
                .map(one -> one.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
    }

    private Path log(int broker) {
        return directory.resolve("log-" + broker);
    }

    private Properties properties(int broker) {
        int copies = Math.min(3, ports.size());
        Properties properties = new Properties();
        properties.putAll(Map.of(
                "process.roles",
                "broker,controller",
                "node.id",
                String.valueOf(broker + 1),
                "controller.quorum.voters",
                IntStream.range(0, ports.size())
                        .mapToObj(i -> (i + 1) + "@127.0.0.1:" + controllers.get(i))
                        .collect(Collectors.joining(",")),
                "listeners",
                "PLAINTEXT://127.0.0.1:" + ports.get(broker) + ",GUARDED://127.0.0.1:" + guarded.get(broker)
                        + ",CONTROLLER://127.0.0.1:" + controllers.get(broker),
                "controller.listener.names",
                "CONTROLLER",
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,GUARDED:SASL_PLAINTEXT",
                "log.dirs",
                log(broker).toString()));
        properties.putAll(Map.of(
                "offsets.topic.replication.factor", String.valueOf(copies),
                "offsets.topic.num.partitions", "4",
                "transaction.state.log.replication.factor", String.valueOf(copies),
                "transaction.state.log.min.isr", "1",
                "min.insync.replicas", String.valueOf(Math.min(2, copies)),
                "group.initial.rebalance.delay.ms", "0",
                "auto.create.topics.enable", "false",
                "log.cleaner.dedupe.buffer.size", "2097152"));
        properties.putAll(Map.of(
                "sasl.enabled.mechanisms",
                "PLAIN",
                "listener.name.guarded.plain.sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required user_evefan=\"secret\""
                        + " user_other=\"secret\";",
                "authorizer.class.name",
                "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "super.users",
                "User:ANONYMOUS;User:evefan"));
        properties.putAll(more);
        return properties;
    }

    @Override
    public void close() {
        processes.stream().filter(one -> one != null).forEach(Process::destroyForcibly);
    }
}
