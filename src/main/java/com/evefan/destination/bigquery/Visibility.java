package com.evefan.destination.bigquery;

import com.evefan.warehouse.Table;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * Patience with a table or column that BigQuery says is there and that inserts do not see: after a create or alter that
 * lasts seconds, at times minutes (Google, "Streaming data: metadata consistency"). The other tables wait so long as well,
 * once; after that the table's events become dead letters, which are replayed until inserts see it.
 */
final class Visibility {
    /** Of the dead letters that are replayed. */
    static final String ERROR = "notVisible";

    /** Waited in place, while the requests of other tables go on. */
    static final List<Duration> PAUSES = List.of(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4));

    private final Duration patience;
    private final Clock clock;
    private final Pause pause;
    private final Map<String, Instant> unseenSince = new ConcurrentHashMap<>();
    private final AtomicInteger replays = new AtomicInteger();

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
        String why = "BigQuery has " + what
                + ", but inserts do not see it yet; after a create or change that takes up to" + " some minutes";
        if (waited.compareTo(patience) <= 0) {
            return Failure.retryable(why, "notFound");
        }
        // Twice: what was given up last may not be kept yet when the first begins.
        replays.set(2);
        return Failure.table(why + ", and its dead letters are replayed", ERROR);
    }

    /** Begins a replay of what was given up lately, by the error; {@code replay} says whether it could. */
    void replay(Predicate<String> replay) {
        int left = replays.get();
        if (left > 0 && replay.test(ERROR)) {
            replays.compareAndSet(left, left - 1);
        }
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
