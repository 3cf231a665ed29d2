package com.evefan.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A server under load: a Java process of its own, with its log and its garbage collector's log in files. */
final class Server implements AutoCloseable {
    /** What every server under load is started with, after the options that Evefan is shipped with. */
    static final String JAVA_OPTIONS = System.getProperty("bench.java-options", "-Xmx512m");

    private static final Path OPTIONS = Path.of("src/main/distribution/jvm.options");

    /** As bin/evefan sets it. */
    private static final Map<String, String> ENVIRONMENT = Map.of(
            "MALLOC_ARENA_MAX", "2", "MALLOC_MMAP_THRESHOLD_", "2097152", "MALLOC_TRIM_THRESHOLD_", "2097152");

    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private final Process process;
    private final int port;
    private final Path gcLog;

    private Server(Process process, int port, Path gcLog) {
        this.process = process;
        this.port = port;
        this.gcLog = gcLog;
    }

    /** Starts {@code main} and waits until its log says {@code ready}. */
    static Server start(
            Path work,
            String name,
            int port,
            String javaOptions,
            Map<String, String> properties,
            String classpath,
            String main,
            String ready)
            throws IOException, InterruptedException {
        Server server = begin(work, name, port, javaOptions, properties, classpath, main);
        server.await(work.resolve(name + ".log"), ready);
        return server;
    }

    /** Starts {@code main} and waits for nothing. */
    static Server begin(
            Path work,
            String name,
            int port,
            String javaOptions,
            Map<String, String> properties,
            String classpath,
            String main)
            throws IOException {
        Path gcLog = work.resolve(name + "-gc.log");
        Path log = work.resolve(name + ".log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("@" + OPTIONS);
        command.addAll(Arrays.asList(javaOptions.split(" ")));
        command.add("-Xlog:gc:file=" + gcLog + "::filecount=0");
        properties.forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.addAll(List.of("-cp", classpath, main));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(ENVIRONMENT);
        Process process = builder.start();
        Server server = new Server(process, port, gcLog);
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        return server;
    }

    private void await(Path log, String ready) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (!Files.readString(log).contains(ready)) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                close();
                throw new IllegalStateException("did not start:\n" + Files.readString(log));
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    int port() {
        return port;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    Path gcLog() {
        return gcLog;
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(40, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}
