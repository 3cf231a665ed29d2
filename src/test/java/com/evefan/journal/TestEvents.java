package com.evefan.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.evefan.event.Event;
import com.evefan.event.EventBatch;
import com.evefan.event.EventCodec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Events for tests of journals. */
public final class TestEvents {
    public static final Instant RECEIVED = Instant.parse("2026-03-02T01:11:22.000Z");

    private TestEvents() {}

    public static EventBatch batch(String... messageIds) {
        return EventBatch.of(
                List.of(messageIds).stream().map(id -> event(id, RECEIVED, 0)).toList());
    }

    /** Events called {@code prefix} with a number, from 0 on. */
    public static EventBatch many(String prefix, int events, int padding) {
        return EventBatch.of(IntStream.range(0, events)
                .mapToObj(i -> event(prefix + i, RECEIVED, padding))
                .toList());
    }

    public static Event event(String messageId, Instant receivedAt, int padding) {
        String json = "{\"type\":\"track\",\"messageId\":\"" + messageId + "\",\"source\":\"web\",\"timestamp\":\""
                + "2026-03-02T01:11:22.000Z\",\"receivedAt\":\"" + millis(receivedAt) + "\",\"event\":\""
                + "x".repeat(padding) + "\"}";
        return EventCodec.decode(json.getBytes(UTF_8)).get(0);
    }

    private static String millis(Instant time) {
        String text = time.toString();
        return text.contains(".") ? text : text.replace("Z", ".000Z");
    }

    public static List<String> ids(EventBatch batch) {
        return batch.events().stream().map(Event::messageId).toList();
    }

    /** Appends, and waits until it is durable. */
    public static void append(Journal journal, EventBatch batch) {
        journal.append(batch, Runnable::run).join();
    }

    /** All that can be taken now, in the order of taking; nothing of it is acknowledged. */
    public static List<Handover> takeAll(Journal journal) throws InterruptedException {
        List<Handover> all = new ArrayList<>();
        for (Handover next = journal.take(20); next != null; next = journal.take(20)) {
            all.add(next);
        }
        return all;
    }

    /** The ids of all that {@code destination} is handed; everything is acknowledged by everyone. */
    public static List<String> drain(Journal journal, String destination) throws InterruptedException {
        return drain(journal, destination, 20);
    }

    /** The same; ends when there is nothing for {@code timeoutMillis}. */
    public static List<String> drain(Journal journal, String destination, long timeoutMillis)
            throws InterruptedException {
        List<String> ids = new ArrayList<>();
        for (Handover next = journal.take(timeoutMillis); next != null; next = journal.take(timeoutMillis)) {
            if (next.destinations().contains(destination)) {
                ids.addAll(ids(next.batch()));
            }
            EventBatch batch = next.batch();
            next.destinations().forEach(batch::acknowledge);
        }
        return ids;
    }
}
