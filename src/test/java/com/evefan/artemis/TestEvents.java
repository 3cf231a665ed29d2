package com.evefan.artemis;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.evefan.event.Event;
import com.evefan.event.EventBatch;
import com.evefan.event.EventCodec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Events and journals for tests. */
final class TestEvents {
    static final Set<String> BOTH = Set.of("postgres", "mixpanel");
    static final String RECEIVED = "2026-03-02T01:11:22.000Z";

    private TestEvents() {}

    static JournalSettings small(Path directory) {
        return new JournalSettings(directory, 10_000, 32 << 20, 1_000, 256 << 10, 0);
    }

    static EventBatch batch(String... messageIds) {
        StringBuilder lines = new StringBuilder();
        for (String messageId : messageIds) {
            lines.append(json(messageId, "")).append('\n');
        }
        return EventBatch.of(EventCodec.decode(lines.toString().getBytes(UTF_8)));
    }

    static EventBatch padded(String messageId, int bytes) {
        return EventBatch.of(
                EventCodec.decode(json(messageId, "x".repeat(bytes)).getBytes(UTF_8)));
    }

    private static String json(String messageId, String padding) {
        return "{\"type\":\"track\",\"messageId\":\"" + messageId + "\",\"source\":\"web\",\"timestamp\":\"" + RECEIVED
                + "\",\"receivedAt\":\"" + RECEIVED + "\",\"event\":\"" + padding + "\"}";
    }

    static List<String> ids(EventBatch batch) {
        return batch.events().stream().map(Event::messageId).toList();
    }

    /** Everything that waits for its hand-over. */
    static List<Handover> takeAll(Journal journal) throws InterruptedException {
        List<Handover> all = new ArrayList<>();
        for (Handover next = journal.take(50); next != null; next = journal.take(50)) {
            all.add(next);
        }
        return all;
    }

    static List<String> takeIds(Journal journal) throws InterruptedException {
        List<String> ids = new ArrayList<>();
        takeAll(journal).forEach(handover -> ids.addAll(ids(handover.batch())));
        return ids;
    }
}
