package com.evefan.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.evefan.event.Event;
import com.evefan.event.EventBatch;
import com.evefan.event.EventCodec;
import com.evefan.event.EventFacts;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class LanesTest {
    private static final ExecutorService OTHERS = Executors.newCachedThreadPool();

    @AfterAll
    static void stop() {
        OTHERS.shutdownNow();
    }

    private static Event event(int number, String ids) {
        return EventCodec.decode(
                        ("{\"type\":\"track\",\"messageId\":\"m" + number + "\",\"source\":\"dev\",\"timestamp\":"
                                        + "\"2026-11-28T10:00:00Z\",\"receivedAt\":\"2026-11-28T10:00:00Z\",\"context\":{\"userId\":\"no\"}"
                                        + ids + "}\n")
                                .getBytes(StandardCharsets.UTF_8))
                .get(0);
    }

    /** Of ten users, one after the other. */
    private static EventBatch batch(int size) {
        return EventBatch.of(IntStream.range(0, size)
                .mapToObj(i -> event(i, ",\"userId\":\"u" + i % 10 + "\""))
                .toList());
    }

    private static Attempt all(EventBatch lane) {
        return new Attempt(lane, List.of(), List.of(), null);
    }

    @Test
    void keepsTheEventsOfAUserInOneLaneAndInOrder() {
        List<EventBatch> lanes = new ArrayList<>();

        Attempt attempt = Lanes.attempt(batch(200), 4, Runnable::run, lane -> {
            lanes.add(lane);
            return all(lane);
        });

        assertThat(attempt.delivered()).isEqualTo(200);
        assertThat(lanes).hasSizeBetween(2, 4);
        for (int user = 0; user < 10; user++) {
            String id = "dev\nuser\nu" + user;
            List<EventBatch> his = lanes.stream()
                    .filter(lane -> lane.events().stream().anyMatch(event -> id.equals(EventFacts.owner(event))))
                    .toList();
            assertThat(his).hasSize(1);
            assertThat(his.get(0).events().stream()
                            .filter(event -> id.equals(EventFacts.owner(event)))
                            .map(event -> Integer.parseInt(event.messageId().substring(1)))
                            .toList())
                    .hasSize(20)
                    .isSorted();
        }
    }

    @Test
    void triesTheLanesAtOnce() {
        List<EventBatch> lanes = new ArrayList<>();
        Lanes.attempt(batch(100), 3, Runnable::run, lane -> {
            lanes.add(lane);
            return all(lane);
        });
        CyclicBarrier together = new CyclicBarrier(lanes.size());

        Attempt attempt = Lanes.attempt(batch(100), 3, OTHERS, lane -> {
            try {
                together.await(10, TimeUnit.SECONDS);
            } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
                throw new IllegalStateException(e);
            }
            return all(lane);
        });

        assertThat(attempt.delivered()).isEqualTo(100);
    }

    @Test
    void leavesWhatALaneHasNotTakenInTheOrderOfTheBatchWithTheFailureOfTheFirst() {
        Exception first = new RetryableException("of the first", null);
        Exception other = new RetryableException("of another", null);
        EventBatch batch = batch(100);
        Function<EventBatch, Attempt> none = lane -> new Attempt(
                lane,
                List.of(),
                lane.events(),
                lane.events().get(0) == batch.events().get(0) ? first : other);

        Attempt attempt = Lanes.attempt(batch, 4, Runnable::run, none);

        assertThat(attempt.remaining()).isEqualTo(batch.events());
        assertThat(attempt.failure()).isSameAs(first);
    }

    @Test
    void leavesOutNothingThatADestinationHasMarked() {
        EventBatch batch = batch(100);

        Attempt attempt = Lanes.attempt(batch, 4, Runnable::run, lane -> {
            List<Event> marked = lane.events().stream()
                    .map(event -> event.withJson(event.json()))
                    .toList();
            return new Attempt(lane, List.of(), marked, new RetryableException("half done", null));
        });

        assertThat(attempt.remaining())
                .extracting(Event::messageId)
                .isEqualTo(batch.events().stream().map(Event::messageId).toList());
        assertThat(attempt.failure()).hasMessage("half done");
    }

    @Test
    void addsUpWhatWasRejectedAndLeftOut() {
        Attempt attempt = Lanes.attempt(batch(100), 4, Runnable::run, lane -> {
            Rejected bad = new Rejected(lane.events().get(0), "bad", "bad");
            return new Attempt(lane, List.of(bad), List.of(), 1, null);
        });

        int lanes = attempt.rejected().size();
        assertThat(lanes).isGreaterThan(1);
        assertThat(attempt.leftOut()).isEqualTo(lanes);
        assertThat(attempt.delivered()).isEqualTo(100 - 2 * lanes);
        assertThat(attempt.failure()).isNull();
    }

    @Test
    void waitsForTheOtherLanesWhenOneEndsInAMistake() {
        List<EventBatch> ended = new ArrayList<>();
        EventBatch batch = batch(100);

        assertThatThrownBy(() -> Lanes.attempt(batch, 4, Runnable::run, lane -> {
                    if (lane.events().get(0) == batch.events().get(0)) {
                        throw new IllegalStateException("a mistake");
                    }
                    ended.add(lane);
                    return all(lane);
                }))
                .hasMessageContaining("a mistake");

        assertThat(ended).isNotEmpty();
    }

    /** A mistake of any kind, and a machine without room for one more thread. */
    @Test
    void endsNeverBeforeALaneThatRuns() {
        AtomicInteger begun = new AtomicInteger();
        AtomicInteger ended = new AtomicInteger();
        Executor oneThread = task -> {
            if (begun.getAndIncrement() > 0) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            OTHERS.execute(task);
        };
        Thread caller = Thread.currentThread();
        Function<EventBatch, Attempt> slow = lane -> {
            await().until(() -> caller.getState() == Thread.State.WAITING);
            ended.incrementAndGet();
            return all(lane);
        };

        assertThatThrownBy(() -> Lanes.attempt(batch(100), 4, oneThread, slow)).isInstanceOf(OutOfMemoryError.class);
        assertThat(ended).hasValue(1);

        assertThatThrownBy(() -> Lanes.attempt(batch(100), 2, OTHERS, lane -> {
                    if (Thread.currentThread() == caller) {
                        throw new StackOverflowError();
                    }
                    return slow.apply(lane);
                }))
                .isInstanceOf(StackOverflowError.class);
        assertThat(ended).hasValue(2);
    }

    @Test
    void keepsToTheLongestWaitThatALaneWasAskedFor() {
        EventBatch batch = batch(100);
        Attempt attempt = Lanes.attempt(
                batch,
                4,
                Runnable::run,
                lane -> new Attempt(
                        lane,
                        List.of(),
                        lane.events(),
                        new RetryableException(
                                "busy",
                                null,
                                lane.events().contains(batch.events().get(0))
                                        ? Duration.ZERO
                                        : Duration.ofSeconds(lane.events().size()))));

        assertThat(Failures.retryAfter(Objects.requireNonNull(attempt.failure())))
                .isGreaterThanOrEqualTo(Duration.ofSeconds(10));
    }
}
