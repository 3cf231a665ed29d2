package com.evefan.deadletter;

import com.evefan.counters.Counters;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Dead letters that nobody wants any more: an operator says so, or they are too old. */
final class Deletion implements DeadLetterScan.Use {
    private final Counters counters;
    private final String destination;
    private final @Nullable Instant before;
    private long deleted;

    /**
     * @param before ends at the first letter that was given up at this time or later; null: goes through all
     */
    Deletion(Counters counters, String destination, @Nullable Instant before) {
        this.counters = counters;
        this.destination = destination;
        this.before = before;
    }

    long deleted() {
        return deleted;
    }

    @Override
    public boolean goOn() {
        return true;
    }

    @Override
    public DeadLetterScan.Used use(List<DeadLetter> letters) {
        int count = letters.size();
        if (before != null) {
            count = 0;
            while (count < letters.size() && letters.get(count).lastFailure().isBefore(before)) {
                count++;
            }
        }
        return new DeadLetterScan.Used(count, List.of(), List.of());
    }

    @Override
    public void committed(DeadLetterScan.Used used) {
        counters.of(destination).deleted(used.count());
        counters.save();
        deleted += used.count();
    }
}
