package com.evefan.artemis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes records in flight of what a store has on disk, and sets aside what is damaged. */
final class Recovery {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    private final Path directory;
    private final InFlight inFlight;
    private final Map<Destinations, Destinations> known = new HashMap<>();

    Recovery(Path directory, InFlight inFlight) {
        this.directory = directory;
        this.inFlight = inFlight;
    }

    /** The records still owed, in the order of acceptance. */
    List<PendingRecord> recover(Loader loader, Store store) throws Exception {
        List<PendingRecord> records = new ArrayList<>();
        for (Map.Entry<Long, byte[]> entry : loader.bodies().entrySet()) {
            long id = entry.getKey();
            if (!RecordBody.intact(entry.getValue())) {
                setAside(id, entry.getValue());
                store.delete(id);
                continue;
            }
            RecordBody body = shared(RecordBody.decode(entry.getValue()));
            long owed = loader.owed(id, body.destinations().all());
            if (owed == 0) {
                store.delete(id);
            } else {
                records.add(new PendingRecord(inFlight, id, body, owed));
            }
            entry.setValue(new byte[0]);
        }
        return records;
    }

    private RecordBody shared(RecordBody body) {
        Destinations same = known.computeIfAbsent(body.destinations(), own -> own);
        return new RecordBody(body.events(), body.receivedAt(), same, body.lines());
    }

    private void setAside(long id, byte[] body) throws IOException {
        Path aside = Files.createDirectories(directory.resolve("damaged")).resolve(id + ".record");
        Files.write(aside, body);
        LOG.error("Journal record {} is damaged; what is left of it is in {}", id, aside);
    }
}
