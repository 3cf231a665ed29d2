package com.evefan.route;

import com.evefan.delivery.Destinations;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.PropertiesSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the files of the destinations while Evefan runs: what is added or edited runs within seconds, what is broken
 * is reported and its last good version goes on, what is deleted stops.
 */
public final class RouteReload implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RouteReload.class);
    private static final long LOOK_MS = 500;
    private static final long STOP_SECONDS = 60;

    /** What tells one version of a file from the next without reading it. */
    private record Stamp(long modified, long size) {}

    private final RouteCheck check;
    private final RouteProblems told;
    private final RouteSwap swap;
    private final List<Path> all;
    private final List<Path> watched;
    private final Map<Path, Stamp> seen = new HashMap<>();
    private final Map<Path, RouteText> running = new HashMap<>();
    private final Set<Path> broken = new HashSet<>();
    private final Placeholders placeholders;
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "evefan-route-reload");
        thread.setDaemon(true);
        return thread;
    });

    /** The values of placeholders as a file has them now; those of the start for what it does not name. */
    private static final class Placeholders implements PropertiesSource {
        private final Path file;
        private volatile Properties values = new Properties();
        private @Nullable Stamp read;

        Placeholders(Path file) throws IOException {
            this.file = file;
            this.read = Files.exists(file) ? stamp(file) : null;
        }

        /** Whether the file has changed, and so its values. */
        boolean hasChanged() throws IOException {
            Stamp now = Files.exists(file) ? stamp(file) : null;
            if (Objects.equals(now, read)) {
                return false;
            }
            read = now;
            Properties fresh = new Properties();
            if (now != null) {
                try (Reader reader = Files.newBufferedReader(file)) {
                    fresh.load(reader);
                }
            }
            // Evefan's own are read at the start.
            fresh.keySet().removeIf(key -> String.valueOf(key).matches("(evefan|camel)\\..*"));
            values = fresh;
            return true;
        }

        @Override
        public String getName() {
            return "edited " + file;
        }

        @Override
        public @Nullable String getProperty(String name) {
            return values.getProperty(name);
        }
    }

    private RouteReload(CamelContext camel, RouteCheck check, RouteProblems told, String pattern, Path properties)
            throws IOException {
        Destinations destinations = camel.getRegistry().lookupByNameAndType("destinations", Destinations.class);
        this.check = check;
        this.told = told;
        this.swap = new RouteSwap(camel, destinations);
        this.placeholders = new Placeholders(properties);
        camel.getPropertiesComponent().addPropertiesSource(placeholders);
        this.all = RouteFolders.of(pattern);
        this.watched = RouteFolders.ofDestinations(pattern);
    }

    /**
     * Watches from now on.
     *
     * @param camel which has loaded the files as they are now
     * @param told what is wrong with them now
     * @param pattern where they are: {@code camel.main.routes-include-pattern}
     * @param properties the file that has the values of their placeholders; read again when it has changed
     * @throws IOException when they cannot be read
     */
    public static RouteReload start(
            CamelContext camel, RouteCheck check, RouteProblems told, String pattern, Path properties)
            throws IOException {
        RouteReload reload = new RouteReload(camel, check, told, pattern, properties);
        for (Path file : reload.files(reload.watched)) {
            reload.seen.put(file, stamp(file));
            reload.running.put(file, RouteText.read(file));
        }
        var unused = reload.executor.scheduleWithFixedDelay(reload::look, LOOK_MS, LOOK_MS, TimeUnit.MILLISECONDS);
        return reload;
    }

    private void look() {
        try {
            if (placeholders.hasChanged()) {
                check.add(placeholders.values);
                seen.keySet().removeAll(broken);
            }
            told.lookForMisnamed(all);
            Set<Path> files = new TreeSet<>(files(watched));
            for (Path file : files) {
                Stamp stamp = stamp(file);
                if (!stamp.equals(seen.get(file)) && load(file)) {
                    seen.put(file, stamp);
                }
            }
            Set<Path> gone = new HashSet<>(seen.keySet());
            gone.addAll(broken); // which are not among those seen when values have changed meanwhile
            gone.removeAll(files);
            for (Path file : gone) {
                if (remove(file)) {
                    seen.remove(file);
                }
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("The route files cannot be looked at; trying again", e);
        }
    }

    /** Whether {@code file} is dealt with, well or not; false to try again soon. */
    private boolean load(Path file) throws IOException {
        List<Problem> problems = check.check(file, files(all));
        List<Problem> errors = Problem.errors(problems);
        if (!errors.isEmpty()) {
            errors.forEach(problem -> LOG.error("{}", problem));
            broken.add(file);
            report(file, errors.stream().map(Problem::toString).toList());
            return true;
        }
        broken.remove(file);
        problems.forEach(problem -> LOG.warn("{}", problem));
        RouteText next = RouteText.read(file);
        return exchange(file, next, "is loaded");
    }

    private boolean remove(Path file) {
        broken.remove(file);
        return exchange(
                file,
                RouteText.NONE,
                running.containsKey(file)
                        ? "is gone: its destination is removed, what that has not got waits for its return"
                        : "is gone; it did not run");
    }

    private boolean exchange(Path file, RouteText next, String done) {
        RouteText before = running.getOrDefault(file, RouteText.NONE);
        try {
            if (!swap.exchange(file, before.ids(), next, before)) {
                LOG.warn("{} has changed, but its destination is still busy with what it has; trying again", file);
                return false;
            }
            if (next.ids().isEmpty()) {
                running.remove(file);
            } else {
                running.put(file, next);
            }
            told.mended(file);
            LOG.info("{} {}", file, done);
        } catch (Exception e) {
            LOG.error("{}: {}", file, e.getMessage());
            report(file, List.of(file + ": " + e.getMessage()));
        }
        return true;
    }

    private void report(Path file, List<String> problems) {
        String meanwhile = running.containsKey(file) ? "the last good version goes on" : "not loaded";
        LOG.error("{}: {}", file, meanwhile);
        told.found(
                file,
                problems.stream()
                        .map(problem -> problem + " (" + meanwhile + ")")
                        .toList());
    }

    private List<Path> files(List<Path> folders) throws IOException {
        return RouteCheck.files(folders.toArray(Path[]::new));
    }

    private static Stamp stamp(Path file) throws IOException {
        return new Stamp(Files.getLastModifiedTime(file).toMillis(), Files.size(file));
    }

    /** Stops watching; an exchange under way ends first. */
    @Override
    public void close() throws InterruptedException {
        executor.shutdown();
        if (!executor.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
            LOG.warn("A route file is still being loaded");
        }
    }
}
