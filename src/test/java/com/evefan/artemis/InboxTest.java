package com.evefan.artemis;

import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.event.EventBatch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InboxTest {
    private static final int SENDERS = 4;
    private static final int EACH = 20_000;
    private static final long FOR_EVER = TimeUnit.HOURS.toMillis(1);

    private final Inbox inbox = new Inbox();

    private static Append append() {
        return new Append(EventBatch.of(List.of()), Destinations.of(TestEvents.BOTH), Runnable::run);
    }

    @Test
    void isAwakeForEveryAppendHoweverSendersAndSleepMeet() throws Exception {
        // Given
        List<Thread> senders = new ArrayList<>();
        for (int i = 0; i < SENDERS; i++) {
            senders.add(new Thread(() -> {
                for (int k = 0; k < EACH; k++) {
                    inbox.add(append());
                    inbox.wake();
                }
            }));
        }

        // When
        senders.forEach(Thread::start);
        Set<Append> taken = Collections.newSetFromMap(new IdentityHashMap<>());
        while (taken.size() < SENDERS * EACH) {
            inbox.await(FOR_EVER); // an append that wakes nobody is a test that times out
            inbox.drainTo(taken, 100);
        }

        // Then
        for (Thread sender : senders) {
            sender.join();
        }
        assertThat(inbox.isEmpty()).isTrue();
    }

    @Test
    void givesInOrderAndNoMoreThanAskedFor() {
        Append first = append();
        Append second = append();
        inbox.add(first);
        inbox.add(second);

        List<Append> taken = new ArrayList<>();
        inbox.drainTo(taken, 1);
        assertThat(taken).hasSize(1).allMatch(append -> append == first);
        inbox.drainTo(taken, 1);
        assertThat(taken).hasSize(2).last().matches(append -> append == second);
    }

    @Test
    void givesNothingThatWasTakenBack() {
        Append append = append();
        inbox.add(append);

        assertThat(inbox.remove(append)).isTrue();
        assertThat(inbox.remove(append)).isFalse();
        assertThat(inbox.isEmpty()).isTrue();
    }
}
