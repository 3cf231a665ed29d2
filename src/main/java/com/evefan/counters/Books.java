package com.evefan.counters;

import com.evefan.journal.Place;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one destination beside its place in the journal, at one moment; kept in the counters' file.
 *
 * @param counts of the counters that are stored here
 * @param beside how events ended of which the place does not know: before there were places, and dead letters that a
 *     replay delivered, which are not dead any more
 * @param outage null when the destination takes what it is sent
 * @param paused whether an operator has paused it
 * @param oldQueue whether an earlier version may have left events in its retry queue
 */
public record Books(
        Map<Counter, Long> counts,
        Place.Tally beside,
        @Nullable Outage outage,
        boolean paused,
        boolean oldQueue,
        List<ErrorCounter> errors) {
    static final Books EMPTY = new Books(Map.of(), Place.Tally.NOTHING, null, false, false, List.of());

    public Books {
        counts = Map.copyOf(counts);
        errors = List.copyOf(errors);
    }

    long get(Counter counter) {
        return counts.getOrDefault(counter, 0L);
    }
}
