package com.evefan.bench;

import io.hyperfoil.api.config.BenchmarkBuilder;
import io.hyperfoil.api.config.PhaseBuilder;
import io.hyperfoil.api.statistics.StatisticsSnapshot;
import io.hyperfoil.core.impl.LocalSimulationRunner;
import io.hyperfoil.http.api.HttpMethod;
import io.hyperfoil.http.config.HttpPluginBuilder;
import io.hyperfoil.http.config.Protocol;
import io.hyperfoil.http.statistics.HttpStats;
import io.hyperfoil.http.steps.HttpStepCatalog;
import java.util.function.Function;
import org.HdrHistogram.Histogram;

/**
 * Sends requests with Hyperfoil, from one thread.
 *
 * <p>Closed: each connection sends its next request when it has the answer to the last: that finds the most a server
 * takes; its latencies are those of a full server, and leave out what would have been sent while the server stood still.
 * Open: requests start at a constant rate, whatever becomes of the earlier ones, so that a pause shows in the latency of
 * every request that fell into it.
 */
final class Load {
    private static final String AUTHORIZATION = "Basic d2tfZGV2Og==";

    /**
     * What is being sent. Not captured by the steps: Hyperfoil looks at every object that they refer to, which takes
     * seconds for large bodies.
     */
    private static Bodies sending = Bodies.none();

    private Load() {}

    static LoadResult closed(int port, Bodies bodies, int connections, double seconds) {
        return run(port, bodies, connections, seconds, phase -> phase.always(connections));
    }

    static LoadResult open(int port, Bodies bodies, int connections, double rate, double seconds) {
        return run(port, bodies, connections, seconds, phase -> phase.constantRate(0)
                .usersPerSec(rate)
                .variance(false)
                .maxSessions(20_000));
    }

    private static LoadResult run(
            int port,
            Bodies bodies,
            int connections,
            double seconds,
            Function<PhaseBuilder.Catalog, PhaseBuilder<?>> model) {
        sending = bodies;
        BenchmarkBuilder benchmark = BenchmarkBuilder.builder().name("load").threads(1);
        HttpPluginBuilder http = benchmark.addPlugin(HttpPluginBuilder::new);
        // A 503 is an answer: the connection stays, and the sender goes on.
        http.ergonomics().autoRangeCheck(false).stopOnInvalid(false);
        http.http()
                .protocol(Protocol.HTTP)
                .host("127.0.0.1")
                .port(port)
                .sharedConnections(connections)
                .requestTimeout("60s")
                .endHttp();
        PhaseBuilder<?> phase = model.apply(benchmark.addPhase("load"));
        phase.duration(Math.round(seconds * 1000))
                .scenario()
                .initialSequence("request")
                .step(HttpStepCatalog.SC)
                .httpRequest(HttpMethod.POST)
                .path(session -> sending.nextPath())
                .headers()
                .header("content-type", "application/json")
                .header("authorization", AUTHORIZATION)
                .endHeaders()
                .body((session, connection) -> sending.body())
                .endStep();
        StatisticsSnapshot all = new StatisticsSnapshot();
        LocalSimulationRunner runner = new LocalSimulationRunner(
                benchmark.build(), (ignored, step, metric, snapshot, latch) -> all.add(snapshot), null, null);
        long start = System.nanoTime();
        runner.run();
        return result(all, start, (System.nanoTime() - start) / 1e9, seconds);
    }

    /** Hyperfoil's own start and stop do not count. */
    private static LoadResult result(StatisticsSnapshot all, long start, double elapsed, double seconds) {
        HttpStats http = HttpStats.get(all);
        long accepted = http.status_2xx;
        Histogram latency = all.histogram;
        double tail = latency.getMaxValue() / 1e9;
        return new LoadResult(
                start,
                Math.min(elapsed, seconds + tail),
                accepted,
                all.responseCount - accepted,
                all.connectionErrors + all.requestTimeouts + all.internalErrors,
                all.blockedTime / 1_000_000,
                latency);
    }
}
