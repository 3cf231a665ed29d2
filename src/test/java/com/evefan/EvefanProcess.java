package com.evefan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionTimeoutException;

/** Evefan as a process of its own, that can be killed. */
public final class EvefanProcess implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(120);

    private final Process process;
    private final Path log;
    private final Properties properties;

    private EvefanProcess(Process process, Path log, Properties properties) {
        this.process = process;
        this.log = log;
        this.properties = properties;
    }

    /** Starts it and waits until it takes events. */
    public static EvefanProcess start(Properties properties, Path log) throws IOException {
        return start(512, properties, log);
    }

    /** The same, in {@code heapMegabytes} of heap; it ends where they do not suffice. */
    public static EvefanProcess start(int heapMegabytes, Properties properties, Path log) throws IOException {
        EvefanProcess evefan = launch(heapMegabytes, properties, log);
        try {
            await().atMost(START_LIMIT).until(() -> evefan.output().contains("Evefan is running") || !evefan.isAlive());
        } catch (ConditionTimeoutException e) {
            evefan.process.destroyForcibly();
            throw e;
        }
        assertThat(evefan.isAlive()).as(evefan.output()).isTrue();
        return evefan;
    }

    /** Starts it and returns at once. */
    public static EvefanProcess launch(Properties properties, Path log) throws IOException {
        return launch(512, properties, log);
    }

    private static EvefanProcess launch(int heapMegabytes, Properties properties, Path log) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx" + heapMegabytes + "m");
        command.add("-XX:+ExitOnOutOfMemoryError");
        properties.forEach((key, value) -> command.add("-D" + key + "=" + value));
        // What a WebHook has set for its batches.
        System.getProperties().stringPropertyNames().stream()
                .filter(key -> key.contains(".batch.max-"))
                .forEach(key -> command.add("-D" + key + "=" + System.getProperty(key)));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        File file = log.toFile();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(file)
                .start();
        return new EvefanProcess(process, log, properties);
    }

    public String url() {
        return "http://127.0.0.1:" + properties.getProperty("evefan.http.port");
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public String output() throws IOException {
        return Files.readString(log);
    }

    /** What it has in memory, by Linux; 0 elsewhere. */
    long residentKilobytes() throws IOException {
        Path status = Path.of("/proc", String.valueOf(process.pid()), "status");
        if (!Files.exists(status)) {
            return 0;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }

    /** SIGKILL. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGSTOP: it is there, and does nothing. */
    void suspend() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** SIGCONT. */
    void resume() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    /** SIGTERM; the exit code. */
    public int stop() throws InterruptedException {
        process.destroy();
        return exitCode();
    }

    public int exitCode() throws InterruptedException {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    @Override
    public void close() throws InterruptedException {
        if (isAlive()) {
            process.destroy();
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                kill();
            }
        }
    }
}
