package com.evefan.artemis;

import com.evefan.artemis.JournalStatus.Backlog;
import com.evefan.artemis.JournalStatus.State;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Puts a {@link JournalStatus} together. */
final class StatusReport {
    private final Map<String, Long> oldest = new TreeMap<>();
    private long oldestOfAll = Long.MAX_VALUE;

    private StatusReport(InFlight inFlight) {
        for (PendingRecord record : inFlight.records()) {
            look(record);
        }
    }

    static JournalStatus of(
            InFlight inFlight, boolean closed, @Nullable String refusal, long syncs, long writtenBytes) {
        StatusReport report = new StatusReport(inFlight);
        State state = state(inFlight, closed, refusal);
        return new JournalStatus(
                state,
                state == State.FULL ? "as many events or bytes in flight as configured" : refusal,
                inFlight.events(),
                inFlight.bytes(),
                instant(report.oldestOfAll),
                inFlight.appendedEvents(),
                inFlight.acknowledgedEvents(),
                syncs,
                writtenBytes,
                report.destinations(inFlight));
    }

    private static State state(InFlight inFlight, boolean closed, @Nullable String refusal) {
        if (closed) {
            return State.CLOSED;
        }
        if (refusal != null) {
            return State.UNAVAILABLE;
        }
        return inFlight.full() ? State.FULL : State.OPEN;
    }

    private void look(PendingRecord record) {
        long receivedAt = record.receivedAt();
        long owed = record.owed();
        oldestOfAll = Math.min(oldestOfAll, receivedAt);
        for (int i = 0; owed >>> i != 0 && i < Long.SIZE; i++) {
            if ((owed & 1L << i) != 0) {
                oldest.merge(record.destinations().names().get(i), receivedAt, Math::min);
            }
        }
    }

    private Map<String, Backlog> destinations(InFlight inFlight) {
        Map<String, Backlog> destinations = new TreeMap<>();
        inFlight.owedByDestination().forEach((name, owed) -> {
            Instant since = instant(oldest.getOrDefault(name, Long.MAX_VALUE));
            destinations.put(name, new Backlog(owed.events().sum(), owed.bytes().sum(), since));
        });
        return Map.copyOf(destinations);
    }

    private static @Nullable Instant instant(long millis) {
        return millis == Long.MAX_VALUE ? null : Instant.ofEpochMilli(millis);
    }
}
