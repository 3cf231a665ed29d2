package com.evefan.journal.local;

import com.evefan.event.EventBatch;
import com.evefan.journal.local.LocalPlace.Skip;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Of events that are appended and that only some destinations owe: what each of the others has to skip. */
final class Adoption {
    private final long first;
    private final long firstBytes;
    private final Map<String, Owing> owing = new LinkedHashMap<>();
    private long end;
    private long endBytes;

    /** A destination, and up to which position it is known what it owes. */
    private static final class Owing {
        private final List<Skip> skips = new ArrayList<>();
        private long knownTo;
        private long bytesTo;

        Owing(long knownTo, long bytesTo) {
            this.knownTo = knownTo;
            this.bytesTo = bytesTo;
        }

        void skipTo(long position, long bytes) {
            if (position > knownTo) {
                skips.add(new Skip(knownTo, position, bytes - bytesTo));
                knownTo = position;
                bytesTo = bytes;
            }
        }
    }

    /**
     * @param first the position of the first event that is appended
     * @param firstBytes the size of all events before
     * @param destinations that have a place already
     */
    Adoption(long first, long firstBytes, Set<String> destinations) {
        this.first = first;
        this.firstBytes = firstBytes;
        end = first;
        endBytes = firstBytes;
        destinations.forEach(this::owing);
    }

    private Owing owing(String destination) {
        return owing.computeIfAbsent(destination, name -> new Owing(first, firstBytes));
    }

    /** {@code batch} was appended, owed by {@code destinations}. */
    void add(EventBatch batch, Set<String> destinations) {
        for (String destination : destinations) {
            Owing its = owing(destination);
            its.skipTo(end, endBytes);
            its.knownTo = end + batch.size();
            its.bytesTo = endBytes + batch.bytes();
        }
        end += batch.size();
        endBytes += batch.bytes();
    }

    /** By destination, in order. */
    Map<String, List<Skip>> skips() {
        Map<String, List<Skip>> skips = new LinkedHashMap<>();
        owing.forEach((destination, its) -> {
            its.skipTo(end, endBytes);
            skips.put(destination, its.skips);
        });
        return skips;
    }
}
