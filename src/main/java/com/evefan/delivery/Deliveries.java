package com.evefan.delivery;

import com.evefan.counters.SafeText;
import com.evefan.event.Event;
import com.evefan.event.EventBatch;
import com.evefan.journal.Place.Tally;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.ProducerTemplate;

/** The steps of a delivery; bound as {@code deliveries}. */
public final class Deliveries {
    /** The exchange property with the number of events that a destination's own steps left out of a batch. */
    public static final String LEFT_OUT = "leftOut";

    private final ProducerTemplate template;
    private final Destinations destinations;
    private final DeliveryObserver observer;
    private final Clock clock;

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
        } else if (destination.isGivenUp()) {
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
        Attempt attempt = Attempt.of(batch, part -> send(part, destination));
        Destination one = destinations.of(destination);
        if (attempt.failure() != null) {
            one.failed(attempt.failure());
        } else if (batch.size() > 0) {
            one.worked();
        }
        one.answered(attempt.delivered(), attempt.rejected());
        return attempt;
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
        if (classified instanceof PartialDeliveryException partial) {
            observer.delivered(destination, partial.taken(part.events()));
        }
        throw classified;
    }

    /** The same attempt, with the events that were due for too long among those that are dead. */
    private static Attempt expired(Attempt attempt, Destination destination) {
        Exception failure = attempt.failure();
        if (failure == null || failure instanceof SetUpException) {
            return attempt;
        }
        String reason = "not delivered within " + destination.maxAge().toHours() + " hours: "
                + SafeText.of(failure.getMessage(), Failures.reason(failure));
        List<Rejected> dead = new ArrayList<>(attempt.rejected());
        List<Event> remaining = new ArrayList<>();
        for (Event event : attempt.remaining()) {
            if (destination.isTooOld(event.receivedAt())) {
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
