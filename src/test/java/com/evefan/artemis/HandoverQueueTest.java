package com.evefan.artemis;

import static com.evefan.artemis.TestEvents.batch;
import static com.evefan.artemis.TestEvents.ids;
import static com.evefan.artemis.TestEvents.padded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.evefan.event.EventBatch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HandoverQueueTest {
    private static final int MORE_THAN_THE_ROOM = 4_001;

    private final InFlight inFlight = new InFlight(JournalSettings.in(Path.of("unused")));
    private final HandoverQueue queue = new HandoverQueue(1_000);

    @Test
    void givesSmallRecordsTogetherAndALargeOneAlone() throws Exception {
        // Given
        queue.add(List.of(
                record(padded("a", 1 << 20)),
                record(padded("b", 1 << 19)),
                record(padded("c", 1 << 20)),
                record(padded("d", 3 << 20)),
                record(batch("e"))));

        // When
        List<List<String>> handovers = new ArrayList<>();
        for (Handover next = queue.take(0); next != null; next = queue.take(0)) {
            handovers.add(ids(next.batch()));
        }

        // Then
        assertThat(handovers).containsExactly(List.of("a", "b"), List.of("c"), List.of("d"), List.of("e"));
    }

    @Test
    void makesWhoeverWaitsForRoomWaitUntilTheFanOutHasTakenSome() throws Exception {
        // Given
        String[] ids =
                IntStream.range(0, MORE_THAN_THE_ROOM).mapToObj(String::valueOf).toArray(String[]::new);
        queue.add(List.of(record(batch(ids))));
        Thread waiting = new Thread(() -> awaitRoom(TimeUnit.HOURS.toMillis(1)));

        // When
        waiting.start();
        await().until(() -> waiting.getState() == Thread.State.TIMED_WAITING);
        queue.take(0);

        // Then
        waiting.join();
    }

    @Test
    void holdsUpNobodyWhereThereIsRoom() {
        queue.add(List.of(record(batch("a"))));
        awaitRoom(TimeUnit.HOURS.toMillis(1));
    }

    private PendingRecord record(EventBatch batch) {
        Destinations destinations = Destinations.of(TestEvents.BOTH);
        RecordEncoding body = new RecordEncoding(batch.events(), batch.bytes(), destinations);
        return new PendingRecord(inFlight, destinations, body, batch.bytes());
    }

    private void awaitRoom(long millis) {
        try {
            queue.awaitRoom(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
