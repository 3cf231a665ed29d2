package com.evefan.delivery;

import com.evefan.event.Event;
import com.evefan.event.EventBatch;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a batch that was tried once.
 *
 * @param batch what was tried
 * @param rejected the events that the destination will never take
 * @param remaining the events that the destination has not taken yet, in order
 * @param leftOut how many events the destination's own steps left out
 * @param failure why there are {@code remaining} events; null when there are none
 */
public record Attempt(
        EventBatch batch,
        List<Rejected> rejected,
        List<Event> remaining,
        int leftOut,
        @Nullable Exception failure) {

    /** Writes a batch into a destination; returns how many of its events the destination's own steps left out. */
    @FunctionalInterface
    interface Delivery {
        int deliver(EventBatch batch) throws Exception;
    }

    public Attempt {
        rejected = List.copyOf(rejected);
        remaining = List.copyOf(remaining);
    }

    /** With nothing left out. */
    public Attempt(EventBatch batch, List<Rejected> rejected, List<Event> remaining, @Nullable Exception failure) {
        this(batch, rejected, remaining, 0, failure);
    }

    public boolean hasRejected() {
        return !rejected.isEmpty();
    }

    /** The number of events that the destination has taken. */
    public int delivered() {
        return batch.size() - rejected.size() - remaining.size() - leftOut;
    }

    /**
     * Tries {@code batch}. Where a destination rejects a batch without saying which event is to blame, halves it until
     * the guilty event stands alone: about 2 log2(n) deliveries for one bad event among n. After the first failure that
     * is nobody's fault nothing more is tried, so that order is kept.
     */
    static Attempt of(EventBatch batch, Delivery delivery) {
        List<Rejected> rejected = new ArrayList<>();
        List<Event> remaining = new ArrayList<>();
        int leftOut = 0;
        Exception failure = null;
        List<List<Event>> parts = new ArrayList<>(List.of(batch.events()));
        while (!parts.isEmpty()) {
            List<Event> part = parts.remove(0);
            if (failure != null) {
                remaining.addAll(part);
                continue;
            }
            try {
                if (!part.isEmpty()) {
                    leftOut += delivery.deliver(EventBatch.of(part));
                }
            } catch (RejectedException e) {
                if (part.size() == 1) {
                    rejected.add(new Rejected(part.get(0), message(e), e.error()));
                } else {
                    parts.add(0, part.subList(part.size() / 2, part.size()));
                    parts.add(0, part.subList(0, part.size() / 2));
                }
            } catch (PartialDeliveryException e) {
                rejected.addAll(e.rejected());
                if (e.getCause() == null && e.again().size() < part.size()) {
                    parts.add(0, e.again());
                } else {
                    remaining.addAll(e.again());
                    failure = e.getCause() instanceof Exception cause ? cause : e;
                }
            } catch (Exception e) {
                remaining.addAll(part);
                failure = e;
            }
        }
        return new Attempt(batch, rejected, remaining, leftOut, remaining.isEmpty() ? null : failure);
    }

    private static String message(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
