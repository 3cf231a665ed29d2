package com.evefan.delivery;

import com.evefan.counters.SafeText;
import com.evefan.event.Event;
import com.evefan.event.EventBatch;
import com.evefan.journal.Place.Tally;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.ProducerTemplate;
import org.jspecify.annotations.Nullable;

/** The steps of a delivery; bound as {@code deliveries}. */
public final class Deliveries {
    /** The exchange property with the number of events that a destination's own steps left out of a batch. */
    public static final String LEFT_OUT = "leftOut";

    private final ProducerTemplate template;
    private final Destinations destinations;
    private final DeliveryObserver observer;
    private final Clock clock;
    /** For what is delivered beside the destination's own thread; none is kept that is not used. */
    private final ExecutorService lanes = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "evefan-lane");
        thread.setDaemon(true);
        return thread;
    });

    public Deliveries(ProducerTemplate template, Destinations destinations, DeliveryObserver observer, Clock clock) {
        this.template = template;
        this.destinations = destinations;
        this.observer = observer;
        this.clock = clock;
    }

    /** Waits until the batch may be tried; false when it may not: its destination stops, or Evefan. */
    public boolean isInTurn(@ExchangeProperty(Delivery.PROPERTY) Delivery delivery) throws InterruptedException {
        return delivery.awaitTurn();
    }

    /**
     * The same after a step has failed. What is not the destination's own failure is told of it here: rejected events that
     * cannot be kept, or a mistake of Evefan's.
     */
    public boolean isTriedAgain(
            @ExchangeProperty(Delivery.PROPERTY) Delivery delivery,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Throwable failure)
            throws InterruptedException {
        if (delivery.failure() == null || (failure != delivery.failure() && failure.getCause() != delivery.failure())) {
            if (!delivery.rejected().isEmpty()) {
                delivery.destination().notKept(delivery.rejected().size(), failure);
            } else {
                delivery.destination().failed(failure instanceof Exception e ? e : new IllegalStateException(failure));
            }
        }
        return delivery.awaitTurn();
    }

    /**
     * Tries what is left of the batch once.
     *
     * @return how it ended, with all that was rejected and is no dead letter yet
     */
    public Attempt deliver(@ExchangeProperty(Delivery.PROPERTY) Delivery delivery) {
        Destination destination = delivery.destination();
        EventBatch batch = delivery.left();
        Attempt attempt;
        if (batch.size() == 0) {
            attempt = new Attempt(batch, List.of(), List.of(), 0, null);
        } else if (destination.isGivenUp()
                || (destination.isFailing()
                        && destination.isVanishing(batch.events().get(0).receivedAt()))) {
            attempt = expired(new Attempt(batch, List.of(), batch.events(), 0, destination.outage()), destination);
        } else {
            if (delivery.attempts() > 0) {
                destination.ledger().retried(batch.size());
            }
            attempt = expired(attempt(batch, destination.name()), destination);
            destination.count(new Tally(attempt.delivered(), 0, 0, attempt.leftOut()));
        }
        delivery.tried(attempt, clock.instant());
        return new Attempt(batch, delivery.rejected(), attempt.remaining(), attempt.leftOut(), attempt.failure());
    }

    /**
     * Tries {@code batch} once, as the live path does: the destination's failure and health follow, what is rejected is
     * found by row errors or by halving. Counts and keeps no event: what became of each stands in the answer. On the
     * delivery thread of {@code destination} only, {@link Destinations#between}.
     */
    public Attempt attempt(EventBatch batch, String destination) {
        Destination one = destinations.of(destination);
        Attempt.Most most = one.call();
        Attempt attempt = Lanes.attempt(
                batch, one.parallel(), lanes, lane -> Attempt.of(lane, most, part -> send(part, destination)));
        if (attempt.failure() != null) {
            one.failed(attempt.failure());
        } else if (batch.size() > 0) {
            one.worked();
        }
        one.answered(attempt.delivered(), attempt.rejected());
        return attempt;
    }

    /**
     * What became of events of a replay.
     *
     * @param remaining what the destination has not taken yet, in order
     * @param failure why; null where nothing remains
     */
    public record Replayed(
            long delivered,
            long rejected,
            long dead,
            long leftOut,
            List<Event> remaining,
            @Nullable Exception failure) {
        public static final Replayed NOTHING = new Replayed(0, 0, 0, 0, List.of(), null);

        public Replayed {
            remaining = List.copyOf(remaining);
        }
    }

    /**
     * Tries events of a replay once, as {@link #attempt} does, and keeps dead letters: what is rejected, and what still
     * fails so long after {@code began}, when the replay did, that a live event would be given up. Counts them apart from
     * live ones.
     */
    public Replayed replay(EventBatch batch, String destination, Instant began) {
        Destination one = destinations.of(destination);
        Attempt attempt = attempt(batch, destination);
        if (one.isTooOld(began) && !(attempt.failure() instanceof SetUpException)) {
            attempt = expired(attempt, one, event -> true);
        }
        one.ledger().replayed(attempt.delivered());
        if (attempt.hasRejected()) {
            Exception notKept = keep(attempt, one);
            if (notKept != null) {
                List<Event> remaining = new ArrayList<>();
                attempt.rejected().forEach(rejected -> remaining.add(rejected.event()));
                remaining.addAll(attempt.remaining());
                one.notKept(attempt.rejected().size(), notKept);
                return new Replayed(attempt.delivered(), 0, 0, attempt.leftOut(), remaining, notKept);
            }
            one.kept();
        }
        int dead = 0;
        for (Rejected rejected : attempt.rejected()) {
            if (rejected.error().equals(Rejected.EXPIRED)) {
                dead++;
            } else {
                one.ledger().error(rejected.error(), SafeText.whole(rejected.reason(), rejected.error()), 1);
            }
        }
        int rejected = attempt.rejected().size() - dead;
        one.ledger().ended(new Tally(0, rejected, dead, 0));
        return new Replayed(
                attempt.delivered(), rejected, dead, attempt.leftOut(), attempt.remaining(), attempt.failure());
    }

    /** Makes dead letters of what was rejected; why that could not be done, or null. */
    private @Nullable Exception keep(Attempt attempt, Destination destination) {
        Delivery delivery = new Delivery(destination, 0, attempt.batch());
        delivery.tried(attempt, clock.instant());
        return template.send("direct:dead-letter", exchange -> {
                    exchange.setProperty(Destinations.PROPERTY, destination.name());
                    exchange.setProperty(Delivery.PROPERTY, delivery);
                    exchange.getMessage().setBody(attempt);
                })
                .getException();
    }

    private int send(EventBatch part, String destination) throws Exception {
        long start = System.nanoTime();
        Exchange answer;
        try {
            answer = template.send(
                    "direct:" + destination, delivery -> delivery.getMessage().setBody(part));
        } catch (Error e) {
            throw new RetryableException(e.toString(), e);
        }
        observer.called(destination, part.size(), System.nanoTime() - start);
        Exception failure = answer.getException();
        if (failure == null) {
            observer.delivered(destination, part.events());
            return Math.min(part.size(), answer.getProperty(LEFT_OUT, 0, Integer.class));
        }
        Exception classified = Failures.classify(failure);
        observer.failed(destination, classified);
        if (classified instanceof PartialDeliveryException partial) {
            observer.delivered(destination, partial.taken(part.events()));
        }
        throw classified;
    }

    /** The same attempt, with the events that were due for too long among those that are dead. */
    private static Attempt expired(Attempt attempt, Destination destination) {
        boolean waitsWithoutEnd = attempt.failure() instanceof SetUpException;
        return expired(
                attempt,
                destination,
                event -> destination.isVanishing(event.receivedAt())
                        || (!waitsWithoutEnd && destination.isTooOld(event.receivedAt())));
    }

    private static Attempt expired(Attempt attempt, Destination destination, Predicate<Event> isTooOld) {
        Exception failure = attempt.failure();
        if (failure == null || attempt.remaining().stream().noneMatch(isTooOld)) {
            return attempt;
        }
        String reason = (failure instanceof SetUpException
                        ? "not delivered before the journal deletes it: "
                        : "not delivered within " + destination.maxAge().toHours() + " hours: ")
                + SafeText.of(failure.getMessage(), Failures.reason(failure));
        List<Rejected> dead = new ArrayList<>(attempt.rejected());
        List<Event> remaining = new ArrayList<>();
        for (Event event : attempt.remaining()) {
            if (isTooOld.test(event)) {
                dead.add(new Rejected(event, reason, Rejected.EXPIRED));
            } else {
                remaining.add(event);
            }
        }
        return new Attempt(attempt.batch(), dead, remaining, attempt.leftOut(), remaining.isEmpty() ? null : failure);
    }

    /** Whether the destination refused events for good. Not a simple expression: Camel keeps what it looks into. */
    public boolean hasRejected(@Body Attempt attempt) {
        return attempt.hasRejected();
    }

    /**
     * Ends an attempt, after its rejected events have become dead letters.
     *
     * @throws Exception the attempt's failure
     */
    public void settle(@Body Attempt attempt, @ExchangeProperty(Delivery.PROPERTY) Delivery delivery) throws Exception {
        Destination destination = delivery.destination();
        int dead = 0;
        for (Rejected one : delivery.rejected()) {
            destination.buried(one);
            if (one.error().equals(Rejected.EXPIRED)) {
                dead++;
            } else {
                destination.ledger().error(one.error(), SafeText.whole(one.reason(), one.error()), 1);
            }
        }
        destination.count(new Tally(0, delivery.rejected().size() - dead, dead, 0));
        delivery.rejected().clear();
        destination.kept();
        if (attempt.failure() != null) {
            throw attempt.failure();
        }
    }

    /** Everything of the batch is where it belongs: its place moves on. */
    public void acknowledge(@ExchangeProperty(Delivery.PROPERTY) Delivery delivery) {
        delivery.acknowledge();
    }
}
