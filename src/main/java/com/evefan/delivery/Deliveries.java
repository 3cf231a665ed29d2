package com.evefan.delivery;

import com.evefan.event.EventBatch;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.ProducerTemplate;

/** The steps of a delivery; bound as {@code deliveries}. */
public final class Deliveries {
    /** The exchange property that holds what is left to deliver of a batch. */
    static final String BATCH = "batch";

    private final ProducerTemplate template;

    public Deliveries(ProducerTemplate template) {
        this.template = template;
    }

    /** Tries what is left of the batch once, through {@code direct:deliver-<destination>}. */
    public Attempt attempt(
            @ExchangeProperty(BATCH) EventBatch batch, @ExchangeProperty(Destinations.PROPERTY) String destination) {
        String endpoint = "direct:deliver-" + destination;
        return Attempt.of(batch, part -> {
            Exchange answer =
                    template.send(endpoint, exchange -> exchange.getMessage().setBody(part));
            Exception failure = answer.getException();
            if (failure != null) {
                throw Failures.classify(failure);
            }
        });
    }

    /**
     * Ends an attempt.
     *
     * @throws Exception the attempt's failure; what is left then stands in the exchange property {@value #BATCH}
     */
    public EventBatch settle(@Body Attempt attempt, Exchange exchange) throws Exception {
        EventBatch left = EventBatch.of(attempt.remaining());
        exchange.setProperty(BATCH, left);
        if (attempt.failure() != null) {
            throw attempt.failure();
        }
        return left;
    }

    /** Tells the journal that {@code destination} needs nothing more of the batch. */
    public void acknowledge(
            @ExchangeProperty(BATCH) EventBatch batch, @ExchangeProperty(Destinations.PROPERTY) String destination) {
        batch.acknowledge(destination);
    }
}
