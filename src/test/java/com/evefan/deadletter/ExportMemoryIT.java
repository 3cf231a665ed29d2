package com.evefan.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.broker.BrokerConnections;
import com.evefan.broker.BrokerQueues;
import com.evefan.broker.BrokerSettings;
import com.evefan.broker.EmbeddedBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.messaginghub.pooled.jms.JmsPoolConnectionFactory;

/** Exports of more than the heap holds, several at once, in a process of its own. */
class ExportMemoryIT {
    private static final int SMALL = 3_000;
    private static final int LARGE = 150;
    private static final String HEAP = "-Xmx64m";

    @TempDir
    Path directory;

    @Test
    void exportsMoreThanTheHeapHolds() throws Exception {
        Path log = directory.resolve("log");

        // When
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        HEAP,
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Exporting.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        boolean ended = process.waitFor(300, TimeUnit.SECONDS);
        process.destroyForcibly();

        // Then
        assertThat(ended).isTrue();
        assertThat(Files.readString(log)).contains("exported " + 4 * (SMALL + LARGE) + " lines");
        assertThat(process.exitValue()).as(Files.readString(log)).isZero();
    }

    /** The process. */
    static final class Exporting {
        public static void main(String[] arguments) throws Exception {
            BrokerSettings settings = new BrokerSettings("", "", "", Path.of(arguments[0], "activemq"), 4L << 30);
            JmsPoolConnectionFactory connections = BrokerConnections.create(settings);
            try (EmbeddedBroker embedded = EmbeddedBroker.start(settings)) {
                fill(connections, SMALL, 6_000);
                fill(connections, LARGE, 900_000);
                BrokerQueues broker = new BrokerQueues(connections, embedded);
                ExecutorService threads = Executors.newFixedThreadPool(4);
                List<Future<Long>> exports = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    exports.add(threads.submit(count(broker)));
                }
                long lines = 0;
                for (Future<Long> export : exports) {
                    lines += export.get();
                }
                threads.shutdown();
                System.out.println("exported " + lines + " lines");
            } finally {
                connections.stop();
            }
        }

        private static Callable<Long> count(BrokerQueues broker) {
            return () -> {
                long lines = 0;
                try (LetterStream stream = new LetterStream(
                        Letters.in("evefan.dead.x", broker), Filter.ALL, Long.MAX_VALUE, true, null, ended -> {})) {
                    byte[] buffer = new byte[8192];
                    for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
                        for (int i = 0; i < read; i++) {
                            lines += buffer[i] == '\n' ? 1 : 0;
                        }
                    }
                }
                return lines;
            };
        }

        private static void fill(JmsPoolConnectionFactory connections, int count, int size) throws Exception {
            String event = "{\"type\":\"track\",\"messageId\":\"m\",\"p\":\"" + "x".repeat(size) + "\"}";
            String letter =
                    "{\"version\":1,\"destination\":\"x\",\"reason\":\"r\",\"error\":\"e\",\"event\":" + event + "}";
            try (var connection = connections.createConnection();
                    var session = connection.createSession(true, jakarta.jms.Session.SESSION_TRANSACTED);
                    var producer = session.createProducer(session.createQueue("evefan.dead.x"))) {
                for (int i = 1; i <= count; i++) {
                    producer.send(session.createTextMessage(letter));
                    if (i * (long) size % (2 << 20) < size || i == count) {
                        session.commit();
                    }
                }
            }
        }
    }
}
