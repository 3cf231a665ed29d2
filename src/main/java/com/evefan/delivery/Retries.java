package com.evefan.delivery;

import com.evefan.broker.BrokerQueues;
import com.evefan.counters.Counters;
import com.evefan.event.Event;
import com.evefan.event.EventBatch;
import com.evefan.event.EventCodec;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/**
 * Puts batches into the retry queues: a bytes message with one event a line, in UTF-8. Bound as {@code retries}.
 */
public final class Retries {
    /** Before the destination's name, the name of its retry queue. */
    public static final String QUEUE = "evefan.retry.";

    /** JMS property: the number of events in the message. */
    public static final String EVENTS = BrokerQueues.EVENTS;
    /** JMS property: when the batch failed first, ISO 8601. */
    public static final String FIRST_FAILURE = "evefanFirstFailure";
    /** The error of dead letters that were not delivered within the retention. */
    public static final String EXPIRED = "expired";

    /** JMS property: how often it was tried before it came here. */
    static final String ATTEMPTS = "evefanAttempts";
    /** JMS property: what failed, in words. */
    static final String REASON = "evefanReason";

    private final RetryQueues queues;
    private final Counters counters;
    private final Outages outages;
    private final Clock clock;

    public Retries(RetryQueues queues, Counters counters, Outages outages, Clock clock) {
        this.queues = queues;
        this.counters = counters;
        this.outages = outages;
        this.clock = clock;
    }

    /** Whether batches of {@code destination} wait, so that a new one has to queue behind them. */
    public boolean isWaiting(@ExchangeProperty(Destinations.PROPERTY) String destination) {
        return queues.isWaiting(destination);
    }

    /** Whether the destination wants any of the batch's events. */
    public boolean isAny(@Body EventBatch batch) {
        return batch.size() > 0;
    }

    /**
     * Makes the exchange's message what is left of its batch; what was rejected and could not become a dead letter goes
     * along, to be rejected again.
     */
    public void encode(
            @ExchangeProperty(Deliveries.BATCH) EventBatch batch,
            @ExchangeProperty(Destinations.PROPERTY) String destination,
            Exchange exchange) {
        History history = Deliveries.history(exchange);
        List<Event> events = new ArrayList<>();
        history.rejected().forEach(rejected -> events.add(rejected.event()));
        history.rejected().clear();
        events.addAll(batch.events());
        EventBatch all = new EventBatch(events, batch.acknowledgements());
        exchange.setProperty(Deliveries.BATCH, all);
        Message message = exchange.getMessage();
        message.removeHeaders("*");
        message.setBody(EventCodec.encode(all.events()));
        message.setHeader(EVENTS, all.size());
        Instant first = history.firstFailure();
        message.setHeader(FIRST_FAILURE, (first != null ? first : clock.instant()).toString());
        message.setHeader(ATTEMPTS, history.attempts());
        message.setHeader(REASON, why(destination, exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class)));
    }

    private String why(String destination, @Nullable Exception failure) {
        if (failure == null) {
            return "others wait already";
        }
        return counters.of(destination)
                .outage()
                .map(outage -> outage.message())
                .orElse(failure.getClass().getSimpleName());
    }

    /** What is left of a batch has gone into the retry queue of {@code destination}. */
    public void queued(
            @ExchangeProperty(Deliveries.BATCH) EventBatch batch,
            @ExchangeProperty(Destinations.PROPERTY) String destination) {
        queues.queued(destination);
        if (batch.size() > 0) {
            counters.of(destination)
                    .queued(batch.size(), batch.bytes(), batch.events().get(0).receivedAt());
        }
    }

    /** A batch has failed for longer than the short redelivery. */
    public void leaveAlone(@ExchangeProperty(Destinations.PROPERTY) String destination, Exchange exchange) {
        Exception failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        if (failure != null && counters.of(destination).outage().isPresent()) {
            outages.leaveAlone(destination, failure);
        }
    }

    /** Waits for as long as the destination is left alone: where the broker is away and cannot keep the batch. */
    public void awaitTurn(@ExchangeProperty(Destinations.PROPERTY) String destination, Exchange exchange)
            throws InterruptedException {
        outages.backoff(destination).await(() -> !exchange.getContext().isStopping());
    }
}
