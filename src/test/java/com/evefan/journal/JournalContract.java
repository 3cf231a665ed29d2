package com.evefan.journal;

import static com.evefan.journal.TestEvents.RECEIVED;
import static com.evefan.journal.TestEvents.append;
import static com.evefan.journal.TestEvents.batch;
import static com.evefan.journal.TestEvents.event;
import static com.evefan.journal.TestEvents.ids;
import static com.evefan.journal.TestEvents.many;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.evefan.event.EventBatch;
import com.evefan.journal.Place.Room;
import com.evefan.journal.Place.State;
import com.evefan.journal.Place.Tally;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every journal does. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class JournalContract {
    protected static final Room ROOM = new Room(1_000_000, 1L << 30);
    private static final String HOOK = "hook";
    private static final String TABLE = "table";

    protected Journal journal;

    /** Opens the journal of this test, which hands out at most 1,000 events at once; again after it was closed. */
    protected abstract Journal open();

    /** Ends the journal as a killed process does: nothing is saved that was not saved. */
    protected abstract void kill();

    @BeforeEach
    void openJournal() {
        journal = open();
    }

    @AfterEach
    void closeJournal() {
        journal.close();
    }

    /** How long what waits may take to be handed out, where there is room. */
    protected long patienceMillis() {
        return 20;
    }

    /** Whether destinations that stand at the same place are handed the same events at once. */
    protected boolean sharesHandovers() {
        return true;
    }

    private List<Handover> takeAll() throws InterruptedException {
        List<Handover> all = new ArrayList<>();
        long last = System.nanoTime();
        while (true) {
            Handover next = journal.take(20);
            if (next != null) {
                all.add(next);
                last = System.nanoTime();
            } else if (!waitsForMore() || System.nanoTime() - last > patienceMillis() * 1_000_000) {
                return all;
            }
        }
    }

    /** Whether a place that is open has events that were not handed out; there may be no room for them. */
    private boolean waitsForMore() {
        return journal.places().stream()
                .map(Place::status)
                .anyMatch(place -> place.state() == State.OPEN && place.pending() > place.inHand());
    }

    /** The ids of all that {@code destination} is handed; everything is acknowledged by everyone. */
    private List<String> drain(String destination) throws InterruptedException {
        List<String> ids = new ArrayList<>();
        for (List<Handover> all = takeAll(); !all.isEmpty(); all = takeAll()) {
            ids.addAll(handedTo(destination, all));
            all.forEach(handover -> handover.destinations().forEach(handover.batch()::acknowledge));
        }
        return ids;
    }

    /** The first hand-over to {@code destination}, of all that there are now. */
    private Handover first(String destination) throws InterruptedException {
        return takeAll().stream()
                .filter(handover -> handover.destinations().contains(destination))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> handedTo(String destination, List<Handover> handovers) {
        return handovers.stream()
                .filter(handover -> handover.destinations().contains(destination))
                .flatMap(handover -> ids(handover.batch()).stream())
                .toList();
    }

    private void restart() {
        journal.close();
        journal = open();
    }

    private Place opened(String destination) {
        Place place = journal.place(destination, Start.END);
        place.open(ROOM);
        return place;
    }

    @Test
    void handsOutWhatWasAppendedInOrder() throws Exception {
        // Given
        opened(HOOK);
        opened(TABLE);

        // When
        append(journal, batch("a", "b"));
        append(journal, batch("c"));

        // Then
        List<Handover> handovers = takeAll();
        assertThat(handedTo(HOOK, handovers)).containsExactly("a", "b", "c");
        assertThat(handedTo(TABLE, handovers)).containsExactly("a", "b", "c");
        if (sharesHandovers()) {
            assertThat(handovers)
                    .singleElement()
                    .satisfies(handover -> assertThat(handover.destinations()).containsExactlyInAnyOrder(HOOK, TABLE));
        }
    }

    @Test
    void waitsForWhatIsAppended() throws Exception {
        opened(HOOK);
        Thread sender = new Thread(() -> append(journal, batch("a")));
        sender.start();

        Handover handover = journal.take(30_000);

        assertThat(handover).isNotNull();
        sender.join();
    }

    @Test
    void givesNothingToAPlaceThatIsNotOpen() throws Exception {
        journal.place(HOOK, Start.END);
        append(journal, batch("a"));

        assertThat(takeAll()).isEmpty();
        assertThat(journal.place(HOOK, Start.END).status().state()).isEqualTo(State.CLOSED);
        assertThat(journal.place(HOOK, Start.END).status().pending()).isEqualTo(1);
    }

    @Test
    void movesAPlaceInOrderOnly() throws Exception {
        // Given
        Place place = journal.place(HOOK, Start.END);
        place.open(ROOM);
        append(journal, batch("a"));
        Handover first = first(HOOK);
        append(journal, batch("b", "c"));
        Handover second = first(HOOK);

        // When
        second.batch().acknowledge(HOOK);

        // Then
        assertThat(place.status().position()).isZero();
        assertThat(place.status().inHand()).isEqualTo(3);
        first.batch().acknowledge(HOOK);
        first.batch().acknowledge(HOOK);
        assertThat(place.status().position()).isEqualTo(3);
        assertThat(place.status().inHand()).isZero();
        assertThat(place.status().oldest()).isNull();
    }

    @Test
    void handsOutAgainWhatWasNotAcknowledgedAfterAStop() throws Exception {
        // Given
        opened(HOOK);
        opened(TABLE);
        append(journal, batch("a"));
        Handover first = first(HOOK);
        append(journal, batch("b"));
        takeAll();
        first.batch().acknowledge(HOOK);

        // When
        restart();
        opened(HOOK);
        opened(TABLE);

        // Then
        List<Handover> handovers = takeAll();
        assertThat(handedTo(HOOK, handovers)).containsExactly("b");
        assertThat(handedTo(TABLE, handovers)).containsExactly("a", "b");
        if (sharesHandovers()) {
            assertThat(handovers.get(0).destinations()).containsExactly(HOOK);
        }
    }

    @Test
    void keepsWhatWasAcknowledgedToSendersWhenTheProcessIsKilled() throws Exception {
        journal.place(HOOK, Start.END);
        append(journal, batch("a", "b"));

        kill();
        journal = open();

        opened(HOOK);
        assertThat(drain(HOOK)).containsExactly("a", "b");
    }

    @Test
    void countsWhatBecameOfEvents() throws Exception {
        // Given
        Place place = opened(HOOK);
        append(journal, many("m", 10, 0));
        Handover handover = first(HOOK);
        append(journal, many("n", 5, 0));

        // When
        place.count(new Tally(4, 1, 0, 1));

        // Then
        assertThat(place.status().ended()).isEqualTo(new Tally(4, 1, 0, 1));
        assertThat(place.status().pending()).isEqualTo(9);
        assertThat(place.status().inHand()).isEqualTo(4);
        assertThat(place.status().accepted()).isEqualTo(15);
        place.count(new Tally(2, 0, 2, 0));
        handover.batch().acknowledge(HOOK);
        assertThat(place.status().ended()).isEqualTo(new Tally(6, 1, 2, 1));
        assertThat(place.status().accepted()).isEqualTo(15);
        await().until(() -> RECEIVED.equals(place.status().oldest()));
        restart();
        Place again = journal.place(HOOK, Start.END);
        assertThat(again.status().ended()).isEqualTo(new Tally(6, 1, 2, 1));
        assertThat(again.status().pending()).isEqualTo(5);
        assertThat(again.status().accepted()).isEqualTo(15);
    }

    @Test
    void countsNothingTwiceWhatIsHandedOutTwice() throws Exception {
        // Given
        Place place = opened(HOOK);
        append(journal, many("m", 10, 0));
        takeAll();
        place.count(new Tally(4, 0, 0, 0));

        // When
        restart();

        // Then
        Place again = opened(HOOK);
        assertThat(again.status().ended()).isEqualTo(Tally.NOTHING);
        assertThat(again.status().accepted()).isEqualTo(10);
        Handover handover = first(HOOK);
        again.count(new Tally(10, 0, 0, 0));
        handover.batch().acknowledge(HOOK);
        assertThat(again.status().accepted()).isEqualTo(10);
    }

    @Test
    void countsAsLeftOutWhatIsAcknowledgedUncounted() throws Exception {
        Place place = opened(HOOK);
        append(journal, many("m", 10, 0));
        Handover handover = first(HOOK);

        place.count(new Tally(7, 0, 0, 0));
        handover.batch().acknowledge(HOOK);

        assertThat(place.status().ended()).isEqualTo(new Tally(7, 0, 0, 3));
        assertThat(place.status().accepted()).isEqualTo(10);
    }

    @Test
    void countsNoMoreThanWasHandedOut() throws Exception {
        Place place = opened(HOOK);
        append(journal, many("m", 10, 0));
        takeAll();

        place.count(new Tally(8, 0, 0, 0));
        place.count(new Tally(5, 0, 0, 0));

        assertThat(place.status().ended()).isEqualTo(new Tally(10, 0, 0, 0));
        assertThat(place.status().accepted()).isEqualTo(10);
    }

    @Test
    void savesOfABatchThatReachesBeyondThePlaceOnlyWhatThePlaceHasPassed() throws Exception {
        // Given
        Place place = opened(HOOK);
        append(journal, many("m", 3, 0));
        Handover first = first(HOOK);
        append(journal, many("n", 3, 0));
        takeAll();

        // When
        place.count(new Tally(4, 1, 0, 0));
        first.batch().acknowledge(HOOK);
        restart();

        // Then
        Place.Status status = journal.place(HOOK, Start.END).status();
        assertThat(status.position()).isEqualTo(3);
        assertThat(status.ended().sum()).isEqualTo(3);
        assertThat(status.accepted()).isEqualTo(6);
    }

    @Test
    void handsOutNoMoreThanThereIsRoomFor() throws Exception {
        // Given
        Place place = journal.place(HOOK, Start.END);
        place.open(new Room(1, 1));
        opened(TABLE);
        append(journal, batch("a"));
        Handover first = first(HOOK);
        append(journal, batch("b"));

        // When
        List<Handover> next = takeAll();

        // Then
        assertThat(next)
                .singleElement()
                .satisfies(handover -> assertThat(handover.destinations()).containsExactly(TABLE));
        first.batch().acknowledge(HOOK);
        assertThat(takeAll()).singleElement().satisfies(handover -> {
            assertThat(handover.destinations()).containsExactly(HOOK);
            assertThat(ids(handover.batch())).containsExactly("b");
        });
    }

    @Test
    void wakesWhoTakesWhenThereIsRoomAgain() throws Exception {
        journal.place(HOOK, Start.END).open(new Room(1, 1));
        append(journal, batch("a"));
        Handover first = first(HOOK);
        append(journal, batch("b"));
        Thread delivery = new Thread(() -> first.batch().acknowledge(HOOK));
        delivery.start();

        assertThat(journal.take(30_000)).isNotNull();
        delivery.join();
    }

    @Test
    void handsOutTogetherAgainWhoHasCaughtUp() throws Exception {
        // Given
        Place slow = journal.place(HOOK, Start.END);
        opened(TABLE);
        append(journal, many("m", 100, 0));
        drain(TABLE);

        // When
        slow.open(ROOM);
        assertThat(drain(HOOK)).hasSize(100);
        append(journal, batch("x"));

        // Then
        List<Handover> handovers = takeAll();
        assertThat(handedTo(HOOK, handovers)).containsExactly("x");
        assertThat(handedTo(TABLE, handovers)).containsExactly("x");
        assertThat(handovers).hasSize(sharesHandovers() ? 1 : 2);
    }

    @Test
    void servesThoseAheadFirstAndGivesEveryoneATurn() throws Exception {
        assumeTrue(sharesHandovers());
        // Given
        Place behind = journal.place(HOOK, Start.END);
        Place between = journal.place("between", Start.END);
        Place ahead = journal.place(TABLE, Start.END);
        append(journal, many("m", 5_000, 0));
        between.open(new Room(1, 1));
        EventBatch first = first("between").batch();
        first.acknowledge("between");
        between.close();
        ahead.open(ROOM);
        drain(TABLE);
        append(journal, many("n", 5_000, 0));

        // When
        behind.open(ROOM);
        between.open(ROOM);

        // Then
        for (int round = 0; round < 3; round++) {
            for (String expected : List.of(TABLE, "between", HOOK)) {
                Handover next = journal.take(1_000);
                assertThat(next).isNotNull();
                assertThat(next.destinations()).containsExactly(expected);
            }
        }
    }

    @Test
    void handsOutAgainAfterAPlaceWasClosed() throws Exception {
        // Given
        Place place = opened(HOOK);
        append(journal, batch("a"));
        Handover stale = first(HOOK);

        // When
        place.close();
        place.count(new Tally(1, 0, 0, 0));
        stale.batch().acknowledge(HOOK);

        // Then
        assertThat(place.status().position()).isZero();
        place.open(ROOM);
        stale.batch().acknowledge(HOOK);
        assertThat(place.status().position()).isZero();
        assertThat(place.status().ended()).isEqualTo(Tally.NOTHING);
        assertThat(drain(HOOK)).containsExactly("a");
        assertThat(place.status().position()).isEqualTo(1);
    }

    @Test
    void owesARemovedDestinationWhatWasAcceptedUntilThen() throws Exception {
        // Given
        Place place = opened(HOOK);
        append(journal, batch("a", "b"));

        // When
        place.remove();
        append(journal, batch("c"));

        // Then
        assertThat(takeAll()).isEmpty();
        assertThat(place.status().state()).isEqualTo(State.REMOVED);
        assertThat(place.status().pending()).isEqualTo(2);
        kill();
        journal = open();
        assertThat(journal.places()).singleElement().satisfies(kept -> {
            assertThat(kept.destination()).isEqualTo(HOOK);
            assertThat(kept.status().state()).isEqualTo(State.REMOVED);
            assertThat(kept.status().pending()).isEqualTo(2);
        });
        opened(HOOK);
        assertThat(drain(HOOK)).containsExactly("a", "b", "c");
    }

    @Test
    void owesAForgottenDestinationNothing() throws Exception {
        Place place = opened(HOOK);
        append(journal, batch("a"));

        place.forget();

        assertThat(journal.places()).isEmpty();
        assertThat(journal.status().undelivered()).isZero();
        kill();
        journal = open();
        assertThat(journal.places()).isEmpty();
        assertThatThrownBy(() -> place.open(ROOM)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void keepsANewPlaceWhenTheProcessIsKilled() {
        append(journal, batch("a"));
        journal.place(HOOK, Start.END);

        kill();
        journal = open();

        assertThat(journal.places()).singleElement().satisfies(place -> {
            assertThat(place.status().position()).isEqualTo(1);
            assertThat(place.status().accepted()).isZero();
        });
    }

    @Test
    void beginsWhereANewDestinationIsToBegin() throws Exception {
        // Given
        append(journal, EventBatch.of(List.of(event("a", RECEIVED, 0), event("b", RECEIVED.plusSeconds(60), 0))));
        append(journal, EventBatch.of(List.of(event("c", RECEIVED.plusSeconds(120), 0))));

        // When
        Place all = journal.place("all", Start.EARLIEST);
        Place since = journal.place("since", new Start.Since(RECEIVED.plusSeconds(1)));
        Place none = journal.place("none", Start.END);
        Place future = journal.place("future", new Start.Since(RECEIVED.plusSeconds(3_600)));

        // Then
        assertThat(all.status().pending()).isEqualTo(3);
        assertThat(since.status().pending()).isEqualTo(2);
        assertThat(since.status().pendingBytes()).isEqualTo(all.status().pendingBytes() * 2 / 3);
        assertThat(none.status().pending()).isZero();
        assertThat(future.status().pending()).isZero();
        since.open(ROOM);
        assertThat(drain("since")).containsExactly("b", "c");
        all.open(ROOM);
        assertThat(drain("all")).containsExactly("a", "b", "c");
    }

    @Test
    void tellsHowItIsDoing() throws Exception {
        // Given
        Place place = opened(HOOK);
        opened(TABLE);
        append(journal, batch("a", "b"));
        first(TABLE).batch().acknowledge(TABLE);

        // When
        JournalStatus status = journal.status();

        // Then
        assertThat(status.state()).isEqualTo(JournalStatus.State.OPEN);
        assertThat(status.reason()).isNull();
        assertThat(status.events()).isEqualTo(2);
        assertThat(status.oldest()).isEqualTo(RECEIVED);
        assertThat(status.undelivered()).isEqualTo(2);
        assertThat(status.undeliveredBytes()).isPositive();
        assertThat(status.holdsUp()).isEqualTo(HOOK);
        assertThat(status.appended()).isEqualTo(2);
        assertThat(status.damage()).isEmpty();
        assertThat(place.status().pendingBytes()).isEqualTo(batch("a", "b").bytes());
        assertThat(place.status().oldest()).isEqualTo(RECEIVED);
        journal.close();
        assertThat(journal.status().state()).isEqualTo(JournalStatus.State.CLOSED);
    }

    @Test
    void refusesAppendsOnceItIsClosed() {
        journal.close();

        assertThatThrownBy(() -> journal.append(batch("a"), Runnable::run))
                .isInstanceOf(JournalUnavailableException.class)
                .hasMessage("the journal is closed");
    }

    @Test
    void takesAnAppendOfNothing() {
        assertThat(journal.append(EventBatch.of(List.of()), Runnable::run)).isCompleted();
    }

    @Test
    void keepsTheOrderOfAnAppendThatIsLargerThanAHandOver() throws Exception {
        opened(HOOK);
        append(journal, many("m", 2_500, 0));

        List<Handover> handovers = takeAll();

        assertThat(handovers)
                .allSatisfy(handover -> assertThat(handover.batch().size()).isLessThanOrEqualTo(1_000));
        List<String> all = new ArrayList<>();
        handovers.forEach(handover -> all.addAll(ids(handover.batch())));
        assertThat(all).isEqualTo(ids(many("m", 2_500, 0)));
    }

    @Test
    void wakesAThreadOnceForAllThatAreSettledTogether() {
        // Given
        AtomicInteger woken = new AtomicInteger();
        Executor thread = task -> {
            woken.incrementAndGet();
            task.run();
        };

        // When
        List<CompletableFuture<Void>> appended = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            appended.add(journal.append(batch("m" + i), thread));
        }

        // Then
        appended.forEach(CompletableFuture::join);
        assertThat(woken).hasValueBetween(1, 500 + (int) journal.status().syncs());
    }

    @Test
    void keepsNobodyWaitingWhereAnotherThreadTakesNothingAnyMore() throws Exception {
        opened(HOOK);
        Executor ended = task -> {
            throw new RejectedExecutionException("ended");
        };

        journal.append(batch("a"), ended).join();
        append(journal, batch("b"));

        assertThat(drain(HOOK)).containsExactly("a", "b");
    }

    @Test
    void servesManySendersAndDestinationsAtOnce() throws Exception {
        // Given
        List<Place> destinations = List.of(opened(HOOK), opened(TABLE));
        ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        List<Thread> senders = IntStream.range(0, 8)
                .mapToObj(sender -> new Thread(() -> {
                    for (int i = 0; i < 250; i++) {
                        append(journal, batch("s" + sender + "-" + i));
                    }
                }))
                .toList();
        senders.forEach(sender -> sender.setUncaughtExceptionHandler((thread, e) -> failures.add(e)));

        // When
        senders.forEach(Thread::start);
        List<String> handedOut = new ArrayList<>();
        while (handedOut.size() < 2_000 && failures.isEmpty()) {
            handedOut.addAll(drain(HOOK));
        }

        // Then
        for (Thread sender : senders) {
            sender.join();
        }
        assertThat(failures).isEmpty();
        assertThat(handedOut).hasSize(2_000).doesNotHaveDuplicates();
        for (int sender = 0; sender < 8; sender++) {
            String prefix = "s" + sender + "-";
            assertThat(handedOut.stream().filter(id -> id.startsWith(prefix)))
                    .isEqualTo(IntStream.range(0, 250).mapToObj(i -> prefix + i).toList());
        }
        assertThat(destinations)
                .allSatisfy(place -> assertThat(place.status().pending()).isZero());
        assertThat(journal.status().undelivered()).isZero();
    }
}
