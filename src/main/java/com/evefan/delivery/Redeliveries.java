package com.evefan.delivery;

import com.evefan.counters.Counters;
import com.evefan.counters.Ledger;
import com.evefan.counters.Ledger.From;
import com.evefan.event.EventBatch;
import com.evefan.event.EventCodec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;

/**
 * Redelivers what waits in a retry queue, in a transaction: the message is gone when its batch is delivered and its
 * rejected events are dead letters. Where the transaction is rolled back, what the destination has taken of the batch is
 * remembered, so that it is not sent twice. Bound as {@code redeliveries}.
 */
public final class Redeliveries {
    private final Deliveries deliveries;
    private final Outages outages;
    private final RetryQueues queues;
    private final Counters counters;
    private final Duration maxAge;
    private final Clock clock;
    private final Map<String, Redelivery> heads = new ConcurrentHashMap<>();

    public Redeliveries(
            Deliveries deliveries,
            Outages outages,
            RetryQueues queues,
            Counters counters,
            Duration maxAge,
            Clock clock) {
        this.deliveries = deliveries;
        this.outages = outages;
        this.queues = queues;
        this.counters = counters;
        this.maxAge = maxAge;
        this.clock = clock;
    }

    /** Takes the batch out of a message from a retry queue, or goes on with it where it was tried before. */
    public void decode(
            @Body byte[] lines,
            @Header("JMSMessageID") String id,
            @Header(Retries.FIRST_FAILURE) String firstFailure,
            @Header(Retries.ATTEMPTS) Integer attempts,
            @ExchangeProperty(Destinations.PROPERTY) String destination,
            Exchange exchange) {
        Redelivery head = heads.get(destination);
        if (head == null || !head.id().equals(id)) {
            EventBatch batch = EventBatch.of(EventCodec.decode(lines));
            Instant first = firstFailure == null ? clock.instant() : Instant.parse(firstFailure);
            History history = new History(From.RETRYING, attempts == null ? 0 : attempts, first);
            head = new Redelivery(id, batch, history);
            heads.put(destination, head);
            if (batch.size() > 0) {
                counters.of(destination).oldestRetrying(batch.events().get(0).receivedAt());
            }
        }
        exchange.getMessage().removeHeaders("*");
        exchange.setProperty(Deliveries.HISTORY, head.history());
        exchange.setProperty(Deliveries.BATCH, head.left());
    }

    /**
     * Waits until it is the batch's turn and tries it.
     *
     * @return how it ended, with all that was rejected on the way
     * @throws Exception when something is left of it; the message then goes back to the head of its queue
     */
    public Attempt attempt(@ExchangeProperty(Destinations.PROPERTY) String destination, Exchange exchange)
            throws Exception {
        Redelivery head = current(destination);
        if (isTooOld(head.history()) && isLeftAlone(destination)) {
            return expire(head, destination);
        }
        await(destination, exchange);
        Attempt attempt = deliveries.attempt(head.left(), destination, exchange);
        head.tried(attempt);
        if (attempt.failure() == null) {
            return head.finished(attempt.batch());
        }
        outages.leaveAlone(destination, attempt.failure());
        if (isTooOld(head.history()) && !(attempt.failure() instanceof SetUpException)) {
            return expire(head, destination);
        }
        throw attempt.failure();
    }

    /** The batch is done: its message is gone with the commit that follows. */
    public void done(@ExchangeProperty(Destinations.PROPERTY) String destination) {
        Redelivery head = current(destination);
        if (head.settle()) {
            Ledger ledger = counters.of(destination);
            deliveries.countRejected(head.history().rejected(), destination, From.RETRYING);
            List<Rejected> expired = head.expired();
            ledger.expired(expired.size(), Redelivery.bytes(expired));
            queues.redelivered(destination);
        }
    }

    private Redelivery current(String destination) {
        Redelivery head = heads.get(destination);
        if (head == null) {
            throw new IllegalStateException("nothing of " + destination + " is being redelivered");
        }
        return head;
    }

    private boolean isTooOld(History history) {
        Instant first = history.firstFailure();
        return first != null && first.plus(maxAge).isBefore(clock.instant());
    }

    /** Whether it has just failed, and not for its set-up. */
    private boolean isLeftAlone(String destination) {
        return outages.backoff(destination).isHolding()
                && counters.of(destination)
                        .outage()
                        .filter(outage -> !outage.setUp())
                        .isPresent();
    }

    private Attempt expire(Redelivery head, String destination) {
        String reason = counters.of(destination)
                .outage()
                .map(outage -> outage.message())
                .orElse("no reason known");
        head.expire("not delivered within " + maxAge.toHours() + " hours: " + reason);
        return head.finished(head.left());
    }

    private void await(String destination, Exchange exchange) throws RetryableException, InterruptedException {
        if (!outages.backoff(destination).await(() -> isRunning(exchange))
                || !queues.backlog(destination).awaitTurn(() -> isRunning(exchange))) {
            throw new RetryableException("Evefan or the destination's route is stopping", null);
        }
    }

    private static boolean isRunning(Exchange exchange) {
        return !exchange.getContext().isStopping()
                && exchange.getFromEndpoint() != null
                && Consumers.isRunning(exchange);
    }
}
