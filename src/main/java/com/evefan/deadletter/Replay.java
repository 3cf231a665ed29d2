package com.evefan.deadletter;

import com.evefan.counters.Ledger;
import com.evefan.delivery.Retries;
import com.evefan.delivery.RetryQueues;
import com.evefan.event.Event;
import com.evefan.event.EventCodec;
import jakarta.jms.BytesMessage;
import jakarta.jms.JMSException;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Moves dead letters into their destination's retry queue, which delivers them like everything else: in batches, with
 * backoff, and back to the dead letters when they are rejected again. Goes on when little is left there, so that new
 * events do not wait behind a long replay.
 */
@SuppressWarnings("NonAtomicVolatileUpdate") // one thread replays, others look
final class Replay implements Removal.Use {
    private static final int MOST_WAITING = 2;

    private final String destination;
    private final RetryQueues queues;
    private final Ledger ledger;
    private final Clock clock;
    private final BooleanSupplier goOn;
    private volatile long moved;
    private volatile long unreadable;
    private volatile boolean waiting;

    Replay(String destination, RetryQueues queues, Ledger ledger, Clock clock, BooleanSupplier goOn) {
        this.destination = destination;
        this.queues = queues;
        this.ledger = ledger;
        this.clock = clock;
        this.goOn = goOn;
    }

    long moved() {
        return moved;
    }

    /** Dead letters without an event that can be read: they stay where they are. */
    long unreadable() {
        return unreadable;
    }

    boolean isWaiting() {
        return waiting;
    }

    @Override
    public boolean next() throws InterruptedException {
        waiting = true;
        boolean turn = queues.awaitFewer(destination, MOST_WAITING, goOn);
        waiting = false;
        return turn;
    }

    @Override
    public List<DeadLetter> use(List<DeadLetter> letters, Session session) throws JMSException {
        List<DeadLetter> staying = new ArrayList<>();
        List<Event> events = new ArrayList<>();
        for (DeadLetter letter : letters) {
            try {
                events.add(letter.event());
            } catch (IllegalArgumentException e) {
                staying.add(letter);
            }
        }
        if (!events.isEmpty()) {
            send(events, session);
        }
        unreadable += staying.size();
        return staying;
    }

    private void send(List<Event> events, Session session) throws JMSException {
        try (MessageProducer producer = session.createProducer(session.createQueue(Retries.QUEUE + destination))) {
            BytesMessage message = session.createBytesMessage();
            message.writeBytes(EventCodec.encode(events));
            message.setIntProperty(Retries.EVENTS, events.size());
            message.setStringProperty(Retries.FIRST_FAILURE, clock.instant().toString());
            producer.send(message);
        }
    }

    @Override
    public void used(List<DeadLetter> letters) {
        long dead = 0;
        long bytes = 0;
        for (DeadLetter letter : letters) {
            dead += letter.error().equals(Retries.EXPIRED) ? 1 : 0;
            bytes += letter.event().json().length;
        }
        if (!letters.isEmpty()) {
            ledger.replayed(letters.size() - dead, dead, bytes);
            queues.queued(destination);
        }
        moved += letters.size();
    }
}
