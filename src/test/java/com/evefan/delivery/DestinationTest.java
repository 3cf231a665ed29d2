package com.evefan.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.counters.Counters;
import com.evefan.counters.Ledger;
import com.evefan.delivery.Destination.Status;
import com.evefan.event.Consent;
import com.evefan.event.Event;
import com.evefan.event.EventCodec;
import com.evefan.examples.LogLines;
import com.evefan.journal.Place.Room;
import com.evefan.journal.Place.State;
import com.evefan.journal.Start;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The transitions of one destination's state. */
class DestinationTest {
    private static final Room ROOM = new Room(10, 1_000);
    private static final Instant RECEIVED = Instant.parse("2026-11-23T03:00:00Z");
    private static final Event EVENT = EventCodec.decode(("{\"type\":\"track\",\"messageId\":\"m\",\"source\":\"dev\","
                            + "\"timestamp\":\"" + RECEIVED + "\",\"receivedAt\":\"" + RECEIVED + "\"}\n")
                    .getBytes(StandardCharsets.UTF_8))
            .get(0);
    private static final RetrySettings RETRY = new RetrySettings(
            2,
            Duration.ofMillis(200),
            Duration.ofSeconds(5),
            Duration.ofSeconds(1),
            Duration.ofMinutes(5),
            Duration.ofDays(4));

    private static final long QUIET_MS = 100;
    private static final BatchSettings SETTINGS =
            new BatchSettings(5, 500, QUIET_MS, true, 1, Start.END, Consent.NOT_NEEDED);

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicReference<Instant> now = new AtomicReference<>(RECEIVED);
    private final MemoryPlace place = new MemoryPlace();
    private Ledger ledger;
    private Destination destination;

    @TempDir
    Path directory;

    @BeforeEach
    void make() throws Exception {
        Clock clock = new Clock() {
            @Override
            public Instant instant() {
                return now.get();
            }

            @Override
            public ZoneOffset getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
                return this;
            }
        };
        try (Counters counters = Counters.open(directory.resolve("counters.json"), Duration.ofHours(1), clock)) {
            ledger = counters.of("crm");
        }
        destination = new Destination("crm", ledger, RETRY, clock, nanos::get);
    }

    private long start() {
        destination.started(place, SETTINGS);
        destination.openIfDue();
        return destination.turn();
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
        now.updateAndGet(before -> before.plus(time));
    }

    private CompletableFuture<Boolean> awaiting(long turn) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return destination.awaitTurn(turn, RECEIVED);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static boolean soon(CompletableFuture<Boolean> answer) throws Exception {
        return answer.get(5, TimeUnit.SECONDS);
    }

    @Test
    void isHandedEventsOnceItRunsAndTheTakerIsBetweenTwoHandovers() {
        destination.started(place, SETTINGS);
        assertThat(place.state).isEqualTo(State.CLOSED);

        destination.openIfDue();

        assertThat(place.state).isEqualTo(State.OPEN);
        assertThat(place.room).isEqualTo(ROOM);
        assertThat(destination.status()).isEqualTo(Status.UP);
    }

    @Test
    void isQuietAfterAWhileWithNothingUnderWay() {
        start();
        assertThat(destination.isQuiet()).isTrue();

        destination.batched(destination.turn());
        pass(Duration.ofMillis(QUIET_MS));
        assertThat(destination.isQuiet()).as("a batch is under way").isFalse();

        destination.end(destination.turn(), true, null);
        assertThat(destination.isQuiet()).isTrue();

        destination.batched(destination.turn());
        destination.end(destination.turn(), true, null);
        pass(Duration.ofMillis(QUIET_MS - 1));
        assertThat(destination.isQuiet()).as("the last batch was just now").isFalse();
    }

    /** Camel or its thread may end a batch without a word, as when memory is out. */
    @Test
    void isQuietAgainWhereABatchWasLostAndAnOlderOneEndsLate() {
        long before = start();
        destination.batched(before);
        destination.batched(before);
        destination.setBack(new IllegalStateException("lost"));
        long turn = start();
        pass(Duration.ofMillis(QUIET_MS));

        assertThat(turn).isGreaterThan(before);
        assertThat(destination.isQuiet()).isTrue();

        destination.batched(turn);
        destination.end(before, false, null);
        pass(Duration.ofMillis(QUIET_MS));
        assertThat(destination.isQuiet())
                .as("a batch of this turn is under way")
                .isFalse();
    }

    @Test
    void isNeverQuietWhereWhatComesIsToBeGathered() {
        destination.started(place, new BatchSettings(5, 500, QUIET_MS, false, 1, Start.END, Consent.NOT_NEEDED));
        pass(Duration.ofDays(1));

        assertThat(destination.isQuiet()).isFalse();
    }

    @Test
    void isHandedEventsAgainAfterItsReturnWhereItsRemovalCouldNotBeSaved() {
        start();
        place.full = true;
        destination.removed(null);
        assertThat(place.state).isEqualTo(State.REMOVED);
        place.full = false;

        start();

        assertThat(place.state).isEqualTo(State.OPEN);
    }

    @Test
    void stopsUnderAnAttemptOnlyOnceThatHasEnded() throws Exception {
        long turn = start();
        assertThat(destination.awaitTurn(turn, RECEIVED)).isTrue();

        destination.stopped();

        assertThat(place.state).isEqualTo(State.OPEN);
        assertThat(destination.awaitRest(Duration.ZERO)).isFalse();
        destination.end(turn, true, null);
        assertThat(place.state).isEqualTo(State.CLOSED);
        assertThat(destination.awaitRest(Duration.ZERO)).isTrue();
        assertThat(destination.status()).isEqualTo(Status.DISABLED);
        assertThat(destination.message()).isEqualTo("its route is not running; its events wait");
    }

    @Test
    void dropsTheBatchesOfAnEarlierTurn() throws Exception {
        long before = start();
        destination.stopped();
        long turn = start();

        assertThat(destination.awaitTurn(before, RECEIVED)).isFalse();
        assertThat(destination.awaitTurn(turn, RECEIVED)).isTrue();
        destination.end(before, false, null);
        assertThat(place.state).isEqualTo(State.OPEN);
    }

    @Test
    void goesOnInTheSameTurnWhenAHoldEndsUnderAnAttempt() throws Exception {
        long turn = start();
        destination.awaitTurn(turn, RECEIVED);

        destination.hold();
        destination.release();
        destination.end(turn, true, null);

        assertThat(place.state).isEqualTo(State.OPEN);
        assertThat(destination.awaitTurn(turn, RECEIVED)).isTrue();
    }

    @Test
    void isHeldThroughAnExchangeOfItsRoutes() throws Exception {
        start();
        destination.hold();
        destination.stopped();
        assertThat(place.state).isEqualTo(State.CLOSED);
        assertThat(destination.status()).isEqualTo(Status.UP);

        destination.started(place, SETTINGS);
        destination.openIfDue();
        assertThat(place.state).isEqualTo(State.CLOSED);
        destination.release();
        destination.openIfDue();

        assertThat(place.state).isEqualTo(State.OPEN);
    }

    @Test
    void waitsLongerWithEveryFailureInOnePolicy() {
        start();
        Duration[] expected = {
            Duration.ofMillis(200), Duration.ofMillis(400), Duration.ofSeconds(1), Duration.ofSeconds(2)
        };

        for (Duration delay : expected) {
            destination.failed(new RetryableException("no", null));
            assertThat(destination.untilNextAttempt())
                    .isBetween(delay, delay.multipliedBy(11).dividedBy(10));
            pass(Duration.ofMinutes(10));
        }

        assertThat(destination.status()).isEqualTo(Status.RETRYING);
        assertThat(destination.message()).isEqualTo("no; next attempt now");
        destination.worked();
        assertThat(destination.status()).isEqualTo(Status.UP);
        destination.failed(new RetryableException("again", null));
        assertThat(destination.untilNextAttempt()).isLessThan(Duration.ofMillis(221));
    }

    @Test
    void tellsOfAWrongSetUpAtTheStartAndStillTriesAtOnce() {
        start();
        place.pending = 0;

        destination.checked(new SetUpException("wrong token", null));

        assertThat(destination.status()).isEqualTo(Status.SET_UP_ERROR);
        assertThat(destination.message()).isEqualTo("wrong token; next attempt with the next event");
        assertThat(destination.untilNextAttempt()).isZero();
        place.pending = 1;
        assertThat(destination.message()).isEqualTo("wrong token; next attempt now");
        destination.checked(null);
        assertThat(destination.status()).isEqualTo(Status.UP);
    }

    @Test
    void believesAnAttemptMoreThanTheCheckOfTheStart() {
        start();

        destination.failed(new SetUpException("wrong token of profiles", null));
        destination.checked(null);

        assertThat(destination.status()).isEqualTo(Status.SET_UP_ERROR);
        assertThat(destination.message()).startsWith("wrong token of profiles; next attempt in");
    }

    @Test
    void keepsToWhatTheOtherSideAsksForAndSkipsTheSecondsWhereTheyMendNothing() {
        start();

        destination.failed(new RetryableException("busy", null, Duration.ofSeconds(30)));
        assertThat(destination.untilNextAttempt()).isEqualTo(Duration.ofSeconds(30));

        destination.retryNow();
        destination.failed(new SetUpException("wrong password", null));
        assertThat(destination.untilNextAttempt()).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
        assertThat(destination.status()).isEqualTo(Status.SET_UP_ERROR);
    }

    @Test
    void anOperatorsRetryAStopAPauseAndAnEndOfEvefanEndTheWaiting() throws Exception {
        long turn = start();
        fail();
        CompletableFuture<Boolean> retried = awaiting(turn);
        assertThat(retried).isNotDone();
        destination.retryNow();
        assertThat(soon(retried)).isTrue();

        fail();
        CompletableFuture<Boolean> paused = awaiting(turn);
        destination.pause();
        assertThat(soon(paused)).isFalse();
        assertThat(destination.status()).isEqualTo(Status.PAUSED);
        destination.resume();

        turn = start();
        fail();
        CompletableFuture<Boolean> stopped = awaiting(turn);
        destination.stopped();
        assertThat(soon(stopped)).isFalse();

        turn = start();
        fail();
        CompletableFuture<Boolean> atTheEnd = awaiting(turn);
        destination.stopping();
        assertThat(soon(atTheEnd)).isFalse();
        assertThat(place.state).isEqualTo(State.OPEN);
        destination.end(turn, false, null);
        assertThat(place.state).as("what is left is in the journal").isEqualTo(State.OPEN);
    }

    private void fail() {
        destination.failed(new RetryableException("no", null, Duration.ofHours(1)));
    }

    @Test
    void deliversWhatIsDueWhileEvefanStops() throws Exception {
        long turn = start();

        destination.stopping();

        assertThat(destination.awaitTurn(turn, RECEIVED)).isTrue();
    }

    @Test
    void isOpenedWhereTheStopComesRightAfterTheStart() throws Exception {
        destination.started(place, SETTINGS);
        destination.stopping();

        destination.openIfDue();

        assertThat(place.state).isEqualTo(State.OPEN);
        assertThat(destination.awaitTurn(destination.turn(), RECEIVED)).isTrue();
    }

    @Test
    void aBatchThatIsLostOnItsWayIsHandedOutAgainAfterAMoment() throws Exception {
        long turn = start();
        destination.awaitTurn(turn, RECEIVED);

        destination.end(turn, false, new StackOverflowError());

        assertThat(place.state).isEqualTo(State.CLOSED);
        destination.openIfDue();
        assertThat(place.state).isEqualTo(State.CLOSED);
        pass(Duration.ofSeconds(1));
        destination.openIfDue();
        assertThat(place.state).isEqualTo(State.OPEN);
        assertThat(destination.turn()).isEqualTo(turn + 1);
        assertThat(destination.status()).isEqualTo(Status.RETRYING);
        assertThat(destination.message()).isEqualTo("cannot be handed events: StackOverflowError");
        destination.awaitTurn(turn + 1, RECEIVED);
        destination.end(turn + 1, true, null);
        assertThat(destination.status()).isEqualTo(Status.UP);
    }

    @Test
    void whatItIsOwedWaitsWhenItsFileIsGoneUntilItIsBackOrForgotten() {
        start();
        assertThat(destination.forget()).isFalse();

        destination.removed(null);

        assertThat(place.state).isEqualTo(State.REMOVED);
        assertThat(destination.isOwed()).isFalse();
        assertThat(destination.status()).isEqualTo(Status.REMOVED);
        assertThat(destination.message()).startsWith("its file is gone; 5 events wait");
        start();
        assertThat(place.state).isEqualTo(State.OPEN);
        destination.removed(null);
        assertThat(destination.forget()).isTrue();
        assertThat(place.forgotten).isTrue();
    }

    @Test
    void isOwedNothingNewWhenItIsSwitchedOffAndEverythingWhenItIsStopped() {
        destination.switchedOff(null);
        assertThat(destination.isOwed()).isFalse();

        start();
        destination.stopped();

        assertThat(destination.isOwed()).isTrue();
    }

    @Test
    void whatIsTooOldNeedsNoAttemptOnceItHasFailedForAsLong() throws Exception {
        long turn = start();
        destination.failed(new RetryableException("no", null));
        pass(Duration.ofDays(4).plusSeconds(1));
        destination.failed(new RetryableException("still no", null, Duration.ofHours(1)));

        assertThat(destination.isTooOld(RECEIVED)).isTrue();
        assertThat(destination.isGivenUp()).isTrue();
        assertThat(destination.awaitTurn(turn, RECEIVED)).isTrue();
        CompletableFuture<Boolean> younger = CompletableFuture.supplyAsync(() -> {
            try {
                return destination.awaitTurn(turn, now.get());
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(younger).isNotDone();
        destination.retryNow();
        assertThat(soon(younger)).isTrue();
    }

    @Test
    void rejectedEventsThatCannotBeKeptAreNoFailureOfItsOwn() {
        start();

        destination.notKept(3, new IllegalStateException("connection refused"));

        assertThat(destination.status()).isEqualTo(Status.RETRYING);
        assertThat(destination.message()).startsWith("3 rejected events wait for the broker: connection refused");
        assertThat(ledger.outage()).isEmpty();
        destination.kept();
        assertThat(destination.status()).isEqualTo(Status.UP);
    }

    @Test
    void staysPausedThroughARestart() {
        destination.pause();

        Destination next = new Destination("crm", ledger, RETRY, Clock.systemUTC(), nanos::get);
        next.started(place, SETTINGS);
        next.openIfDue();

        assertThat(next.status()).isEqualTo(Status.PAUSED);
        assertThat(place.state).isEqualTo(State.CLOSED);
    }

    private static List<Rejected> refused(int times, String reason) {
        return Collections.nCopies(times, new Rejected(EVENT, reason, "22P02"));
    }

    @Test
    void isRejectingWhileMostOfTheLastEventsWereRefused() {
        start();
        destination.answered(1, refused(8, "no"));
        assertThat(destination.status()).as("too few to tell").isEqualTo(Status.UP);

        destination.answered(0, refused(19, "invalid input syntax for type integer: \"a@b.c\"\n{\"their\":\"row\"}"));

        assertThat(destination.status()).isEqualTo(Status.REJECTING);
        assertThat(Status.REJECTING.wireName()).isEqualTo("rejecting");
        assertThat(destination.message())
                .isEqualTo("has refused 27 of the last 28 events, the last with"
                        + " 22P02 (invalid input syntax for type integer…); they are dead letters");
        destination.answered(25, List.of());
        assertThat(destination.status()).isEqualTo(Status.REJECTING);
        destination.answered(1, List.of());
        assertThat(destination.status()).as("27 of 54").isEqualTo(Status.UP);
        assertThat(destination.message()).isEmpty();
    }

    @Test
    void logsNothingOfWhatTheOtherSideRepeats() {
        start();
        try (LogLines log = LogLines.of(Destination.class.getName(), Level.WARN)) {
            // When
            destination.failed(new SetUpException("answered HTTP 401\n{\"got\":\"ada@example.org\"}", null));

            // Then
            assertThat(log.lines()).singleElement().asString().endsWith("answered HTTP 401");
        }
    }

    @Test
    void whatALargeBatchBecameCountsByItsShares() {
        start();

        destination.answered(300, refused(200, "no"));
        assertThat(destination.status()).isEqualTo(Status.UP);

        destination.answered(200, refused(300, "no"));
        assertThat(destination.message()).startsWith("has refused 60 of the last 100 events");
    }

    @Test
    void anOutageIsToldBeforeRefusalsAndAnOperatorsRetryForgetsThem() {
        start();
        destination.answered(0, refused(20, "no"));

        destination.failed(new RetryableException("down", null));
        assertThat(destination.status()).isEqualTo(Status.RETRYING);
        destination.worked();
        assertThat(destination.status()).isEqualTo(Status.REJECTING);

        destination.retryNow();
        assertThat(destination.status()).isEqualTo(Status.UP);
    }

    @Test
    void theFirstDeadLetterOfEachErrorIsOneLineWithoutValues() {
        start();
        try (LogLines log = LogLines.of(Destination.class.getName(), Level.INFO)) {
            for (int i = 0; i < 3; i++) {
                destination.buried(new Rejected(EVENT, "invalid input syntax: \"a@b.c\"\nDetail of a@b.c", "22P02"));
                destination.buried(new Rejected(EVENT, "cannot index {\"email\":\"a@b.c\"}", "jq"));
            }

            assertThat(log.lines())
                    .containsExactly(
                            "Destination crm has its first dead letter for 22P02 (invalid input syntax…);"
                                    + " show them: dead-letters show crm --error '22P02'",
                            "Destination crm has its first dead letter for jq (cannot index …);"
                                    + " show them: dead-letters show crm --error 'jq'");
        }
    }

    @Test
    void tellsOnceThatItRefusesMostAndOnceThatItTakesMost() {
        start();
        try (LogLines log = LogLines.of(Destination.class.getName(), Level.INFO)) {
            destination.answered(0, refused(20, "no"));
            for (int i = 0; i < 20; i++) {
                destination.answered(1, List.of());
                destination.answered(0, refused(1, "no"));
            }
            destination.answered(100, List.of());

            assertThat(log.lines())
                    .containsExactly(
                            "Destination crm has refused 20 of the last 20 events, the last with 22P02 (no)",
                            "Destination crm takes most of what it is sent again: it has refused 0 of the last 100"
                                    + " events");
        }
    }
}
