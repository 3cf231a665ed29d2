package com.evefan.delivery;

import java.util.BitSet;

/** How the last events ended that a destination was sent: taken, or refused. Not thread-safe: the destination locks. */
final class LastEnds {
    private static final int MOST = 100;
    private static final int FEWEST = 10;

    private final BitSet refused = new BitSet(MOST);
    private int known;
    private int next;

    /** What became of one batch. Of a larger one than is remembered the shares are. */
    void add(int taken, int refusedToo) {
        int all = taken + refusedToo;
        int bad = all <= MOST ? refusedToo : (int) Math.round((double) refusedToo * MOST / all);
        int good = Math.min(all, MOST) - bad;
        for (int i = 0; i < good + bad; i++) {
            refused.set(next, i >= good);
            next = (next + 1) % MOST;
        }
        known = Math.min(MOST, known + good + bad);
    }

    /** Whether more than half were refused, of enough to tell. */
    boolean areMostRefused() {
        return known >= FEWEST && refused.cardinality() * 2 > known;
    }

    /** Whether at least three of four were taken: clearly not {@link #areMostRefused} any more. */
    boolean areMostTaken() {
        return refused.cardinality() * 4 <= known;
    }

    void forget() {
        refused.clear();
        known = 0;
        next = 0;
    }

    @Override
    public String toString() {
        return refused.cardinality() + " of the last " + known + " events";
    }
}
