package com.evefan.delivery;

import com.evefan.event.EventBatch;
import java.util.Objects;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.SynchronizationAdapter;
import org.jspecify.annotations.Nullable;

/**
 * Aggregates batches of one turn into a larger one, in the order of their arrival. However its exchange ends, its
 * destination hears of it. Bound as {@code eventBatches}.
 */
public final class EventBatches implements AggregationStrategy {
    private final Destinations destinations;

    public EventBatches(Destinations destinations) {
        this.destinations = destinations;
    }

    @Override
    public Exchange aggregate(@Nullable Exchange oldExchange, Exchange newExchange) {
        EventBatch next = newExchange.getMessage().getBody(EventBatch.class);
        if (oldExchange == null || !turn(oldExchange).equals(turn(newExchange))) {
            EventBatchBuilder first =
                    new EventBatchBuilder(destination(newExchange).isQuiet());
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
        Destination destination = destination(exchange);
        destination.batched(turn(exchange));
        Delivery delivery = new Delivery(
                destination,
                turn(exchange),
                message.getBody(EventBatchBuilder.class).build());
        message.setBody(delivery.left());
        exchange.setProperty(Delivery.PROPERTY, delivery);
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                Throwable why = done.getException();
                delivery.end(why == null ? done.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class) : why);
            }
        });
    }

    private Destination destination(Exchange exchange) {
        return destinations.of(exchange.getProperty(Destinations.PROPERTY, String.class));
    }

    private static Long turn(Exchange exchange) {
        return Objects.requireNonNull(exchange.getProperty(FanOut.TURN, Long.class), "no turn");
    }
}
