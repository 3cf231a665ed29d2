package com.evefan.journal.local;

import static com.evefan.journal.TestEvents.ids;
import static com.evefan.journal.TestEvents.many;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.event.EventBatch;
import com.evefan.event.EventCodec;
import com.evefan.event.Person;
import com.evefan.journal.Handover;
import com.evefan.journal.History.Erased;
import com.evefan.journal.JournalException;
import com.evefan.journal.Place;
import com.evefan.journal.Place.Room;
import com.evefan.journal.Start;
import com.evefan.journal.TestEvents;
import com.evefan.journal.local.MemoryDisk.Survival;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a disk may do. {@code -Devefan.test.crash-states=100} looks at a hundred states for every moment instead of some.
 */
@Timeout(value = 600, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CrashTest {
    private static final int STATES = Integer.getInteger("evefan.test.crash-states", 3);
    private static final Room ROOM = new Room(1_000_000, 1L << 30);
    private static final Person ANNA = new Person(Set.of("anna"), Set.of());
    private static final String KEEPS_UP = "keeps-up";
    private static final String TAKES_NOTHING = "takes-nothing";
    private static final String LATER = "later";

    private static JournalSettings settings() {
        return new JournalSettings(Path.of("memory"), Duration.ZERO, 1 << 20, 0, 64 << 10, 100);
    }

    private static LocalJournal open(Disk disk) {
        return LocalJournal.open(settings(), disk, events -> {}, Duration.ofMillis(1));
    }

    /** What was promised, and when: after how many operations of the disk. */
    private record Promise(int after, List<String> ids) {}

    private static final class Run {
        private final MemoryDisk disk;
        private final boolean lingering;
        private final List<Promise> appended = new ArrayList<>();
        private final List<Promise> delivered = new ArrayList<>();
        private int placed = Integer.MAX_VALUE;
        private int placedLater = Integer.MAX_VALUE;
        private int failed;

        /** @param lingering whether a destination takes nothing, so that nothing is deleted */
        Run(MemoryDisk disk, boolean lingering) {
            this.disk = disk;
            this.lingering = lingering;
        }

        /** Places, appends over several segments, acknowledgements, a stop, and the same again. */
        Run go() throws InterruptedException {
            for (int life = 0; life < 2; life++) {
                LocalJournal journal = opened();
                if (journal != null) {
                    live(journal, life);
                    journal.close();
                }
            }
            return this;
        }

        private LocalJournal opened() {
            for (int attempt = 0; attempt < 10; attempt++) {
                try {
                    return open(disk);
                } catch (JournalException e) {
                    failed++;
                }
            }
            return null;
        }

        private void live(LocalJournal journal, int life) throws InterruptedException {
            Place place = attempt(() -> journal.place(KEEPS_UP, Start.EARLIEST));
            if (lingering) {
                attempt(() -> journal.place(TAKES_NOTHING, Start.EARLIEST));
            }
            placed = Math.min(placed, disk.operations());
            if (place != null) {
                place.open(ROOM);
            }
            for (int i = 0; i < 12; i++) {
                append(journal, life + "-" + i + "-", i == 7 ? 40 : 3); // 40 take three segments
                if (i == 5 && lingering) {
                    attempt(() -> journal.place(LATER, Start.EARLIEST));
                    placedLater = Math.min(placedLater, disk.operations());
                }
                Handover handover = journal.take(0);
                if (handover != null && (!lingering || i % 3 != 2)) {
                    handover.batch().acknowledge(KEEPS_UP);
                    delivered.add(new Promise(disk.operations(), ids(handover.batch())));
                }
            }
        }

        private void append(LocalJournal journal, String prefix, int events) {
            for (int attempt = 0; attempt < 1_000; attempt++) {
                EventBatch batch = many(prefix + attempt + "-", events, 3_500);
                try {
                    TestEvents.append(journal, batch);
                    appended.add(new Promise(disk.operations(), ids(batch)));
                    return;
                } catch (JournalException | CompletionException e) {
                    failed++;
                    pause();
                }
            }
        }

        private static void pause() {
            try {
                TimeUnit.MILLISECONDS.sleep(2);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private <T> T attempt(Supplier<T> action) {
            for (int attempt = 0; attempt < 10; attempt++) {
                try {
                    return action.get();
                } catch (JournalException e) {
                    failed++;
                }
            }
            return null;
        }
    }

    /** What {@code destination} is handed; the journal says what is missing, if anything is. */
    private static List<String> handed(LocalJournal journal, String destination) throws InterruptedException {
        Place place = journal.place(destination, Start.EARLIEST);
        place.open(ROOM);
        List<String> ids = new ArrayList<>();
        for (Handover next = journal.take(0); next != null; next = journal.take(0)) {
            ids.addAll(ids(next.batch()));
        }
        place.close();
        return ids;
    }

    private static List<String> before(List<Promise> promises, int operations) {
        List<String> ids = new ArrayList<>();
        promises.stream()
                .filter(promise -> promise.after() <= operations)
                .forEach(promise -> ids.addAll(promise.ids()));
        return ids;
    }

    private static void assertHolds(List<String> actual, List<String> promised, String what) {
        assertThat(actual).as(what).doesNotHaveDuplicates();
        if (!promised.isEmpty()) {
            assertThat(actual).as(what).containsSubsequence(promised);
        }
    }

    private static void check(Run run, int operations, MemoryDisk left, String what) throws InterruptedException {
        List<String> promised = before(run.appended, operations);
        try (LocalJournal journal = open(left)) {
            List<String> owed = new ArrayList<>(promised);
            owed.removeAll(before(run.delivered, Integer.MAX_VALUE));
            assertThat(journal.places())
                    .as(what)
                    .extracting(Place::destination)
                    .containsAll(operations >= run.placed ? List.of(KEEPS_UP) : List.of())
                    .containsAll(operations >= run.placedLater ? List.of(TAKES_NOTHING, LATER) : List.of());
            assertHolds(handed(journal, KEEPS_UP), owed, what);
            if (run.lingering) {
                assertHolds(handed(journal, TAKES_NOTHING), promised, what);
                assertHolds(handed(journal, LATER), promised, what);
            }
            TestEvents.append(journal, many("after-", 3, 10));
            assertThat(handed(journal, KEEPS_UP)).as(what).endsWith("after-0", "after-1", "after-2");
            assertThat(journal.places())
                    .as(what)
                    .allSatisfy(place -> assertThat(place.status().lost()).isZero());
        }
    }

    @Test
    void losesNothingThatWasPromisedWhenThePowerFails() throws Exception {
        losesNothing(true);
    }

    @Test
    void deletesNothingThatASavedPlaceNeeds() throws Exception {
        losesNothing(false);
    }

    private static void losesNothing(boolean lingering) throws InterruptedException {
        MemoryDisk disk = new MemoryDisk();
        Run run = new Run(disk, lingering).go();
        assertThat(run.failed).isZero();
        int states = 0;
        for (int operations = 0; operations <= disk.operations(); operations++) {
            List<Survival> survivals = new ArrayList<>(List.of(Survival.ALL, Survival.NOTHING));
            for (int state = 0; state < STATES; state++) {
                survivals.add(state % 2 == 0 ? Survival.some(31L * operations + state) : Survival.first(1 + state));
            }
            for (int i = 0; i < survivals.size(); i++) {
                MemoryDisk left = disk.afterPowerLoss(operations, survivals.get(i));
                check(run, operations, left, "after " + operations + " operations, state " + i);
                states++;
            }
        }
        System.out.println(states + " states after a loss of power, nothing lost");
    }

    @Test
    void losesNothingThatWasPromisedWhenTheDiskFails() throws Exception {
        int calls = new Run(new MemoryDisk(), true).go().disk.calls();
        Random random = new Random(1);
        for (int call = 0; call < calls; call++) {
            String error = List.of("Input/output error", "No space left on device", "Disk quota exceeded")
                    .get(call % 3);
            int failing = call;
            int lasting = 1 + random.nextInt(4);
            MemoryDisk disk = new MemoryDisk();
            disk.fault(number -> {
                if (number >= failing && number < failing + lasting) {
                    throw new IOException(error);
                }
            });

            Run run = new Run(disk, true).go();

            String what = lasting + " times " + error + " from call " + call;
            assertThat(run.appended).as(what).hasSize(24);
            disk.fault(number -> {});
            check(run, disk.operations(), disk.copy(), what);
            check(run, disk.operations(), disk.afterPowerLoss(disk.operations(), Survival.some(call)), what);
        }
    }

    @Test
    void losesNothingWhenThePowerFailsWhileAPersonIsErased() throws Exception {
        MemoryDisk disk = new MemoryDisk();
        List<String> others = new ArrayList<>();
        int begun;
        int ended;
        try (LocalJournal journal = open(disk)) {
            journal.place(TAKES_NOTHING, Start.EARLIEST);
            for (int i = 0; i < 60; i++) {
                String who = i % 10 == 4 ? "anna" : "other" + i;
                TestEvents.append(journal, from(who));
                if (i % 10 != 4) {
                    others.add(who);
                }
            }
            begun = disk.operations();
            Erased erased = journal.history().erase(ANNA, false, () -> true);
            ended = disk.operations();
            assertThat(erased.events()).isEqualTo(6);
            assertThat(erased.left()).isEmpty();
        }
        for (int operations = begun; operations <= disk.operations(); operations++) {
            for (Survival survival : List.of(Survival.ALL, Survival.NOTHING, Survival.some(operations))) {
                MemoryDisk left = disk.afterPowerLoss(operations, survival);
                String what = "after " + (operations - begun) + " operations of the erasure";
                if (operations >= ended) {
                    assertThat(names(left, "anna")).as(what).isFalse();
                }
                try (LocalJournal journal = open(left)) {
                    Erased again = journal.history().erase(ANNA, false, () -> true);
                    assertThat(again.left()).as(what).isEmpty();
                    List<String> handed = handed(journal, TAKES_NOTHING);
                    handed.removeIf("-"::equals);
                    assertThat(handed).as(what).isEqualTo(others);
                    assertThat(journal.places().iterator().next().status().lost())
                            .as(what)
                            .isZero();
                }
                assertThat(names(left, "anna")).as(what).isFalse();
            }
        }
    }

    private static EventBatch from(String who) {
        String json = "{\"type\":\"track\",\"messageId\":\"" + who + "\",\"source\":\"web\",\"timestamp\":"
                + "\"2026-03-02T01:11:22.000Z\",\"receivedAt\":\"2026-03-02T01:11:22.000Z\",\"userId\":\"" + who
                + "\",\"event\":\"" + "x".repeat(5_000) + "\"}";
        return EventBatch.of(EventCodec.decode(json.getBytes(UTF_8)));
    }

    private static boolean names(MemoryDisk disk, String who) {
        return disk.names().stream().anyMatch(name -> new String(disk.bytes(name), ISO_8859_1).contains(who));
    }
}
