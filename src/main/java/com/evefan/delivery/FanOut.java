package com.evefan.delivery;

import com.evefan.artemis.JournalConstants;
import com.evefan.counters.Counters;
import com.evefan.event.EventBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Processor;

/**
 * Who gets a batch, and what of it: the recipients of the multicast, and each one's own copy with the events that their
 * {@code integrations} let through. Bound as {@code fanOut}.
 */
public final class FanOut implements Processor {
    /** With a thousand events at a time, a slow destination lets through 20,000 a second until its share is full. */
    private static final long PAUSE_MILLIS = 50;

    /**
     * Of its share: two of the largest batches, of which one is sent while the next one grows; more would only grow old
     * in memory, which costs the collector.
     */
    private static final int BUSY_PART = 10;

    private final Destinations destinations;
    private final RetryQueues queues;
    private final Counters counters;
    private final WaitingLimits limits;
    private final WaitingLimits busy;

    public FanOut(Destinations destinations, RetryQueues queues, Counters counters, WaitingLimits limits) {
        this.destinations = destinations;
        this.queues = queues;
        this.counters = counters;
        this.limits = limits;
        this.busy = limits.part(BUSY_PART);
    }

    /** The endpoints of the destinations that still owe the batch's events a delivery. */
    public List<String> recipients(@ExchangeProperty(JournalConstants.DESTINATIONS) Set<String> owing)
            throws InterruptedException {
        List<String> recipients = new ArrayList<>(owing.size());
        for (String name : owing) {
            recipients.add(overtakes(name) ? Destinations.RETRY_QUEUE + name : destinations.endpoint(name));
        }
        return recipients;
    }

    /**
     * A destination that has its share of the memory already may not take that of the others; but where the broker is
     * away there is nowhere else. One whose retry queue is in use anyway gets a smaller share, and holds up nobody.
     */
    private boolean overtakes(String name) throws InterruptedException {
        Backlog backlog = queues.backlog(name);
        boolean queued = queues.waiting(name) > 0;
        if (!queued) {
            backlog.awaitRoom(busy, PAUSE_MILLIS);
        }
        if (queues.brokerStatus().up()) {
            backlog.measure(queued ? busy : limits);
        }
        return backlog.isOvertaken();
    }

    /** Makes {@code exchange} the one of the recipient that it is about to be sent to. */
    @Override
    public void process(Exchange exchange) {
        String endpoint = exchange.getProperty(Exchange.TO_ENDPOINT, String.class);
        String name = destinations
                .nameOf(endpoint)
                .orElseThrow(() -> new IllegalStateException("no destination has the endpoint " + endpoint));
        exchange.setProperty(Destinations.PROPERTY, name);
        EventBatch batch = exchange.getMessage().getBody(EventBatch.class);
        EventBatch own = batch.forDestination(name);
        counters.of(name).accepted(own.size(), own.bytes());
        boolean overtakes = endpoint.startsWith(Destinations.RETRY_QUEUE);
        exchange.getMessage().setBody(overtakes ? own : queues.backlog(name).add(own));
    }
}
