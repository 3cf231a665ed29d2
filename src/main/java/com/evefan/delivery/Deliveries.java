package com.evefan.delivery;

import com.evefan.counters.Counters;
import com.evefan.counters.Ledger;
import com.evefan.counters.Ledger.From;
import com.evefan.counters.SafeText;
import com.evefan.event.Event;
import com.evefan.event.EventBatch;
import java.time.Clock;
import java.util.List;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.ProducerTemplate;

/** The steps of a delivery; bound as {@code deliveries}. */
public final class Deliveries {
    /** The exchange property that holds what is left to deliver of a batch. */
    public static final String BATCH = "batch";

    /** The exchange property that holds the {@link History} of that batch. */
    public static final String HISTORY = "history";

    private final ProducerTemplate template;
    private final Counters counters;
    private final Outages outages;
    private final DeliveryObserver observer;
    private final Clock clock;

    public Deliveries(
            ProducerTemplate template, Counters counters, Outages outages, DeliveryObserver observer, Clock clock) {
        this.template = template;
        this.counters = counters;
        this.outages = outages;
        this.observer = observer;
        this.clock = clock;
    }

    /**
     * Tries what is left of the batch once, through {@code direct:deliver-<destination>}. What is left then stands in
     * the exchange property {@value #BATCH}.
     *
     * @return how it ended, with what earlier attempts found rejected and could not make dead letters
     */
    public Attempt attempt(
            @ExchangeProperty(BATCH) EventBatch batch,
            @ExchangeProperty(Destinations.PROPERTY) String destination,
            Exchange exchange) {
        History history = history(exchange);
        if (history.attempts() > 0 && batch.size() > 0) {
            counters.of(destination).retried(batch.size());
        }
        Attempt attempt = deliver(batch, destination);
        countDelivered(attempt, destination, history.from());
        history.tried(attempt, clock.instant());
        exchange.setProperty(BATCH, EventBatch.of(attempt.remaining()));
        return new Attempt(batch, history.rejected(), attempt.remaining(), attempt.failure());
    }

    /**
     * Tries {@code batch} once, as the live path does: the destination's failure and health follow, what is rejected is
     * found by row errors or by halving. Counts and keeps no event: what became of each stands in the answer. On the
     * delivery thread of {@code destination} only, {@link Destinations#between}.
     */
    public Attempt attempt(EventBatch batch, String destination) {
        return deliver(batch, destination);
    }

    private Attempt deliver(EventBatch batch, String destination) {
        String endpoint = "direct:deliver-" + destination;
        return Attempt.of(batch, part -> {
            long start = System.nanoTime();
            Exchange answer =
                    template.send(endpoint, delivery -> delivery.getMessage().setBody(part));
            observer.called(destination, part.size(), System.nanoTime() - start);
            Exception failure = answer.getException();
            if (failure == null) {
                observer.delivered(destination, part.events());
                return;
            }
            Exception classified = Failures.classify(failure);
            if (classified instanceof PartialDeliveryException partial) {
                observer.delivered(destination, partial.taken(part.events()));
            }
            throw classified;
        });
    }

    /** Counts what the destination took, and whether it works at all. */
    private void countDelivered(Attempt attempt, String destination, From from) {
        long delivered = attempt.delivered();
        if (delivered > 0) {
            counters.of(destination).delivered(from, delivered, attempt.deliveredBytes());
        }
        if (attempt.failure() != null) {
            outages.failed(destination, attempt.failure());
        } else if (attempt.batch().size() > 0) {
            outages.worked(destination);
        }
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
    public EventBatch settle(
            @Body Attempt attempt, @ExchangeProperty(Destinations.PROPERTY) String destination, Exchange exchange)
            throws Exception {
        History history = history(exchange);
        countRejected(history.rejected(), destination, history.from());
        history.rejected().clear();
        if (attempt.failure() != null) {
            throw attempt.failure();
        }
        return EventBatch.of(attempt.remaining());
    }

    void countRejected(List<Rejected> rejected, String destination, From from) {
        Ledger ledger = counters.of(destination);
        for (Rejected one : rejected) {
            ledger.rejected(from, 1, one.event().json().length);
            ledger.error(one.error(), SafeText.whole(one.reason(), one.error()), 1);
        }
    }

    /** Tells the journal that {@code destination} needs nothing more of the batch. */
    public void acknowledge(@Body EventBatch batch, @ExchangeProperty(Destinations.PROPERTY) String destination) {
        batch.acknowledge(destination);
    }

    /** The history of the exchange's batch, begun where there is none. */
    static History history(Exchange exchange) {
        History history = exchange.getProperty(HISTORY, History.class);
        if (history == null) {
            history = new History(From.PENDING);
            exchange.setProperty(HISTORY, history);
        }
        return history;
    }

    static long bytes(List<Event> events) {
        long bytes = 0;
        for (Event event : events) {
            bytes += event.json().length;
        }
        return bytes;
    }
}
