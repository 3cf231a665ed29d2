package com.evefan.artemis;

import static com.evefan.artemis.TestEvents.BOTH;
import static com.evefan.artemis.TestEvents.batch;
import static com.evefan.artemis.TestEvents.ids;
import static com.evefan.artemis.TestEvents.padded;
import static com.evefan.artemis.TestEvents.small;
import static com.evefan.artemis.TestEvents.takeAll;
import static com.evefan.artemis.TestEvents.takeIds;
import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.event.EventBatch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class JournalTest {
    @TempDir
    Path temp;

    @Test
    void handsOverWhatWasAppendedInOrder() throws Exception {
        try (Journal journal = Journal.open(small(temp))) {
            // When
            journal.append(batch("a", "b"), BOTH);
            journal.append(batch("c"), BOTH);

            // Then
            assertThat(takeAll(journal)).singleElement().satisfies(handover -> {
                assertThat(ids(handover.batch())).containsExactly("a", "b", "c");
                assertThat(handover.destinations()).isEqualTo(BOTH);
            });
        }
    }

    @Test
    void keepsWhatWasAppendedWhenTheProcessDies() throws Exception {
        try (Journal journal = Journal.open(small(temp.resolve("alive")))) {
            // Given
            journal.append(batch("a"), BOTH);
            journal.append(batch("b"), BOTH);

            // When
            copy(temp.resolve("alive"), temp.resolve("dead"));

            // Then
            try (Journal reopened = Journal.open(small(temp.resolve("dead")))) {
                assertThat(takeIds(reopened)).containsExactly("a", "b");
            }
        }
    }

    @Test
    void forgetsWhatEveryDestinationAcknowledged() throws Exception {
        // Given
        try (Journal journal = Journal.open(small(temp))) {
            journal.append(batch("a"), BOTH);
            EventBatch handedOver = takeAll(journal).get(0).batch();

            // When
            BOTH.forEach(handedOver::acknowledge);

            // Then
            assertThat(journal.status().inFlightEvents()).isZero();
            assertThat(journal.status().acknowledgedEvents()).isEqualTo(1);
        }
        try (Journal reopened = Journal.open(small(temp))) {
            assertThat(takeIds(reopened)).isEmpty();
            assertThat(reopened.status().inFlightEvents()).isZero();
        }
    }

    @Test
    void handsOverAgainOnlyToThoseThatStillOwe() throws Exception {
        // Given
        try (Journal journal = Journal.open(small(temp))) {
            for (String id : List.of("a", "b", "c", "d")) {
                journal.append(batch(id), BOTH);
                EventBatch handedOver = takeAll(journal).get(0).batch();
                if (id.equals("b") || id.equals("c")) {
                    handedOver.acknowledge("postgres");
                }
            }
        }

        // When
        try (Journal reopened = Journal.open(small(temp))) {
            List<Handover> handovers = takeAll(reopened);

            // Then
            assertThat(handovers)
                    .extracting(handover -> ids(handover.batch()))
                    .containsExactly(List.of("a"), List.of("b", "c"), List.of("d"));
            assertThat(handovers).extracting(Handover::destinations).containsExactly(BOTH, Set.of("mixpanel"), BOTH);
            handovers.forEach(handover -> handover.batch().acknowledge("mixpanel"));
            assertThat(reopened.status().inFlightEvents()).isEqualTo(2);
        }
    }

    @Test
    void countsAnAcknowledgementOnce() throws Exception {
        try (Journal journal = Journal.open(small(temp))) {
            // Given
            journal.append(batch("a", "b"), BOTH);
            EventBatch handedOver = takeAll(journal).get(0).batch();

            // When
            handedOver.acknowledge("postgres");
            handedOver.acknowledge("postgres");
            handedOver.acknowledge("unknown");

            // Then
            JournalStatus status = journal.status();
            assertThat(status.inFlightEvents()).isEqualTo(2);
            assertThat(status.oldest()).isEqualTo(Instant.parse(TestEvents.RECEIVED));
            assertThat(status.destinations().get("postgres").events()).isZero();
            assertThat(status.destinations().get("postgres").oldest()).isNull();
            assertThat(status.destinations().get("mixpanel").events()).isEqualTo(2);
            assertThat(status.destinations().get("mixpanel").bytes()).isEqualTo(status.inFlightBytes());
            assertThat(status.destinations().get("mixpanel").oldest()).isEqualTo(status.oldest());
        }
    }

    @Test
    void splitsARequestThatIsLargerThanARecord() throws Exception {
        // Given
        EventBatch large = EventBatch.of(List.of());
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            large = large.plus(padded("m" + i, 80_000));
            expected.add("m" + i);
        }

        // When
        try (Journal journal = Journal.open(small(temp))) {
            journal.append(large, BOTH);
        }

        // Then
        try (Journal reopened = Journal.open(small(temp))) {
            assertThat(takeIds(reopened)).isEqualTo(expected);
        }
    }

    @Test
    void wakesAThreadOnceForAllThatAreSettledTogether() {
        // Given
        AtomicInteger woken = new AtomicInteger();
        Executor thread = task -> {
            woken.incrementAndGet();
            task.run();
        };
        try (Journal journal = Journal.open(small(temp))) {
            // When
            List<CompletableFuture<Void>> appended = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                appended.add(journal.submit(batch("m" + i), BOTH, thread));
            }

            // Then
            appended.forEach(CompletableFuture::join);
            int submitted = 500; // each of which asks it to wake the journal
            int groups = (int) journal.status().syncs();
            assertThat(woken).hasValueBetween(submitted + 1, submitted + groups);
        }
    }

    @Test
    void keepsNobodyWaitingWhereAnotherThreadTakesNothingAnyMore() throws Exception {
        Executor ended = task -> {
            throw new RejectedExecutionException("ended");
        };
        try (Journal journal = Journal.open(small(temp))) {
            journal.submit(batch("a"), BOTH, ended);
            journal.append(batch("b"), BOTH);

            assertThat(takeIds(journal)).containsExactly("a", "b");
        }
    }

    @Test
    void servesManySendersAtOnceAndReclaimsItsFiles() throws Exception {
        // Given
        Set<String> handedOver = ConcurrentHashMap.newKeySet();
        ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        try (Journal journal = Journal.open(small(temp))) {
            List<Thread> senders = new ArrayList<>();
            for (int sender = 0; sender < 16; sender++) {
                String prefix = "s" + sender + "-";
                senders.add(new Thread(() -> {
                    for (int i = 0; i < 500; i++) {
                        journal.append(padded(prefix + i, 1_000), BOTH);
                    }
                }));
            }

            // When
            senders.forEach(sender -> sender.setUncaughtExceptionHandler((thread, e) -> failures.add(e)));
            senders.forEach(Thread::start);
            while (handedOver.size() < 8_000 && failures.isEmpty()) {
                Handover handover = journal.take(50);
                if (handover != null) {
                    handedOver.addAll(ids(handover.batch()));
                    BOTH.forEach(handover.batch()::acknowledge);
                }
            }

            // Then
            assertThat(failures).isEmpty();
            for (Thread sender : senders) {
                sender.join();
            }
            assertThat(journal.status().inFlightEvents()).isZero();
            assertThat(journal.status().syncs()).isLessThan(8_000);
        }
        Journal.open(small(temp)).close();
        try (var files = Files.list(temp)) {
            assertThat(files).hasSizeLessThan(15); // 8 files are kept for reuse, 36 were written
        }
    }

    static void copy(Path from, Path to) throws Exception {
        Files.createDirectories(to);
        try (var files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }
}
