package com.evefan;

import com.evefan.configuration.Configuration;
import com.evefan.console.Explanations;
import com.evefan.delivery.EventConverters;
import com.evefan.destination.mixpanel.Mixpanel;
import com.evefan.event.Event;
import com.evefan.event.ReadResult;
import com.evefan.route.DestinationRoute;
import com.evefan.route.DryRun;
import com.evefan.route.Problem;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.spi.BeanRepository;
import org.jspecify.annotations.Nullable;

/**
 * Says what destinations would be sent, by running their routes in a Camel of its own with nothing behind them. That takes a
 * second to make, so it is kept while it is used and until route files change.
 */
final class Explainer implements Explanations, AutoCloseable {
    private static final long KEPT_NANOS = 60_000_000_000L;

    private final Configuration configuration;
    private final BeanRepository beans;
    private Map<Path, FileTime> files = Map.of();
    private List<DestinationRoute> destinations = List.of();
    private @Nullable DryRun run;
    private long usedAt;

    /** @param beans that routes refer to; those that would write or count have others in their place */
    Explainer(Configuration configuration, BeanRepository beans) {
        this.configuration = configuration;
        this.beans = beans;
    }

    @Override
    public ReadResult read(byte[] json, @Nullable String source, @Nullable String type) throws Exception {
        try {
            return new ExplainedRequest(configuration).read(json, type, source);
        } catch (LocalCommand.UsageException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    @Override
    public synchronized Map<String, Outcome> outcomes(Event event, @Nullable String only) throws Exception {
        DryRun ready = ready();
        Map<String, Outcome> outcomes = new LinkedHashMap<>();
        for (DestinationRoute destination : destinations) {
            if (only == null || destination.name().equals(only)) {
                outcomes.put(destination.name(), outcome(destination, event, ready));
            }
        }
        return outcomes;
    }

    private static Outcome outcome(DestinationRoute destination, Event event, DryRun run) {
        if (!destination.enabled()) {
            return new Outcome("it is switched off", "", List.of());
        }
        if (!event.integrations().allows(destination.name())) {
            return new Outcome("the event's integrations leave it out", "", List.of());
        }
        DryRun.Result result = run.deliver(destination.name(), event);
        String step = result.stoppedBy();
        String leftOut =
                step.isEmpty() ? "its own steps leave the event out" : "its step " + step + " leaves the event out";
        return new Outcome(result.sent().isEmpty() ? leftOut : "", step, result.sent());
    }

    private DryRun ready() throws Exception {
        Map<Path, FileTime> now = new TreeMap<>();
        for (Path file : RouteFiles.of(configuration)) {
            now.put(file, Files.getLastModifiedTime(file));
        }
        usedAt = System.nanoTime();
        DryRun known = run;
        if (known != null && now.equals(files)) {
            return known;
        }
        close();
        List<Path> paths = RouteFiles.of(configuration);
        List<Problem> problems =
                Problem.errors(RouteFiles.check(configuration, beans).check(paths));
        if (!problems.isEmpty()) {
            throw new IllegalStateException(
                    String.join("\n", problems.stream().map(Problem::toString).toList()));
        }
        DryRun begun = DryRun.start(
                beans,
                configuration.camelProperties(),
                paths,
                Map.of(
                        "postgresWriter",
                        event -> ExplainedRow.of(event, configuration.postgres().schema()),
                        "bigQueryWriter",
                        event -> ExplainedRow.of(event, configuration.bigQuery().dataset())),
                Map.of("mixpanel", new Mixpanel(configuration.mixpanel(), new SimpleMeterRegistry())),
                new EventConverters());
        run = begun;
        files = now;
        destinations = DestinationRoute.in(paths, configuration.camelProperties());
        return begun;
    }

    /** Gives up what nobody has used for a minute. */
    synchronized void rest() {
        if (run != null && System.nanoTime() - usedAt > KEPT_NANOS) {
            close();
        }
    }

    @Override
    public synchronized void close() {
        try (DryRun ends = run) {
            run = null;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
