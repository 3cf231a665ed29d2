package com.evefan.delivery;

import com.evefan.event.Event;
import com.evefan.event.EventBatch;
import com.evefan.event.EventFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Tries one batch over several lanes at once. All events of one user are in one lane, in order; the next batch comes when
 * every lane has ended, so that the order of each user holds whatever becomes of the lanes.
 */
final class Lanes {
    private Lanes() {}

    /**
     * Tries {@code batch} over up to {@code number} lanes, one of them on this thread.
     *
     * @param others where the others run
     * @return what became of all of it; of several failures, that which asks for the longest wait, else that of the first
     *     event that remains
     */
    static Attempt attempt(EventBatch batch, int number, Executor others, Function<EventBatch, Attempt> delivery) {
        List<EventBatch> lanes = split(batch, number);
        if (lanes.size() < 2) {
            return delivery.apply(batch);
        }
        List<CompletableFuture<Attempt>> running = new ArrayList<>();
        try {
            for (EventBatch lane : lanes.subList(1, lanes.size())) {
                running.add(CompletableFuture.supplyAsync(() -> delivery.apply(lane), others));
            }
            running.add(0, CompletableFuture.completedFuture(delivery.apply(lanes.get(0))));
        } finally {
            // However this ends, there may be no memory for a thread: nothing is tried again beside what still runs.
            CompletableFuture.allOf(running.toArray(CompletableFuture[]::new))
                    .exceptionally(told -> null)
                    .join();
        }
        return merged(batch, running.stream().map(CompletableFuture::join).toList());
    }

    private static List<EventBatch> split(EventBatch batch, int number) {
        if (number < 2 || batch.size() < 2) {
            return List.of(batch);
        }
        List<List<Event>> lanes = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            lanes.add(new ArrayList<>(batch.size()));
        }
        for (Event event : batch.events()) {
            lanes.get(Math.floorMod(EventFacts.owner(event).hashCode(), number)).add(event);
        }
        return lanes.stream()
                .filter(lane -> !lane.isEmpty())
                .map(EventBatch::of)
                .toList();
    }

    private static Attempt merged(EventBatch batch, List<Attempt> attempts) {
        List<Event> remaining = new ArrayList<>();
        List<Rejected> rejected = new ArrayList<>();
        int leftOut = 0;
        for (Attempt attempt : attempts) {
            remaining.addAll(attempt.remaining());
            rejected.addAll(attempt.rejected());
            leftOut += attempt.leftOut();
        }
        List<Event> inOrder = Attempt.inOrder(batch, remaining);
        return new Attempt(batch, rejected, inOrder, leftOut, failure(inOrder, attempts));
    }

    private static @Nullable Exception failure(List<Event> remaining, List<Attempt> attempts) {
        Exception failure = null;
        for (Attempt attempt : attempts) {
            Exception its = attempt.failure();
            if (its != null && (failure == null || isBefore(attempt, its, failure, remaining))) {
                failure = its;
            }
        }
        return failure;
    }

    private static boolean isBefore(Attempt attempt, Exception its, Exception other, List<Event> remaining) {
        int longer = Failures.retryAfter(its).compareTo(Failures.retryAfter(other));
        return longer > 0 || (longer == 0 && attempt.remaining().get(0) == remaining.get(0));
    }
}
