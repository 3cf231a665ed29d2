package com.evefan.delivery;

import com.evefan.journal.JournalUnavailableException;
import com.evefan.journal.Place;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A place of no journal: says what it was told. */
final class MemoryPlace implements Place {
    State state = State.CLOSED;
    Tally counted = Tally.NOTHING;
    boolean forgotten;
    boolean full;
    int opened;
    long pending = 5;
    long term;
    Instant keptFrom = Instant.MIN;

    @Nullable
    Room room;

    @Override
    public String destination() {
        return "crm";
    }

    @Override
    public void open(Room within) {
        state = State.OPEN;
        room = within;
        opened++;
    }

    @Override
    public void close() {
        state = State.CLOSED;
    }

    @Override
    public long term() {
        return term;
    }

    @Override
    public Instant keptFrom() {
        return keptFrom;
    }

    @Override
    public void remove() {
        state = State.REMOVED;
        if (full) {
            throw new JournalUnavailableException("the places cannot be saved: No space left on device");
        }
    }

    @Override
    public void forget() {
        forgotten = true;
    }

    @Override
    public void count(Tally more) {
        counted = counted.plus(more);
    }

    @Override
    public Status status() {
        return new Status(state, 0, pending, 50, 0, null, counted, 0);
    }

    @Override
    public Standing standing(long position) {
        return new Standing(Stage.WAITING, 0);
    }
}
