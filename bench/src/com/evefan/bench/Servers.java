package com.evefan.bench;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Everything that runs; started and warmed up when first asked for. */
final class Servers implements AutoCloseable {
    private final Path work;
    private final double warmUpSeconds;
    private final Map<String, Evefan> evefans = new HashMap<>();
    private final Map<String, Server> yardsticks = new HashMap<>();
    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private @Nullable StagingCopy stagingCopy;

    Servers(Path work, double warmUpSeconds) {
        this.work = work;
        this.warmUpSeconds = warmUpSeconds;
    }

    /** Evefan with {@code destinations} beside PostgreSQL. */
    Evefan evefan(String... destinations) throws Exception {
        String name = "evefan" + String.join("-", destinations);
        Evefan running = evefans.get(name);
        if (running == null) {
            running = Evefan.start(work, name, Map.of(), destinations);
            started.push(running);
            evefans.put(name, running);
            Figures unused = new Figures();
            Subject subject = new Subject(running, "", unused);
            subject.closed(Bodies.single(), 32, warmUpSeconds / 2);
            subject.closed(Bodies.batches(100), 8, warmUpSeconds / 2);
        }
        return running;
    }

    /** The port of a warm {@code vertx} or {@code camel}. */
    Server yardstick(String kind) throws Exception {
        Server running = yardsticks.get(kind);
        if (running == null) {
            int port = Ports.free();
            running = Server.start(
                    work,
                    kind,
                    port,
                    Map.of("yardstick.kind", kind, "yardstick.port", String.valueOf(port)),
                    System.getProperty("bench.classpath") + ":target/test-classes",
                    YardstickServer.class.getName(),
                    "The yardstick is running");
            started.push(running);
            yardsticks.put(kind, running);
            Load.closed(port, Bodies.single(), 32, warmUpSeconds / 2);
        }
        return running;
    }

    /** COPY of what Evefan has delivered at that time. */
    StagingCopy stagingCopy() throws Exception {
        StagingCopy copy = stagingCopy;
        if (copy == null) {
            copy = new StagingCopy(evefan().database());
            stagingCopy = copy;
        }
        return copy;
    }

    @Override
    public void close() throws Exception {
        while (!started.isEmpty()) {
            started.pop().close();
        }
    }
}
