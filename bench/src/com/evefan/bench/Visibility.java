package com.evefan.bench;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** How long after its answer an event is a row, at a moderate load. */
final class Visibility {
    private static final long EVERY_MILLIS = 37;

    private Visibility() {}

    static void measure(Evefan evefan, Figures figures, double rate, Options options) throws Exception {
        Bodies bodies = Bodies.single();
        evefan.database().empty();
        CompletableFuture<LoadResult> load = CompletableFuture.supplyAsync(
                () -> Load.open(evefan.server().port(), bodies, 64, rate, options.seconds()));
        Histogram micros = new Histogram(3);
        while (!load.isDone()) {
            String id = evefan.mark();
            long answered = System.nanoTime();
            long visible = evefan.database().await(id, 30);
            micros.recordValue((visible - answered) / 1000);
            TimeUnit.MILLISECONDS.sleep(EVERY_MILLIS);
        }
        figures.add("answer to row p50 ms", micros.getValueAtPercentile(50) / 1e3);
        figures.add("answer to row p99 ms", micros.getValueAtPercentile(99) / 1e3);
        figures.add("answer to row max ms", micros.getMaxValue() / 1e3);
        figures.add("load events per second", load.get().perSecond());
        figures.add("answer p99 ms", load.get().millis(99));
    }
}
