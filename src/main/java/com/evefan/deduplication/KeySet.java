package com.evefan.deduplication;

/** Keys in one array of longs, two a key: 16 bytes a place, and at most 60 of 100 places are taken. */
final class KeySet {
    private static final int FIRST_PLACES = 64;

    private long[] places = new long[2 * FIRST_PLACES];
    private int size;

    int size() {
        return size;
    }

    boolean contains(MessageKey key) {
        return places[place(places, key.high(), key.low())] != 0;
    }

    void add(MessageKey key) {
        put(places, key.high(), key.low());
        if (size * 10L > places.length / 2 * 6L) {
            grow();
        }
    }

    /** Memory taken, in bytes. */
    long bytes() {
        return places.length * (long) Long.BYTES;
    }

    private void put(long[] into, long high, long low) {
        int place = place(into, high, low);
        if (into[place] == 0) {
            into[place] = high;
            into[place + 1] = low;
            size++;
        }
    }

    private void grow() {
        long[] larger = new long[places.length * 2];
        size = 0;
        for (int i = 0; i < places.length; i += 2) {
            if (places[i] != 0) {
                put(larger, places[i], places[i + 1]);
            }
        }
        places = larger;
    }

    /** Where the key is, or the free place where it would be. */
    private static int place(long[] places, long high, long low) {
        int mask = places.length - 1;
        int place = (int) (low << 1) & mask;
        while (places[place] != 0 && (places[place] != high || places[place + 1] != low)) {
            place = (place + 2) & mask;
        }
        return place;
    }
}
