package com.evefan.bench;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * The workloads by name. Each round measures the yardsticks and Evefan in turn; what Evefan's rate is compared with
 * most closely both before and after it, so that a machine which becomes slower or faster meanwhile does not look like a
 * difference.
 */
final class Workloads {
    private static final int BATCH_CONNECTIONS = 8;
    private static final double MODERATE = 0.6;
    private static final double FIRST_HALF_MINUTE = 30;
    private static final double MODERATE_EVENTS_PER_SECOND = 2000;

    private final Servers servers;
    private final Options options;
    private final Map<String, Figures> measured = new HashMap<>();

    Workloads(Servers servers, Options options) {
        this.servers = servers;
        this.options = options;
    }

    Figures run(String workload) throws Exception {
        servers.evefan();
        Figures figures = new Figures();
        for (int round = 0; round < options.rounds(); round++) {
            round(workload, figures);
        }
        measured.put(workload, figures);
        return figures;
    }

    private void round(String workload, Figures figures) throws Exception {
        int dash = workload.indexOf('-');
        int number = dash < 0 ? 0 : Integer.parseInt(workload.substring(dash + 1));
        switch (dash < 0 ? workload : workload.substring(0, dash)) {
            case "single" -> closed(figures, Bodies.single(), number);
            case "batch" -> closed(figures, Bodies.batches(number), BATCH_CONNECTIONS);
            case "mixed" -> closed(figures, Bodies.mixed(), 32);
            case "open" -> open(figures);
            case "visible" -> Visibility.measure(servers.evefan(), figures, MODERATE_EVENTS_PER_SECOND, options);
            case "destinations" -> beside(figures, counting(number - 1));
            case "dead", "slow" -> beside(figures, workload);
            case "cold" -> servers.cold().cold(figures, FIRST_HALF_MINUTE);
            case "busy" -> servers.cold().busy(figures);
            case "idle" -> servers.cold().idle(figures, options.seconds());
            case "cluster" -> {
                cluster("batches of 100: ", Bodies.batches(100), BATCH_CONNECTIONS, figures);
                cluster("single events: ", Bodies.single(), 256, figures);
            }
            case "replay" -> Replaying.measure(servers.evefan(counting(1)), figures, options);
            case "backlog" -> Backlog.measure(servers.smallEvefan(), figures, options);
            default -> throw new IllegalArgumentException(workload);
        }
    }

    private void closed(Figures figures, Bodies bodies, int connections) throws Exception {
        if (!options.yardsticks()) {
            new Subject(servers.evefan(), "", figures).closed(bodies, connections, options.seconds());
            return;
        }
        Yardstick vertx = yardstick("vertx", figures, bodies, connections);
        servers.evefan().database().empty();
        StagingCopy copy = copy();
        double oneCopy = copy.perSecond(1, options.seconds() / 3);
        servers.evefan().database().empty();
        double twoCopies = copy.perSecond(2, options.seconds() / 3);
        Yardstick before = yardstick("camel", figures, bodies, connections);
        Subject evefan = new Subject(servers.evefan(), "", figures);
        double delivered = evefan.closed(bodies, connections, options.seconds());
        Yardstick camel = before.and(yardstick("camel", figures, bodies, connections));
        figures.add("delivered / Camel route", delivered / camel.perSecond());
        figures.add("delivered / Vert.x", delivered / vertx.perSecond());
        Yardstick request = bodies.eventsPerBody() == 1 ? camel : yardstick("camel", new Figures(), Bodies.single(), 32);
        figures.add("CPU per event / single Camel request", evefan.cpuMicros() / request.cpuMicros());
        figures.add("delivered / COPY over one connection", delivered / oneCopy);
        figures.add("delivered / COPY over two connections", delivered / twoCopies);
        figures.add("COPY over one connection, rows per second", oneCopy);
        figures.add("COPY over two connections, rows per second", twoCopies);
    }

    /** One node on three brokers, and the journal in files. */
    private void cluster(String name, Bodies bodies, int connections, Figures figures) throws Exception {
        Subject files = new Subject(servers.evefan(), name + "files, ", figures);
        files.closed(bodies, connections, options.seconds());
        Subject kafka = new Subject(servers.kafkaEvefan(), name + "Kafka, ", figures);
        Duration before = servers.kafka().cpu();
        kafka.closed(bodies, connections, options.seconds());
        double brokers = servers.kafka().cpu().minus(before).toNanos() / 1e3;
        figures.add(name + "CPU us per event of the brokers", brokers / (servers.kafkaEvefan().database().rows() - 1));
        figures.add(name + "CPU per event, Kafka / files", kafka.cpuMicros() / files.cpuMicros());
    }

    private StagingCopy copy() throws Exception {
        if (servers.evefan().database().rows() == 0) {
            new Subject(servers.evefan(), "", new Figures()).closed(Bodies.batches(100), BATCH_CONNECTIONS, 3);
        }
        return servers.stagingCopy();
    }

    /** What a server which does nothing with events answers in a second, and costs for each. */
    private record Yardstick(double perSecond, double cpuMicros) {
        /** The mean of both. */
        Yardstick and(Yardstick other) {
            return new Yardstick((perSecond + other.perSecond) / 2, (cpuMicros + other.cpuMicros) / 2);
        }
    }

    private Yardstick yardstick(String kind, Figures figures, Bodies bodies, int connections) throws Exception {
        Server server = servers.yardstick(kind);
        Usage before = Usage.of(server);
        LoadResult load = Load.closed(server.port(), bodies, connections, options.seconds() / 2);
        Usage used = Usage.of(server).since(before);
        double events = load.perSecond() * bodies.eventsPerBody();
        double cpuMicros = (double) used.cpuMicros() / load.accepted();
        figures.add(kind + " events per second", events);
        figures.add(kind + " CPU us per request", cpuMicros);
        figures.add(kind + " p99 ms", load.millis(99));
        return new Yardstick(events, cpuMicros / bodies.eventsPerBody());
    }

    /** At a rate that leaves room. */
    private void open(Figures figures) throws Exception {
        Figures closed = measured.getOrDefault("single-32", new Figures());
        double rate = MODERATE * Subject.median(closed.all(), "delivered per second");
        if (rate == 0) {
            rate = MODERATE_EVENTS_PER_SECOND;
        }
        figures.add("rate asked for", rate);
        LoadResult camel = Load.open(
                servers.yardstick("camel").port(), Bodies.single(), 256, rate, options.seconds() / 2);
        figures.add("camel p99 ms", camel.millis(99));
        new Subject(servers.evefan(), "", figures).open(Bodies.single(), 256, rate, options.seconds());
    }

    /** With other destinations beside PostgreSQL, compared with PostgreSQL alone. */
    private void beside(Figures figures, String... others) throws Exception {
        Evefan with = servers.evefan(others);
        Subject alone = new Subject(servers.evefan(), "alone: ", figures);
        Subject besides = new Subject(with, "", figures);
        double before = batches(alone);
        double cpu = alone.cpuMicros();
        double beside = batches(besides);
        double after = batches(alone);
        figures.add("delivered / alone", 2 * beside / (before + after));
        figures.add("CPU us per event more than alone", besides.cpuMicros() - (cpu + alone.cpuMicros()) / 2);
    }

    private double batches(Subject subject) throws Exception {
        return subject.closed(Bodies.batches(100), BATCH_CONNECTIONS, options.seconds());
    }

    private static String[] counting(int number) {
        String[] names = new String[number];
        for (int i = 0; i < number; i++) {
            names[i] = "count" + (i + 1);
        }
        return names;
    }
}
