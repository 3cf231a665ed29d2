package com.evefan.bench;

import com.evefan.journal.kafka.RealKafka;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Everything that runs; started and warmed up when first asked for. */
final class Servers implements AutoCloseable {
    private static final double WARM_UP_TURN_SECONDS = 5;
    /** The JIT compiler's part of the CPU at which a server counts as warm. */
    private static final double WARM = 0.0125;

    /** Where it does not get there, so many times the warm-up that was asked for. */
    private static final double LONGEST_WARM_UPS = 6;
    private static final String SMALL_HEAP = " -Xmx232m";

    private final Path work;
    private final double warmUpSeconds;
    private final Map<String, Evefan> evefans = new HashMap<>();
    private final Map<String, Server> yardsticks = new HashMap<>();
    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private @Nullable StagingCopy stagingCopy;
    private @Nullable Cold cold;
    private @Nullable RealKafka kafka;

    Servers(Path work, double warmUpSeconds) {
        this.work = work;
        this.warmUpSeconds = warmUpSeconds;
    }

    /** Evefan with {@code destinations} beside PostgreSQL. */
    Evefan evefan(String... destinations) throws Exception {
        return running("evefan" + String.join("-", destinations), Server.JAVA_OPTIONS, destinations);
    }

    /** Evefan with the heap that goes into 512 MB beside everything else. */
    Evefan smallEvefan() throws Exception {
        return running("evefan-small", Server.JAVA_OPTIONS + SMALL_HEAP);
    }

    /** Three brokers on this machine. */
    RealKafka kafka() throws Exception {
        RealKafka running = kafka;
        if (running == null) {
            running = RealKafka.start(work.resolve("kafka"), 3);
            started.push(running);
            kafka = running;
        }
        return running;
    }

    /** Evefan with its journal in {@link #kafka}. Nothing is rejected: the broker for dead letters need not be there. */
    Evefan kafkaEvefan() throws Exception {
        return running(
                "evefan-kafka",
                Server.JAVA_OPTIONS,
                Map.of("evefan.kafka.brokers", kafka().brokers(), "evefan.activemq.url", "failover:(tcp://127.0.0.1:1)"));
    }

    private Evefan running(String name, String javaOptions, String... destinations) throws Exception {
        return running(name, javaOptions, Map.of(), destinations);
    }

    private Evefan running(String name, String javaOptions, Map<String, String> more, String... destinations)
            throws Exception {
        Evefan running = evefans.get(name);
        if (running == null) {
            running = Evefan.start(work, name, javaOptions, more, destinations);
            started.push(running);
            evefans.put(name, running);
            warmUp(running);
        }
        return running;
    }

    /** In turns, so that what is accepted faster than it is delivered does not fill the journal. */
    private void warmUp(Evefan evefan) throws Exception {
        Subject subject = new Subject(evefan, "", new Figures());
        warmUp(evefan.server(), () -> {
            subject.closed(Bodies.single(), 32, WARM_UP_TURN_SECONDS);
            subject.closed(Bodies.batches(100), 8, WARM_UP_TURN_SECONDS / 2);
        });
    }

    @FunctionalInterface
    private interface Turn {
        void run() throws Exception;
    }

    /** Within bounds, until the JIT compiler is nearly done: on a slow machine that takes minutes, and half a core. */
    private void warmUp(Server server, Turn turn) throws Exception {
        long start = System.nanoTime();
        boolean warm;
        double seconds;
        do {
            Usage before = Usage.of(server);
            turn.run();
            Usage used = Usage.of(server).since(before);
            warm = used.jitMicros() < WARM * used.cpuMicros();
            seconds = (System.nanoTime() - start) / 1e9;
        } while (seconds < warmUpSeconds || !warm && seconds < LONGEST_WARM_UPS * warmUpSeconds);
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
                    Server.JAVA_OPTIONS,
                    Map.of("yardstick.kind", kind, "yardstick.port", String.valueOf(port)),
                    System.getProperty("bench.classpath") + ":target/test-classes",
                    YardstickServer.class.getName(),
                    "The yardstick is running");
            started.push(running);
            yardsticks.put(kind, running);
            warmUp(running, () -> Load.closed(port, Bodies.single(), 32, WARM_UP_TURN_SECONDS));
        }
        return running;
    }

    /** Evefan as it starts. */
    Cold cold() throws Exception {
        Cold known = cold;
        if (known == null) {
            known = new Cold(work, evefan());
            cold = known;
        }
        return known;
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
