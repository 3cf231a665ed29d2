package com.evefan.journal.local;

import static com.evefan.journal.TestEvents.append;
import static com.evefan.journal.TestEvents.batch;
import static com.evefan.journal.TestEvents.drain;
import static com.evefan.journal.TestEvents.many;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.evefan.journal.JournalFullException;
import com.evefan.journal.JournalStatus.State;
import com.evefan.journal.JournalUnavailableException;
import com.evefan.journal.Place;
import com.evefan.journal.Place.Room;
import com.evefan.journal.Start;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is kept, what is deleted, and when nothing is taken any more. */
class RoomOnDiskTest {
    private static final Room ROOM = new Room(1_000_000, 1L << 30);
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final MemoryDisk disk = new MemoryDisk();
    private LocalJournal journal = open(Duration.ofDays(1), 1 << 30, 0);

    private LocalJournal open(Duration retention, long maxBytes, long minFree) {
        JournalSettings settings =
                new JournalSettings(Path.of("memory"), retention, maxBytes, minFree, 64 << 10, 1_000);
        return LocalJournal.open(settings, disk, events -> {}, Duration.ofMillis(1));
    }

    private void reopen(Duration retention, long maxBytes, long minFree) {
        journal.close();
        journal = open(retention, maxBytes, minFree);
    }

    @AfterEach
    void close() {
        journal.close();
    }

    private int segments() {
        return (int) disk.names().stream()
                .filter(name -> Segment.sequence(name) >= 0)
                .count();
    }

    private boolean isOneMadeAhead() {
        return disk.names().stream().anyMatch(name -> name.endsWith(".segment.new"));
    }

    private void appendSegments(int count) {
        for (int i = 0; i < count; i++) {
            append(journal, many("m" + i + "-", 12, 4_900));
        }
    }

    @Test
    void keepsWhatAllHavePassedUntilItIsOld() throws Exception {
        journal.place("hook", Start.END).open(ROOM);
        appendSegments(4);
        drain(journal, "hook", 0);

        Place again = journal.place("again", Start.EARLIEST);

        assertThat(again.status().pending()).isEqualTo(48);
        again.forget();
        reopen(Duration.ZERO, 1 << 30, 0);
        append(journal, batch("new"));
        await().atMost(LIMIT).until(() -> segments() == 1);
    }

    @Test
    void deletesWhatAllHavePassedBeforeItIsOldWhereThereIsNoRoom() throws Exception {
        reopen(Duration.ofDays(1), 256 << 10, 0);
        journal.place("hook", Start.END).open(ROOM);
        for (int i = 0; i < 10; i++) {
            appendSegments(1);
            assertThat(drain(journal, "hook", 0)).hasSize(12);
        }

        await().atMost(LIMIT).until(() -> segments() <= 4);
        assertThat(journal.status().bytes()).isLessThanOrEqualTo(256 << 10);
    }

    @Test
    void isFullOfUndeliveredEventsOnlyAndTakesEventsAgain() throws Exception {
        // Given
        reopen(Duration.ofDays(1), 256 << 10, 0);
        Place hook = journal.place("hook", Start.END);
        appendSegments(4);

        // When
        assertThatThrownBy(() -> appendSegments(1))
                .isInstanceOf(JournalFullException.class)
                .hasMessageContaining("evefan.journal.max-bytes is 262144");

        // Then
        append(journal, batch("small"));
        assertThat(journal.status().holdsUp()).isEqualTo("hook");
        hook.open(ROOM);
        drain(journal, "hook", 0);
        appendSegments(1);
        assertThat(journal.status().state()).isEqualTo(State.OPEN);
    }

    @Test
    void holdsWhatARemovedDestinationIsOwedAndNothingElse() throws Exception {
        // Given
        reopen(Duration.ZERO, 1 << 30, 0);
        Place removed = journal.place("removed", Start.END);
        journal.place("hook", Start.END).open(ROOM);
        appendSegments(2);

        // When
        removed.remove();
        for (int i = 0; i < 4; i++) {
            appendSegments(1);
            drain(journal, "hook", 0);
        }
        drain(journal, "hook", 0);
        await().atMost(LIMIT).until(() -> segments() == 3);

        // Then
        assertThat(removed.status().pending()).isEqualTo(24);
        Place back = journal.place("removed", Start.END);
        assertThat(back.status().accepted()).isEqualTo(36);
        back.open(ROOM);
        assertThat(drain(journal, "removed", 0)).hasSize(36);
        assertThat(back.status().lost()).isZero();
        assertThat(back.status().accepted()).isEqualTo(36);
    }

    @Test
    void owesNothingOfTheTimeForWhichADestinationWasSwitchedOff() throws Exception {
        Place hook = journal.place("hook", Start.END);
        append(journal, batch("before"));
        hook.switchOff();
        append(journal, batch("meanwhile1", "meanwhile2"));
        journal.close();
        journal = open(Duration.ofDays(1), 1 << 30, 0);
        append(journal, batch("meanwhile3"));

        hook = journal.place("hook", Start.END);
        append(journal, batch("after"));

        assertThat(hook.status().pending()).isEqualTo(2);
        hook.open(ROOM);
        assertThat(drain(journal, "hook", 0)).containsExactly("before", "after");
        assertThat(hook.status().accepted()).isEqualTo(2);
        assertThat(hook.status().pendingBytes()).isZero();
        assertThat(hook.status().lost()).isZero();
    }

    @Test
    void takesNothingWhileTheDiskIsNearlyFull() {
        reopen(Duration.ofDays(1), 1 << 30, 1_000);
        disk.free = 999;
        await().atMost(LIMIT).until(() -> journal.status().state() == State.FULL);

        assertThatThrownBy(() -> journal.append(batch("a"), Runnable::run))
                .isInstanceOf(JournalFullException.class)
                .hasMessage("the disk has 999 bytes left, evefan.journal.min-free-bytes is 1000");

        disk.free = 1_000;
        await().atMost(LIMIT).until(() -> journal.status().state() == State.OPEN);
        append(journal, batch("a"));
    }

    @Test
    void deletesHistoryBeforeASenderIsRefusedForTheRoomThatItTakes() throws Exception {
        reopen(Duration.ofDays(1), 1 << 30, 1_000);
        journal.place("hook", Start.END).open(ROOM);
        appendSegments(4);
        drain(journal, "hook", 0);
        disk.free = 100_000; // more than is asked for, and less than what comes next may need

        await().atMost(LIMIT).until(() -> segments() == 1);

        assertThat(journal.status().state()).isEqualTo(State.OPEN);
        append(journal, batch("a"));
    }

    @Test
    void makesRoomByItselfOnADiskWithoutAnyForThePlaces() throws Exception {
        reopen(Duration.ZERO, 1 << 30, 0);
        journal.place("hook", Start.END).open(ROOM);
        appendSegments(4);
        await().atMost(LIMIT).until(this::isOneMadeAhead);
        disk.full();

        drain(journal, "hook", 0);

        await().atMost(LIMIT).until(() -> segments() == 1);
        appendSegments(2);
    }

    @Test
    void makesRoomOfHistoryBeforeASenderIsRefusedForAQuotaThatTheFreeSpaceDoesNotTell() throws Exception {
        reopen(Duration.ofDays(10_000), 1 << 30, 0);
        journal.place("hook", Start.END).open(ROOM);
        appendSegments(6);
        drain(journal, "hook", 0);
        await().atMost(LIMIT)
                .until(() -> disk.names().stream()
                                        .filter(name -> name.endsWith(".index"))
                                        .count()
                                == 5
                        && isOneMadeAhead());
        disk.full();

        for (int i = 0; i < 3; i++) {
            appendSegments(1); // into the file that was made ahead
            drain(journal, "hook", 0);
            await().atMost(LIMIT).until(this::isOneMadeAhead);
            assertThat(segments()).isGreaterThanOrEqualTo(5); // no more goes than is needed
        }
    }

    @Test
    void handsOutWhatItHasWhereTheDiskIsFullAtTheStart() throws Exception {
        journal.place("hook", Start.END);
        append(journal, batch("a", "b"));
        journal.close();
        disk.fault(number -> {
            throw new IOException("No space left on device");
        });

        journal = open(Duration.ofDays(1), 1 << 30, 0);

        journal.place("hook", Start.END).open(ROOM);
        assertThat(drain(journal, "hook", 0)).containsExactly("a", "b");
        assertThatThrownBy(() -> append(journal, batch("c"))).hasMessageContaining("No space left on device");
        disk.fault(number -> {});
        await().atMost(LIMIT).until(() -> journal.status().state() == State.OPEN);
        append(journal, batch("d"));
        assertThat(drain(journal, "hook", 0)).containsExactly("d");
    }

    @Test
    void saysWhyItCannotWriteAndWorksAgain() {
        disk.fault(number -> {
            throw new IOException("Disk quota exceeded");
        });

        assertThatThrownBy(() -> append(journal, batch("a")))
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(JournalUnavailableException.class)
                .hasMessageContaining("Disk quota exceeded");
        assertThatThrownBy(() -> journal.append(batch("a"), Runnable::run))
                .isInstanceOf(JournalUnavailableException.class);
        assertThat(journal.status().state()).isEqualTo(State.UNAVAILABLE);
        disk.fault(number -> {});
        await().atMost(LIMIT).until(() -> journal.status().state() == State.OPEN);
        append(journal, batch("b"));
    }

    @Test
    void answersEveryAppendAndGoesOnAfterAnErrorInItsThread() {
        append(journal, batch("before"));
        disk.fault(number -> {
            throw new OutOfMemoryError("by the test");
        });

        assertThatThrownBy(() -> append(journal, batch("a"))).hasMessageContaining("OutOfMemoryError: by the test");

        disk.fault(number -> {});
        await().atMost(LIMIT).until(() -> journal.status().state() == State.OPEN);
        append(journal, batch("b"));
    }

    @Test
    void leavesNothingUnusedBehindAtAStop() {
        append(journal, batch("a"));
        journal.close();

        assertThat(segments()).isEqualTo(1);
        assertThat(disk.names()).noneMatch(name -> name.endsWith(".new"));
        assertThat(disk.bytes(Segment.name(1)).length).isLessThan(1_000);
    }

    @Test
    void refusesAnEventThatIsTooLarge() {
        assertThatThrownBy(() -> journal.append(many("m", 1, 40_000), Runnable::run))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is larger than the 32768 that the journal takes");
    }

    @Test
    void tellsTheLastEventsBeforeTheStop() {
        append(journal, batch("a", "b"));
        append(journal, batch("c"));
        journal.close();
        List<String> recent = new ArrayList<>();

        JournalSettings settings =
                new JournalSettings(Path.of("memory"), Duration.ofDays(1), 1 << 30, 0, 64 << 10, 1_000);
        journal = LocalJournal.open(
                settings, disk, events -> events.forEach(event -> recent.add(event.messageId())), Duration.ZERO);

        assertThat(recent).containsExactly("a", "b", "c");
    }
}
