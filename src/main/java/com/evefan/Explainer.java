package com.evefan;

import com.evefan.configuration.Configuration;
import com.evefan.configuration.ConfigurationException;
import com.evefan.console.Explanations;
import com.evefan.event.Event;
import com.evefan.event.ReadResult;
import com.evefan.route.DryRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;

/**
 * The {@link Explanation} of an Evefan that runs. It takes a second to make, so it is kept while it is used and until route
 * files change.
 */
final class Explainer implements Explanations, AutoCloseable {
    private static final long KEPT_NANOS = 60_000_000_000L;

    private final Configuration configuration;
    private final CamelContext context;
    private Map<Path, FileTime> files = Map.of();
    private @Nullable Explanation explanation;
    private long usedAt;

    /** @param context whose beans routes refer to; those that would write or count have others in their place */
    Explainer(Configuration configuration, CamelContext context) {
        this.configuration = configuration;
        this.context = context;
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
        Explanation ready = ready();
        Map<String, Outcome> outcomes = new LinkedHashMap<>();
        for (String destination : ready.destinations()) {
            if (only == null || destination.equals(only)) {
                Explanation.Outcome outcome = ready.of(event, destination);
                List<String> sent =
                        outcome.sent().stream().map(DryRun.Sent::toString).toList();
                outcomes.put(destination, new Outcome(outcome.why(), outcome.stoppedBy(), sent));
            }
        }
        return outcomes;
    }

    private Explanation ready() throws Exception {
        List<Path> paths = RouteFiles.of(configuration);
        Map<Path, FileTime> now = new TreeMap<>();
        for (Path file : paths) {
            now.put(file, Files.getLastModifiedTime(file));
        }
        usedAt = System.nanoTime();
        Explanation known = explanation;
        if (known != null && now.equals(files)) {
            return known;
        }
        close();
        try {
            Explanation begun = Explanation.of(configuration, context, paths);
            explanation = begun;
            files = now;
            return begun;
        } catch (ConfigurationException e) {
            throw new IllegalStateException(String.join("\n", e.problems()), e);
        }
    }

    /** Gives up what nobody has used for a minute. */
    synchronized void rest() {
        if (explanation != null && System.nanoTime() - usedAt > KEPT_NANOS) {
            close();
        }
    }

    @Override
    public synchronized void close() {
        try (Explanation ends = explanation) {
            explanation = null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
