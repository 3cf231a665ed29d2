package com.evefan.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What a start costs, to the first event that is answered 200: with the classes that {@code bin/evefan prepare} would have
 * kept, an existing data directory, and a PostgreSQL that runs already. And what Evefan is when nothing happens.
 */
final class Cold {
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private static final String EVENT = "{\"userId\":\"cold\",\"event\":\"Cold\"}";
    private static final String MAIN = "com.evefan.Main";
    private static final int LIMIT_SECONDS = 120;
    private static final double FIRST_SECONDS = 10;
    private static final int BUSY_LOOPS = 4;
    private static final int BATCH = 100;
    private static final int CONNECTIONS = 8;

    private final Path work;
    private final Map<String, String> properties = new HashMap<>();
    private final String archive;
    private final int port = Ports.free();

    /** @param beside lends its PostgreSQL */
    Cold(Path work, Evefan beside) throws Exception {
        this.work = work;
        properties.put("evefan.data.directory", work.resolve("cold-data").toString());
        properties.put("evefan.http.port", String.valueOf(port));
        properties.put("camel.management.port", String.valueOf(Ports.free()));
        properties.put("evefan.postgres.url", beside.database().url());
        properties.put("evefan.postgres.schema", "cold");
        Path classes = work.resolve("cold.jsa");
        archive = " -Xshare:auto -XX:SharedArchiveFile=" + classes;
        try (Server first = start("cold-prepare", " -XX:ArchiveClassesAtExit=" + classes)) {
            firstAnswer(first);
        }
    }

    /** A start on a machine that does nothing else, and the first half minute with batches. */
    void cold(Figures figures, double seconds) throws Exception {
        long start = System.nanoTime();
        try (Server server = start("cold", archive)) {
            firstAnswer(server);
            figures.add("start to first 200 ms", (System.nanoTime() - start) / 1e6);
            figures.add("start to first 200, CPU ms", Usage.of(server).cpuMicros() / 1e3);
            Usage before = Usage.of(server);
            LoadResult load = Load.closed(port, Bodies.batches(BATCH), CONNECTIONS, seconds);
            figures.add(
                    "CPU us per event of a batch, first " + Math.round(seconds) + " s",
                    (double) Usage.of(server).since(before).cpuMicros() / (load.accepted() * BATCH));
        }
    }

    /** A start beside loops that take both cores. */
    void busy(Figures figures) throws Exception {
        List<Process> loops = new ArrayList<>();
        try {
            for (int i = 0; i < BUSY_LOOPS; i++) {
                // ends by itself whatever becomes of the benchmark
                loops.add(new ProcessBuilder("timeout", String.valueOf(LIMIT_SECONDS), "sh", "-c", "while :; do :; done")
                        .start());
            }
            long start = System.nanoTime();
            try (Server server = start("busy", archive)) {
                firstAnswer(server);
                figures.add("start to first 200 ms", (System.nanoTime() - start) / 1e6);
                LoadResult load = Load.closed(port, Bodies.single(), 32, FIRST_SECONDS);
                figures.add("first 10 s, accepted per second", load.perSecond());
            }
        } finally {
            loops.forEach(Process::destroy);
        }
    }

    /** With the options that Evefan is shipped with, after a start and a little work, when nothing comes any more. */
    void idle(Figures figures, double seconds) throws Exception {
        try (Server server = start("idle", archive)) {
            firstAnswer(server);
            Load.closed(port, Bodies.single(), 4, 1);
            TimeUnit.SECONDS.sleep(5);
            Usage before = Usage.of(server);
            TimeUnit.MILLISECONDS.sleep(Math.round(seconds * 1000));
            Usage used = Usage.of(server).since(before);
            figures.add("RSS MB", used.residentBytes() / 1e6);
            figures.add("CPU ms per s", used.cpuMicros() / 1e3 / seconds);
        }
    }

    private Server start(String name, String javaOptions) throws IOException {
        return Server.begin(
                work, name, port, javaOptions.strip(), properties, System.getProperty("bench.classpath"), MAIN);
    }

    private void firstAnswer(Server server) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/track"))
                .timeout(Duration.ofSeconds(2))
                .header("Authorization", "Basic d2tfZGV2Og==")
                .POST(HttpRequest.BodyPublishers.ofString(EVENT))
                .build();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (System.nanoTime() < deadline && server.isAlive()) {
            try {
                if (HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
                    return;
                }
            } catch (IOException e) {
                // it does not listen yet
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
        throw new IllegalStateException("no event was taken; see the logs in " + work);
    }
}
