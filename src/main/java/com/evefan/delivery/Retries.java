package com.evefan.delivery;

import com.evefan.event.EventBatch;
import com.evefan.event.EventCodec;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Message;

/**
 * What waits in the retry queues, and how a batch travels through them: a text message with one event a line. Bound as
 * {@code retries}.
 */
public final class Retries {
    /** JMS property: the number of events in the message. */
    static final String EVENTS = "evefanEvents";
    /** JMS property: when the batch failed first, ISO 8601. */
    static final String FIRST_FAILURE = "evefanFirstFailure";
    /** JMS property: what failed, in words. */
    static final String REASON = "evefanReason";

    private final Map<String, AtomicLong> waiting = new ConcurrentHashMap<>();
    private final Clock clock;

    public Retries(Clock clock) {
        this.clock = clock;
    }

    /** Whether batches of {@code destination} wait, so that a new one has to queue behind them. */
    public boolean isWaiting(@ExchangeProperty(Destinations.PROPERTY) String destination) {
        return count(destination).get() > 0;
    }

    /** The number of batches that wait in the retry queue of {@code destination}. */
    public long waiting(String destination) {
        return count(destination).get();
    }

    /** The retry queue of {@code destination} holds {@code batches}, as found at the start. */
    void found(String destination, long batches) {
        count(destination).set(batches);
    }

    /** Makes the exchange's message what is left of its batch. */
    public void encode(@ExchangeProperty(Deliveries.BATCH) EventBatch batch, Exchange exchange) {
        Message message = exchange.getMessage();
        message.setBody(new String(EventCodec.encode(batch.events()), StandardCharsets.UTF_8));
        message.setHeader(EVENTS, batch.size());
        message.setHeader(FIRST_FAILURE, Instant.now(clock).toString());
        Exception failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        message.setHeader(REASON, failure == null ? "others wait already" : String.valueOf(failure.getMessage()));
    }

    /** A batch has gone into the retry queue of {@code destination}. */
    public void queued(@ExchangeProperty(Destinations.PROPERTY) String destination) {
        count(destination).incrementAndGet();
    }

    /** Takes the batch out of a message from a retry queue. */
    public void decode(@Body byte[] lines, Exchange exchange) {
        exchange.setProperty(Deliveries.BATCH, EventBatch.of(EventCodec.decode(lines)));
    }

    /** A batch from the retry queue of {@code destination} is done. */
    public void redelivered(@ExchangeProperty(Destinations.PROPERTY) String destination) {
        count(destination).updateAndGet(batches -> Math.max(0, batches - 1));
    }

    private AtomicLong count(String destination) {
        return waiting.computeIfAbsent(destination, name -> new AtomicLong());
    }
}
