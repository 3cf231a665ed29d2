package com.evefan.destination.custom;

import com.evefan.delivery.RejectedException;
import com.evefan.event.Event;
import com.evefan.event.EventBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/**
 * Collects the events of a {@code split} over {@code events.each} again, in order. Left out is an event on which
 * {@code stop} was called, or whose body is null. Where none is left, the rest of the route is skipped: there is
 * nothing to send, and the batch is done. Where a step failed for one event, the split fails with its exception.
 */
public final class WantedEvents implements AggregationStrategy {
    /** What the steps made of the event at {@code index}. */
    private record Wanted(int index, Message message) {}

    /** Those so far; a body of its own, so that it cannot be taken for a user's. */
    private static final class Collected {
        final List<Wanted> events = new ArrayList<>();
    }

    /** Makes the body of what was collected. */
    @FunctionalInterface
    private interface Form {
        Object of(List<Wanted> wanted, EventBatch batch) throws RejectedException;
    }

    private final Form form;

    private WantedEvents(Form form) {
        this.form = form;
    }

    /** Collects an {@link EventBatch} of what the steps made of each event; bound as {@code wantedEvents}. */
    public static WantedEvents asBatch() {
        return new WantedEvents(WantedEvents::batch);
    }

    /** Collects a list of maps, for {@code sql} with {@code batch=true}; bound as {@code wantedRows}. */
    public static WantedEvents asRows() {
        return new WantedEvents((wanted, batch) -> rows(wanted));
    }

    /** Collects a list of messages with their headers, for {@code kafka}; bound as {@code wantedMessages}. */
    public static WantedEvents asMessages() {
        return new WantedEvents((wanted, batch) -> messages(wanted));
    }

    @Override
    public Exchange aggregate(@Nullable Exchange oldExchange, Exchange newExchange) {
        Exchange result = oldExchange;
        Collected collected =
                result == null ? new Collected() : result.getMessage().getBody(Collected.class);
        Message message = newExchange.getMessage();
        if (newExchange.getException() == null && !newExchange.isRouteStop() && message.getBody() != null) {
            int index = newExchange.getProperty(Exchange.SPLIT_INDEX, Integer.class);
            collected.events.add(new Wanted(index, message.copy()));
        }
        if (result == null) {
            result = newExchange;
            message.setBody(collected);
        } else if (result.getException() == null) {
            result.setException(newExchange.getException());
        }
        return result;
    }

    @Override
    public void onCompletion(@Nullable Exchange exchange, Exchange inputExchange) {
        if (exchange == null) {
            inputExchange.setRouteStop(true); // nothing to split
            return;
        }
        List<Wanted> wanted = exchange.getMessage().getBody(Collected.class).events;
        EventBatch batch = inputExchange.getMessage().getBody(EventBatch.class);
        exchange.getMessage().removeHeaders("*");
        exchange.setRouteStop(wanted.isEmpty());
        OnEvents.remember(
                inputExchange,
                exchange,
                batch,
                wanted.stream().map(Wanted::index).toList());
        try {
            exchange.getMessage().setBody(form.of(wanted, batch));
        } catch (RejectedException e) {
            exchange.setException(e);
        }
    }

    private static EventBatch batch(List<Wanted> wanted, EventBatch batch) throws RejectedException {
        List<Event> events = new ArrayList<>(wanted.size());
        for (Wanted one : wanted) {
            Event event = batch.events().get(one.index());
            byte[] json = EventJson.write(one.message().getBody());
            events.add(event.withJson(json));
        }
        return EventBatch.of(events);
    }

    private static List<Map<String, Object>> rows(List<Wanted> wanted) throws RejectedException {
        List<Map<String, Object>> rows = new ArrayList<>(wanted.size());
        for (Wanted one : wanted) {
            rows.add(EventJson.row(EventJson.tree(one.message().getBody())));
        }
        return rows;
    }

    private static List<Message> messages(List<Wanted> wanted) throws RejectedException {
        List<Message> messages = new ArrayList<>(wanted.size());
        for (Wanted one : wanted) {
            one.message().setBody(EventJson.write(one.message().getBody()));
            messages.add(one.message());
        }
        return messages;
    }
}
