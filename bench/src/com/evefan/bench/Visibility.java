package com.evefan.bench;

import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** How long after its answer an event is a row, at a moderate load. */
final class Visibility {
    private static final long EVERY_MILLIS = 37;
    private static final long POLL_MILLIS = 2;
    private static final long LONGEST_SECONDS = 120;

    private Visibility() {}

    static void measure(Evefan evefan, Figures figures, double rate, Options options) throws Exception {
        Bodies bodies = Bodies.single();
        evefan.database().empty();
        CompletableFuture<LoadResult> load = CompletableFuture.supplyAsync(
                () -> Load.open(evefan.server().port(), bodies, 64, rate, options.seconds()));
        Map<String, Long> answered = new ConcurrentHashMap<>();
        CompletableFuture<Void> marks = CompletableFuture.runAsync(() -> mark(evefan, answered, load));
        Histogram micros = new Histogram(3);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
        while (!marks.isDone() || !answered.isEmpty()) {
            for (String id : evefan.database().present(Set.copyOf(answered.keySet()))) {
                long since = Objects.requireNonNull(answered.remove(id), id);
                micros.recordValue((System.nanoTime() - since) / 1000);
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(answered.size() + " marks are no rows after " + LONGEST_SECONDS + " s");
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        marks.get();
        figures.add("answer to row p50 ms", micros.getValueAtPercentile(50) / 1e3);
        figures.add("answer to row p99 ms", micros.getValueAtPercentile(99) / 1e3);
        figures.add("answer to row, events looked for", micros.getTotalCount());
        figures.add("answer to row max ms", micros.getMaxValue() / 1e3);
        figures.add("load events per second", load.get().perSecond());
        figures.add("answer p99 ms", load.get().millis(99));
    }

    /** Sends events to look for, as long as the load lasts. */
    private static void mark(Evefan evefan, Map<String, Long> answered, CompletableFuture<LoadResult> load) {
        try {
            while (!load.isDone()) {
                String id = evefan.mark();
                answered.put(id, System.nanoTime());
                TimeUnit.MILLISECONDS.sleep(EVERY_MILLIS);
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
