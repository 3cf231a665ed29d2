package com.evefan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.activemq.broker.BrokerService;

/** An ActiveMQ broker in a process of its own, with its store on disk, that can be killed. */
final class ExternalBroker implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final String RUNNING = "the broker is running";

    private final Process process;

    private ExternalBroker(Process process) {
        this.process = process;
    }

    /** @param url that it listens on */
    static ExternalBroker start(Path directory, String url) throws IOException {
        Path log = Files.createTempFile(directory, "broker", ".log");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ExternalBroker.class.getName(),
                        directory.resolve("broker").toString(),
                        url)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        await().atMost(START_LIMIT).until(() -> Files.readString(log).contains(RUNNING) || !process.isAlive());
        assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
        return new ExternalBroker(process);
    }

    /** The process. */
    public static void main(String[] arguments) throws Exception {
        BrokerService broker = new BrokerService();
        broker.setBrokerName("external");
        broker.setUseJmx(false);
        broker.setDataDirectory(arguments[0]);
        broker.addConnector(arguments[1]);
        broker.start();
        broker.waitUntilStarted();
        System.out.println(RUNNING);
        broker.waitUntilStopped();
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
