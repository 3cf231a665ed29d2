package com.evefan.destination.bigquery;

import com.evefan.warehouse.Table;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Patience with a table or column that BigQuery says is there and that inserts do not see: after a create or alter that
 * lasts seconds, at times minutes (Google, "Streaming data: metadata consistency").
 */
final class Visibility {
    /** Waited in place, while the requests of other tables go on; what takes longer is the retry queue's. */
    static final List<Duration> PAUSES = List.of(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4));

    private final Duration patience;
    private final Clock clock;
    private final Pause pause;
    private final Map<String, Instant> unseenSince = new ConcurrentHashMap<>();

    Visibility(Duration patience, Clock clock, Pause pause) {
        this.patience = patience;
        this.clock = clock;
        this.pause = pause;
    }

    /** Inserts see the table with all of its columns. */
    void seen(Table table) {
        if (!unseenSince.isEmpty()) {
            unseenSince.remove(table.name());
        }
    }

    /** What to call it that inserts do not see {@code what} of the table: an error of this table once patience is out. */
    Failure unseen(Table table, String what) {
        Instant since = unseenSince.computeIfAbsent(table.name(), name -> clock.instant());
        Duration waited = Duration.between(since, clock.instant());
        return waited.compareTo(patience) > 0
                ? Failure.table(
                        "BigQuery has " + what + ", but has answered inserts for " + waited.toMinutes()
                                + " minutes that there is none",
                        "notFound")
                : Failure.retryable(
                        "BigQuery has " + what + ", but inserts do not see it yet; after a create or change that takes"
                                + " up to some minutes",
                        "notFound");
    }

    /** Waits for the {@code attempt}-th time; false, at once, when there has been enough waiting in place. */
    boolean await(int attempt) throws InterruptedException {
        if (attempt >= PAUSES.size()) {
            return false;
        }
        pause.of(PAUSES.get(attempt));
        return true;
    }
}
