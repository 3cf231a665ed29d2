package com.evefan.counters;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ledgers of all destinations, kept in a file: saved every few seconds and at the stop. A killed process loses the
 * counts since the last save, never an event, and the equation holds again at once.
 */
public final class Counters implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Counters.class);

    private final Map<String, Ledger> ledgers = new ConcurrentHashMap<>();
    private final ScheduledExecutorService saver = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "evefan-counters");
        thread.setDaemon(true);
        return thread;
    });
    private final CountersFile file;
    private final Clock clock;
    private final boolean exact;
    private boolean saveFails;

    private Counters(CountersFile file, Clock clock) throws IOException {
        this.file = file;
        this.clock = clock;
        CountersFile.Content content = file.read();
        content.destinations().forEach(saved -> of(saved.destination()).restore(saved));
        exact = content.complete();
    }

    /**
     * Reads what was saved. A file that cannot be read is set aside: counters are no reason not to start.
     *
     * @param interval how often to save
     */
    public static Counters open(Path path, Duration interval, Clock clock) throws IOException {
        Counters counters = new Counters(new CountersFile(path), clock);
        long millis = interval.toMillis();
        var unused = counters.saver.scheduleWithFixedDelay(
                () -> counters.save(false), millis, millis, TimeUnit.MILLISECONDS);
        return counters;
    }

    /** Whether the process before this one stopped by itself, so that the saved counters are exact. */
    public boolean isExact() {
        return exact;
    }

    /** The ledger of {@code destination}, made when it is new. */
    public Ledger of(String destination) {
        Ledger known = ledgers.get(destination);
        return known != null ? known : ledgers.computeIfAbsent(destination, name -> new Ledger(name, clock));
    }

    /** The counters of every destination that ever was sent an event, by name. */
    public SortedMap<String, DestinationCounters> snapshot() {
        SortedMap<String, DestinationCounters> all = new TreeMap<>();
        ledgers.forEach((name, ledger) -> all.put(name, ledger.snapshot()));
        return all;
    }

    private synchronized void save(boolean complete) {
        try {
            file.write(new CountersFile.Content(complete, snapshot().values()));
            saveFails = false;
        } catch (IOException e) {
            if (!saveFails) {
                LOG.warn("The counters cannot be saved: {}", e.toString());
            }
            saveFails = true;
        }
    }

    /** Saves them for the last time. */
    @Override
    public void close() throws InterruptedException {
        saver.shutdownNow();
        saver.awaitTermination(5, TimeUnit.SECONDS);
        save(true);
    }
}
