package com.evefan.delivery;

import com.evefan.event.Event;
import com.evefan.event.EventBatch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

    /** So many events refused alone and none taken: it is not the events. */
    private static final int SUSPECTS = 5;

    /** What one call may have: so many events, and bytes of them as accepted, but one event at least. */
    record Most(int events, long bytes) {
        static final Most ANY = new Most(Integer.MAX_VALUE, Long.MAX_VALUE);

        /** The first of {@code events}: as many as leave the other parts no larger than this one. */
        private List<Event> first(List<Event> some) {
            long all = some.stream().mapToLong(event -> event.json().length).sum();
            long parts = Math.max((some.size() - 1L) / events + 1, (all - 1) / bytes + 1);
            long wanted = (some.size() - 1) / parts + 1;
            int end = 1;
            long size = some.get(0).json().length;
            while (end < wanted && size + some.get(end).json().length <= bytes) {
                size += some.get(end++).json().length;
            }
            return some.subList(0, end);
        }
    }

    /**
     * Tries {@code batch} in parts that are no larger than {@code most}, one after the other. After one that leaves
     * something no other is tried, so that order is kept; what is left is parted in the same way again.
     */
    static Attempt of(EventBatch batch, Most most, Delivery delivery) {
        List<Rejected> rejected = new ArrayList<>();
        List<Event> remaining = batch.events();
        int leftOut = 0;
        while (!remaining.isEmpty()) {
            List<Event> part = most.first(remaining);
            List<Event> rest = remaining.subList(part.size(), remaining.size());
            Attempt attempt = of(EventBatch.of(part), delivery);
            rejected.addAll(attempt.rejected());
            leftOut += attempt.leftOut();
            if (attempt.failure() != null) {
                List<Event> left = new ArrayList<>(attempt.remaining());
                left.addAll(rest);
                return new Attempt(batch, rejected, left, leftOut, attempt.failure());
            }
            remaining = rest;
        }
        return new Attempt(batch, rejected, List.of(), leftOut, null);
    }

    /**
     * Tries {@code batch}. Where a destination rejects a batch without saying which event is to blame, halves it until
     * the guilty event stands alone: about 2 log2(n) deliveries for one bad event among n. After the first failure that
     * is nobody's fault nothing more is tried, so that order is kept.
     *
     * <p>Where a database refuses a statement, which is an error of the set-up unless a value in it is to blame, events
     * are tried alone before the destination has to wait.
     */
    static Attempt of(EventBatch batch, Delivery delivery) {
        Trial trial = new Trial(delivery);
        trial.parts.add(batch.events());
        while (!trial.parts.isEmpty()) {
            List<Event> part = trial.parts.remove();
            if (trial.failure != null) {
                trial.remaining.addAll(part);
            } else if (!part.isEmpty()) {
                trial.deliver(part);
            }
        }
        trial.putOff();
        return new Attempt(
                batch,
                trial.rejected,
                inOrder(batch, trial.remaining),
                trial.leftOut,
                trial.remaining.isEmpty() ? null : trial.failure);
    }

    /**
     * {@code some} in the order of {@code batch}. They are found by their ids, and none is left out: a destination may have
     * marked what it wants to be sent again, which is then another object.
     */
    static List<Event> inOrder(EventBatch batch, List<Event> some) {
        if (some.size() < 2) {
            return some;
        }
        Map<String, Integer> places = new HashMap<>();
        for (Event event : batch.events()) {
            places.putIfAbsent(event.id(), places.size());
        }
        return some.stream()
                .sorted(Comparator.comparing(event -> places.getOrDefault(event.id(), Integer.MAX_VALUE)))
                .toList();
    }

    /** What is found out while a batch is tried. */
    private static final class Trial {
        private final Delivery delivery;
        private final Deque<List<Event>> parts = new ArrayDeque<>();
        private final List<Rejected> rejected = new ArrayList<>();
        private final List<Event> remaining = new ArrayList<>();
        private final List<Event> later = new ArrayList<>();
        private int leftOut;
        private @Nullable Exception failure;
        private @Nullable Exception whyLater;
        private boolean anyTaken;

        Trial(Delivery delivery) {
            this.delivery = delivery;
        }

        void deliver(List<Event> part) {
            try {
                leftOut += delivery.deliver(EventBatch.of(part));
                anyTaken = true;
            } catch (RejectedException e) {
                rejected(part, message(e), e.error());
            } catch (SetUpException e) {
                setUp(part, e);
            } catch (PartialDeliveryException e) {
                partial(part, e);
            } catch (Exception e) {
                failed(part, e);
            }
        }

        private void partial(List<Event> part, PartialDeliveryException e) {
            rejected.addAll(e.rejected());
            leftOut += e.leftOut();
            Exception cause = e.getCause() instanceof Exception its ? its : e;
            if (e.later().isEmpty()
                    ? e.getCause() == null && e.again().size() < part.size()
                    : !e.again().isEmpty()) {
                if (!e.later().isEmpty()) {
                    later.addAll(e.later());
                    whyLater = cause;
                }
                parts.push(e.again());
            } else {
                failed(e.later().isEmpty() ? e.again() : e.later(), cause);
            }
        }

        /** What the destination wants to be sent later, now that it has had the others. */
        void putOff() {
            if (!later.isEmpty()) {
                remaining.addAll(later);
                failure = failure == null ? whyLater : failure;
            }
        }

        private void rejected(List<Event> part, String reason, String error) {
            if (part.size() == 1) {
                rejected.add(new Rejected(part.get(0), reason, error));
            } else {
                parts.push(part.subList(part.size() / 2, part.size()));
                parts.push(part.subList(0, part.size() / 2));
            }
        }

        private void setUp(List<Event> part, SetUpException e) {
            if (!KnownFailures.isOfStatement(e) || part.size() == 1 && !anyTaken) {
                failed(part, e);
            } else if (anyTaken) {
                rejected(part, message(e), Failures.reason(e));
            } else {
                alone(part, e);
            }
        }

        /** Tries the first events one by one until one is taken: those before it are to blame, and the rest goes on. */
        private void alone(List<Event> part, SetUpException refusal) {
            List<Rejected> suspects = new ArrayList<>();
            int filtered = 0;
            for (Event event : part.subList(0, Math.min(SUSPECTS, part.size()))) {
                Attempt one = Attempt.of(EventBatch.of(List.of(event)), delivery);
                Exception why = one.failure();
                suspects.addAll(one.rejected());
                filtered += one.leftOut();
                if (why instanceof SetUpException) {
                    suspects.add(new Rejected(event, message(why), Failures.reason(why)));
                } else if (why != null) {
                    failed(part, why);
                    return;
                } else if (one.delivered() > 0) {
                    anyTaken = true;
                    rejected.addAll(suspects);
                    leftOut += filtered;
                    parts.push(part.subList(part.indexOf(event) + 1, part.size()));
                    return;
                }
            }
            failed(part, refusal);
        }

        private void failed(List<Event> part, Exception why) {
            remaining.addAll(part);
            failure = why;
        }
    }

    private static String message(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
