package com.evefan.deadletter;

import com.evefan.counters.Ledger;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Dead letters that nobody wants any more: an operator says so, or they are too old. */
final class Deletion implements DeadLetterScan.Use {
    private final Ledger ledger;
    private final @Nullable Instant before;
    private long deleted;

    /**
     * @param before ends at the first letter that was given up at this time or later; null: goes through all
     */
    Deletion(Ledger ledger, @Nullable Instant before) {
        this.ledger = ledger;
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
        ledger.deleted(used.count());
        deleted += used.count();
    }
}
