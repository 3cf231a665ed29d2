package com.evefan.deadletter;

import com.evefan.broker.BrokerQueues;
import com.evefan.broker.QueueWalk;
import com.evefan.counters.Counters;
import com.evefan.counters.Ledger;
import com.evefan.counters.SafeText;
import com.evefan.delivery.Attempt;
import com.evefan.delivery.Deliveries;
import com.evefan.delivery.Destinations;
import com.evefan.delivery.Rejected;
import com.evefan.delivery.SetUpException;
import com.evefan.event.Event;
import com.evefan.event.EventBatch;
import com.evefan.event.EventCodec;
import com.evefan.journal.Place.Tally;
import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The retry queues {@code evefan.retry.<destination>} of earlier versions, which kept there what a destination did not take:
 * bytes messages with one event a line. Each is delivered once, in order, before anything else goes to its destination, and
 * is gone then. A message that is none of these becomes a foreign dead letter, and holds up nothing.
 */
public final class OldRetryQueues implements AutoCloseable {
    /** Before the destination's name, the name of its queue. */
    public static final String QUEUE = "evefan.retry.";

    private static final Logger LOG = LoggerFactory.getLogger(OldRetryQueues.class);
    private static final String FIRST_FAILURE = "evefanFirstFailure";
    private static final String ATTEMPTS = "evefanAttempts";
    private static final int RECEIVE_MS = 1_000;
    private static final long PAUSE_MS = 1_000;
    private static final int REMOVALS = 10;

    private final ConnectionFactory connections;
    private final BrokerQueues broker;
    private final Destinations destinations;
    private final Deliveries deliveries;
    private final Counters counters;
    private final Duration maxAge;
    private final Clock clock;
    private volatile boolean closed;

    public OldRetryQueues(
            ConnectionFactory connections,
            BrokerQueues broker,
            Destinations destinations,
            Deliveries deliveries,
            Counters counters,
            Duration maxAge,
            Clock clock) {
        this.connections = connections;
        this.broker = broker;
        this.destinations = destinations;
        this.deliveries = deliveries;
        this.counters = counters;
        this.maxAge = maxAge;
        this.clock = clock;
    }

    /**
     * Delivers what waits for {@code destination} in its old queue.
     *
     * @return completed when nothing is left there, at once where there never was anything: the destination's events may
     *     come; fails when Evefan or the destination stops before
     */
    public CompletableFuture<Void> drain(String destination) {
        CompletableFuture<Void> drained = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        drainAll(destination);
                        drained.complete(null);
                    } catch (Throwable e) {
                        drained.completeExceptionally(e);
                    }
                },
                "evefan-old-retries-" + destination);
        thread.setDaemon(true);
        thread.start();
        return drained;
    }

    private void drainAll(String destination) throws InterruptedException, StoppedException {
        while (true) {
            try {
                if (isEmpty(destination)) {
                    // The consumer may not be gone for good yet. What stays is removed at the next start.
                    for (int i = 0; i < REMOVALS && !broker.remove(QUEUE + destination); i++) {
                        Thread.sleep(PAUSE_MS / REMOVALS);
                    }
                    return;
                }
                drainOnce(destination);
            } catch (JMSException e) {
                LOG.debug("The old retry queue of {} is read later", destination, e);
                if (closed) {
                    throw new StoppedException();
                }
                Thread.sleep(PAUSE_MS);
            }
        }
    }

    private boolean isEmpty(String destination) throws JMSException {
        try (QueueWalk walk = broker.walk(QUEUE + destination)) {
            return walk.next() == null;
        }
    }

    private void drainOnce(String destination) throws JMSException, InterruptedException, StoppedException {
        try (Connection connection = connections.createConnection();
                Session session = connection.createSession(true, Session.SESSION_TRANSACTED);
                MessageConsumer consumer = session.createConsumer(session.createQueue(QUEUE + destination));
                MessageProducer producer =
                        session.createProducer(session.createQueue(DeadLetters.QUEUE + destination))) {
            connection.start();
            LOG.info("Delivers what waits in {}{} of an earlier version", QUEUE, destination);
            for (Message message = consumer.receive(RECEIVE_MS);
                    message != null;
                    message = consumer.receive(RECEIVE_MS)) {
                List<Event> events = events(message);
                if (events == null) {
                    LOG.error(
                            "A message in {}{} holds no events that can be read; it is kept in {}{}",
                            QUEUE,
                            destination,
                            DeadLetters.QUEUE,
                            destination);
                    producer.send(message);
                    session.commit();
                } else {
                    deliver(destination, message, events, session, producer);
                }
            }
        }
    }

    private static @Nullable List<Event> events(Message message) {
        try {
            if (message instanceof BytesMessage bytes) {
                byte[] lines = new byte[(int) bytes.getBodyLength()];
                bytes.readBytes(lines);
                return EventCodec.decode(lines);
            }
            return null;
        } catch (JMSException | RuntimeException e) {
            return null;
        }
    }

    private void deliver(
            String destination, Message message, List<Event> events, Session session, MessageProducer producer)
            throws JMSException, InterruptedException, StoppedException {
        Instant first = first(message);
        int attempts = message.propertyExists(ATTEMPTS) ? message.getIntProperty(ATTEMPTS) : 0;
        List<Rejected> rejected = new ArrayList<>();
        List<Rejected> expired = new ArrayList<>();
        List<Event> left = events;
        while (!left.isEmpty()) {
            Attempt attempt = attempt(destination, EventBatch.of(left));
            attempts++;
            rejected.addAll(attempt.rejected());
            left = attempt.remaining();
            Exception failure = attempt.failure();
            boolean tooOld = first.plus(maxAge).isBefore(clock.instant());
            if (!left.isEmpty() && failure != null && tooOld && !(failure instanceof SetUpException)) {
                String why = "not delivered within " + maxAge.toHours() + " hours: "
                        + SafeText.of(failure.getMessage(), failure.getClass().getSimpleName());
                left.forEach(event -> expired.add(new Rejected(event, why, Rejected.EXPIRED)));
                left = List.of();
            }
        }
        for (List<Rejected> dead : List.of(rejected, expired)) {
            for (Rejected one : dead) {
                producer.send(letter(destination, one, attempts, first, session));
            }
        }
        session.commit();
        count(counters.of(destination), events, rejected, expired);
        counters.save();
    }

    private Instant first(Message message) throws JMSException {
        String first = message.getStringProperty(FIRST_FAILURE);
        try {
            return first == null ? clock.instant() : Instant.parse(first);
        } catch (DateTimeException e) {
            return clock.instant();
        }
    }

    private static void count(Ledger ledger, List<Event> events, List<Rejected> rejected, List<Rejected> expired) {
        int delivered = events.size() - rejected.size() - expired.size();
        ledger.ended(new Tally(delivered, rejected.size(), expired.size(), 0));
    }

    private TextMessage letter(String destination, Rejected rejected, int attempts, Instant first, Session session)
            throws JMSException {
        DeadLetter letter = DeadLetter.of(new Envelope(
                        destination,
                        rejected.reason(),
                        rejected.error(),
                        attempts,
                        first,
                        clock.instant(),
                        rejected.event().json())
                .toJson());
        return DeadLetters.message(letter, rejected.event(), session);
    }

    private Attempt attempt(String destination, EventBatch batch) throws InterruptedException, StoppedException {
        CompletableFuture<@Nullable Attempt> attempt = destinations.between(
                destination,
                () -> !closed && destinations.awaitTurn(destination) ? deliveries.attempt(batch, destination) : null);
        while (true) {
            try {
                Attempt done = attempt.get(PAUSE_MS, TimeUnit.MILLISECONDS);
                if (done == null) {
                    throw new StoppedException();
                }
                return done;
            } catch (java.util.concurrent.TimeoutException e) {
                if (closed) {
                    throw new StoppedException();
                }
            } catch (ExecutionException e) {
                LOG.debug("{} does not run", destination, e);
                throw new StoppedException();
            }
        }
    }

    /** Not before it is done: what is left waits for the next start. */
    private static final class StoppedException extends Exception {}

    @Override
    public void close() {
        closed = true;
    }
}
