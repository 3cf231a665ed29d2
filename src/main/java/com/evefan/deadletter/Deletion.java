package com.evefan.deadletter;

import com.evefan.counters.Ledger;
import jakarta.jms.Session;
import java.util.List;

/** Dead letters that an operator wants no more. */
final class Deletion implements Removal.Use {
    private final Ledger ledger;
    private long deleted;

    Deletion(Ledger ledger) {
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
        ledger.deleted(letters.size());
        deleted += letters.size();
    }
}
