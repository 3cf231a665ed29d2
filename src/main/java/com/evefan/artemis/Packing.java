package com.evefan.artemis;

import com.evefan.event.Event;
import com.evefan.event.EventBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Makes records of appends. Small ones share a record, because each record costs those who deal with it about as much as
 * an event does; of an append that one record could not hold, there are several.
 */
final class Packing {
    /** From this size on the cost of a record is nothing beside that of its events. */
    private static final int WORTH_A_RECORD = 64 << 10;

    private final JournalSettings settings;
    private final InFlight inFlight;
    private final List<PendingRecord> records = new ArrayList<>();
    private List<Event> events = new ArrayList<>();
    private long bytes;
    private Destinations destinations = Destinations.of(Set.of());

    private Packing(JournalSettings settings, InFlight inFlight) {
        this.settings = settings;
        this.inFlight = inFlight;
    }

    /** The events of {@code appends} in their order, none of them larger than a record may be. */
    static List<PendingRecord> pack(List<Append> appends, JournalSettings settings, InFlight inFlight) {
        Packing packing = new Packing(settings, inFlight);
        appends.forEach(packing::add);
        packing.endRecord();
        return packing.records;
    }

    private void add(Append append) {
        EventBatch batch = append.batch();
        boolean fits =
                bytes + batch.bytes() <= WORTH_A_RECORD && events.size() + batch.size() <= settings.handoverEvents();
        if (!fits || !append.destinations().equals(destinations)) {
            endRecord();
        }
        destinations = append.destinations();
        for (Event event : batch.events()) {
            int length = event.json().length;
            if (bytes + length > settings.maxRecordBytes()) {
                endRecord();
            }
            events.add(event);
            bytes += length;
        }
    }

    private void endRecord() {
        if (!events.isEmpty()) {
            records.add(
                    new PendingRecord(inFlight, destinations, new RecordEncoding(events, bytes, destinations), bytes));
            events = new ArrayList<>();
            bytes = 0;
        }
    }
}
