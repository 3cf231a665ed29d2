package com.evefan.bench;

import com.evefan.bench.Figures.Figure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** One measurement of Evefan: a load, and what came of it. */
final class Subject {
    private static final Path BLOCK_DEVICES = Path.of("/sys/block");
    /** Fields of a block device's {@code stat}, as the kernel's documentation numbers them from 0. */
    private static final int SECTORS_WRITTEN = 6;

    private static final int FLUSHES = 15;
    private static final int SECTOR_BYTES = 512;
    private static final double DRAIN_LIMIT_SECONDS = 120;

    private final Evefan evefan;
    private final String name;
    private final Figures figures;
    private double cpuMicros;

    /** @param name before the name of each figure */
    Subject(Evefan evefan, String name, Figures figures) {
        this.evefan = evefan;
        this.name = name;
        this.figures = figures;
    }

    /** Sends load over {@code connections}, waits until everything is in PostgreSQL; the events delivered per second. */
    double closed(Bodies bodies, int connections, double seconds) throws Exception {
        return measure(bodies, () -> Load.closed(evefan.server().port(), bodies, connections, seconds));
    }

    double open(Bodies bodies, int connections, double rate, double seconds) throws Exception {
        return measure(bodies, () -> Load.open(evefan.server().port(), bodies, connections, rate, seconds));
    }

    private double measure(Bodies bodies, LoadRun run) throws Exception {
        evefan.database().empty();
        Usage before = Usage.of(evefan.server());
        long flushesBefore = devices(FLUSHES);
        long sectorsBefore = devices(SECTORS_WRITTEN);
        LoadResult load = run.run();
        double accepting = load.seconds();
        long visible = evefan.database().await(evefan.mark(), DRAIN_LIMIT_SECONDS);
        double delivering = (visible - load.start()) / 1e9;
        long flushes = devices(FLUSHES) - flushesBefore;
        long sectors = devices(SECTORS_WRITTEN) - sectorsBefore;
        Usage used = Usage.of(evefan.server()).since(before);
        long events = evefan.database().rows() - 1;
        check(bodies, load, events);
        add("delivered per second", events / delivering);
        add("accepted per second", events / accepting);
        add("accepted / delivered", delivering / accepting);
        latency(load);
        usage(used, events, delivering);
        add("device flushes per second", flushes / delivering);
        add("device bytes written per event", (double) sectors * SECTOR_BYTES / events);
        return events / delivering;
    }

    private void check(Bodies bodies, LoadResult load, long events) {
        long expected = Math.round(load.accepted() * bodies.eventsPerBody());
        boolean exact = bodies.eventsPerBody() == Math.rint(bodies.eventsPerBody());
        if (exact && load.failed() == 0 && events != expected) {
            throw new IllegalStateException(
                    expected + " events were accepted, " + events + " are in PostgreSQL: something is wrong");
        }
        add("refused requests", load.refused());
        add("failed requests", load.failed());
    }

    private void latency(LoadResult load) {
        add("answer p50 ms", load.millis(50));
        add("answer p99 ms", load.millis(99));
        add("answer p99.9 ms", load.millis(99.9));
        add("blocked ms", load.blockedMillis());
    }

    private void usage(Usage used, long events, double seconds) {
        cpuMicros = (double) used.cpuMicros() / events;
        add("CPU us per event", cpuMicros);
        add("CPU us per event without the JIT compiler", (double) (used.cpuMicros() - used.jitMicros()) / events);
        add("allocated bytes per event", (double) used.allocatedBytes() / events);
        add("RSS MB", used.residentBytes() / 1e6);
        add("longest GC pause ms", used.longestPause());
        add("GC pauses ms per s", used.pauseSum() / seconds);
        new TreeMap<>(used.threadMicros()).forEach((kind, micros) -> {
            if (micros > 0.02 * used.cpuMicros()) {
                add("  CPU us per event in " + kind, (double) micros / events);
            }
        });
    }

    /** Of our process for each event of the latest run. */
    double cpuMicros() {
        return cpuMicros;
    }

    private void add(String figure, double value) {
        figures.add(name + figure, value);
    }

    /**
     * A field of all block devices together: PostgreSQL's part and the journal's. What the kernel counts for a process is
     * no measure: a change of one block counts as all of the pages that the file was once written in together.
     */
    private static long devices(int field) throws IOException {
        long sum = 0;
        try (var devices = Files.newDirectoryStream(BLOCK_DEVICES)) {
            for (Path device : devices) {
                String[] fields =
                        Files.readString(device.resolve("stat")).strip().split("\\s+");
                sum += fields.length > field ? Long.parseLong(fields[field]) : 0;
            }
        }
        return sum;
    }

    /** The medians by name, for a workload that builds on another. */
    static double median(Map<String, Figure> figures, String name) {
        Figure figure = figures.get(name);
        return figure == null ? 0 : figure.median();
    }

    @FunctionalInterface
    private interface LoadRun {
        LoadResult run();
    }
}
