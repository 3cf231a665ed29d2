package com.evefan.delivery;

import com.evefan.event.EventBatch;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.SynchronizationAdapter;
import org.jspecify.annotations.Nullable;

/**
 * Aggregates batches into a larger one, in the order of their arrival. When the exchange of a complete batch ends well,
 * its events are acknowledged. Bound as {@code eventBatches}.
 */
public final class EventBatches implements AggregationStrategy {
    @Override
    public Exchange aggregate(@Nullable Exchange oldExchange, Exchange newExchange) {
        EventBatch next = newExchange.getMessage().getBody(EventBatch.class);
        if (oldExchange == null) {
            EventBatchBuilder first = new EventBatchBuilder();
            first.add(next);
            newExchange.getMessage().setBody(first);
            return newExchange;
        }
        oldExchange.getMessage().getBody(EventBatchBuilder.class).add(next);
        return oldExchange;
    }

    @Override
    public void onCompletion(Exchange exchange) {
        Message message = exchange.getMessage();
        EventBatch batch = message.getBody(EventBatchBuilder.class).build();
        message.setBody(batch);
        String destination = exchange.getProperty(Destinations.PROPERTY, String.class);
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onComplete(Exchange done) {
                batch.acknowledge(destination);
            }
        });
    }
}
