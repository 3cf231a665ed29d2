package com.evefan.bench;

import java.sql.Connection;
import java.sql.Statement;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The tables are locked until five million events wait; then they are drained, between two measurements of the live rate. */
final class Backlog {
    private static final long EVENTS = Long.getLong("bench.backlog-events", 5_000_000);
    private static final int CONNECTIONS = 8;
    private static final int BATCH = 100;
    private static final double TURN_SECONDS = 10;
    private static final int MOST_TURNS = 120;
    private static final double DRAIN_LIMIT_SECONDS = 1_800;

    private Backlog() {}

    static void measure(Evefan evefan, Figures figures, Options options) throws Exception {
        double before = live(evefan, figures, options);
        double drained = fillAndDrain(evefan, figures);
        double after = live(evefan, figures, options);
        figures.add("drained / live", drained / ((before + after) / 2));
    }

    private static double live(Evefan evefan, Figures figures, Options options) throws Exception {
        return new Subject(evefan, "live: ", figures).closed(Bodies.batches(BATCH), CONNECTIONS, options.seconds());
    }

    private static double fillAndDrain(Evefan evefan, Figures figures) throws Exception {
        evefan.database().empty();
        AtomicLong mostResident = new AtomicLong();
        ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor();
        try (Connection lock = evefan.database().connect();
                Statement statement = lock.createStatement()) {
            watch.scheduleAtFixedRate(() -> note(evefan, mostResident), 0, 1, TimeUnit.SECONDS);
            lock.setAutoCommit(false);
            statement.execute("LOCK TABLE " + String.join(", ", Database.TABLES) + " IN ACCESS EXCLUSIVE MODE");
            long start = System.nanoTime();
            long accepted = fill(evefan);
            String mark = evefan.mark();
            figures.add("accepted per second while locked", accepted / ((System.nanoTime() - start) / 1e9));
            lock.commit();
            double drained = drain(evefan, figures, mark, accepted);
            figures.add("most RSS MB", mostResident.get() / 1e6);
            return drained;
        } finally {
            watch.shutdownNow();
        }
    }

    /** Sends until enough wait; the events accepted. */
    private static long fill(Evefan evefan) throws Exception {
        Bodies bodies = Bodies.batches(BATCH);
        long accepted = 0;
        for (int turn = 0; accepted < EVENTS && turn < MOST_TURNS; turn++) {
            accepted += BATCH
                    * Load.closed(evefan.server().port(), bodies, CONNECTIONS, TURN_SECONDS)
                            .accepted();
        }
        return accepted;
    }

    private static double drain(Evefan evefan, Figures figures, String mark, long accepted) throws Exception {
        long start = System.nanoTime();
        evefan.database().await(mark, DRAIN_LIMIT_SECONDS);
        double drained = accepted / ((System.nanoTime() - start) / 1e9);
        long rows = evefan.database().rows() - 1;
        if (rows != accepted) {
            throw new IllegalStateException(accepted + " events were accepted, " + rows + " are in PostgreSQL");
        }
        figures.add("drained per second", drained);
        figures.add("backlog events", accepted);
        return drained;
    }

    private static void note(Evefan evefan, AtomicLong most) {
        try {
            most.accumulateAndGet(Usage.of(evefan.server()).residentBytes(), Math::max);
        } catch (java.io.IOException e) {
            most.accumulateAndGet(0, Math::max); // the process is gone, which shows elsewhere
        }
    }
}
