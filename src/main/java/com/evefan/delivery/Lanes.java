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
     * @return what became of all of it; of several failures, that of the first event that remains
     */
    static Attempt attempt(EventBatch batch, int number, Executor others, Function<EventBatch, Attempt> delivery) {
        List<EventBatch> lanes = split(batch, number);
        if (lanes.size() < 2) {
            return delivery.apply(batch);
        }
        List<CompletableFuture<Attempt>> besides = lanes.subList(1, lanes.size()).stream()
                .map(lane -> CompletableFuture.supplyAsync(() -> delivery.apply(lane), others))
                .toList();
        List<Attempt> attempts = new ArrayList<>();
        RuntimeException mistake = null;
        try {
            attempts.add(delivery.apply(lanes.get(0)));
        } catch (RuntimeException e) {
            mistake = e; // the others have to end before this is tried again
        }
        for (CompletableFuture<Attempt> other : besides) {
            try {
                attempts.add(other.join());
            } catch (RuntimeException e) {
                mistake = e;
            }
        }
        if (mistake != null) {
            throw mistake;
        }
        return merged(batch, attempts);
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
        Exception any = null;
        for (Attempt attempt : attempts) {
            if (attempt.failure() != null) {
                any = any == null ? attempt.failure() : any;
                if (attempt.remaining().get(0) == remaining.get(0)) {
                    return attempt.failure();
                }
            }
        }
        return any;
    }
}
