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
 * counts since the last save, never an event; what became of events stands in the journal, with the places.
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
    private boolean saveFails;

    private Counters(CountersFile file, Clock clock) throws IOException {
        this.file = file;
        this.clock = clock;
        file.read().forEach((name, books) -> of(name).restore(books));
    }

    /**
     * Reads what was saved. A file that cannot be read is set aside: counters are no reason not to start.
     *
     * @param interval how often to save
     */
    public static Counters open(Path path, Duration interval, Clock clock) throws IOException {
        Counters counters = new Counters(new CountersFile(path), clock);
        long millis = interval.toMillis();
        var unused = counters.saver.scheduleWithFixedDelay(counters::save, millis, millis, TimeUnit.MILLISECONDS);
        return counters;
    }

    /** The ledger of {@code destination}, made when it is new. */
    public Ledger of(String destination) {
        Ledger known = ledgers.get(destination);
        return known != null ? known : ledgers.computeIfAbsent(destination, name -> new Ledger(clock));
    }

    /** The destination is gone for good. */
    public void forget(String destination) {
        ledgers.remove(destination);
        save();
    }

    /** The books of every destination that is known, by name. */
    public SortedMap<String, Books> snapshot() {
        SortedMap<String, Books> all = new TreeMap<>();
        ledgers.forEach((name, ledger) -> all.put(name, ledger.snapshot()));
        return all;
    }

    /** Saves them now. */
    public synchronized void save() {
        try {
            file.write(snapshot());
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
        save();
    }
}
