package com.evefan.deadletter;

import com.evefan.counters.Ledger;
import jakarta.jms.Session;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Dead letters that an operator wants no more. */
final class Deletion implements Removal.Use {
    private final @Nullable Ledger ledger;
    private long deleted;

    /**
     * @param ledger null where nothing is counted: for what ingestion refused
     */
    Deletion(@Nullable Ledger ledger) {
        this.ledger = ledger;
    }

    long deleted() {
        return deleted;
    }

    @Override
    public boolean next() {
        return true;
    }

    @Override
    public List<DeadLetter> use(List<DeadLetter> letters, Session session) {
        return List.of();
    }

    @Override
    public void used(List<DeadLetter> letters) {
        if (ledger != null) {
            ledger.deleted(letters.size());
        }
        deleted += letters.size();
    }
}
