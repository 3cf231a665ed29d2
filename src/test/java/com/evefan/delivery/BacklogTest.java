package com.evefan.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.evefan.event.EventBatch;
import com.evefan.event.EventType;
import com.evefan.warehouse.Events;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BacklogTest {
    private static final WaitingLimits ONE_EVENT = new WaitingLimits(1, Long.MAX_VALUE);

    private final Backlog backlog = new Backlog("postgres");
    private final EventBatch two =
            EventBatch.of(List.of(Events.event(EventType.TRACK, "a", ""), Events.event(EventType.TRACK, "b", "")));

    @Test
    void makesWhoeverWaitsForRoomWaitUntilThereIsSome() throws Exception {
        // Given
        EventBatch inMemory = backlog.add(two);
        Thread waiting = new Thread(() -> awaitRoom(TimeUnit.HOURS.toMillis(1)));

        // When
        waiting.start();
        await().until(() -> waiting.getState() == Thread.State.TIMED_WAITING);
        inMemory.acknowledge("postgres");

        // Then
        waiting.join();
    }

    @Test
    void holdsUpNobodyForLongerThanAsked() {
        backlog.add(two);
        awaitRoom(1);
    }

    @Test
    void holdsUpNobodyOnceItIsOvertaken() {
        backlog.add(two);
        backlog.measure(ONE_EVENT);
        assertThat(backlog.isOvertaken()).isTrue();
        awaitRoom(TimeUnit.HOURS.toMillis(1));
    }

    private void awaitRoom(long millis) {
        try {
            backlog.awaitRoom(ONE_EVENT, millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
