package com.evefan.deadletter;

import com.evefan.admin.ApiException;
import com.evefan.broker.BrokerQueues;
import com.evefan.broker.QueueWalk;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.activemq.command.ActiveMQMessage;

/**
 * A turn through a dead-letter queue that takes letters out, in transactions and in order: a crash in the middle loses and
 * doubles nothing. What the turn passes over, foreign messages always, goes behind the others with a mark; the first mark
 * is where the turn ends, and the queue has its order again. Not with a JMS selector: ActiveMQ stops looking for a match
 * after the first page of a queue.
 */
final class DeadLetterScan {
    private static final int BATCH = 500;
    private static final long BATCH_BYTES = 4 << 20;
    private static final int RECEIVE_MS = 1_000;
    private static final AtomicLong LAST_TURN = new AtomicLong();

    private final ConnectionFactory connections;
    private final BrokerQueues broker;
    private final Consumer<String> taken;
    private final Set<String> busy = ConcurrentHashMap.newKeySet();

    /** @param taken told of a destination before letters of it are taken out */
    DeadLetterScan(ConnectionFactory connections, BrokerQueues broker, Consumer<String> taken) {
        this.connections = connections;
        this.broker = broker;
        this.taken = taken;
    }

    /** What becomes of the letters that are meant. */
    interface Use {
        /** Called before each transaction; returns whether to go on. */
        boolean goOn();

        /** Uses letters, in the order of the queue; may use the first ones only, which ends the turn. */
        Used use(List<DeadLetter> letters) throws InterruptedException;

        /** What {@link #use} has said is true for good: its transaction is committed. */
        void committed(Used used);
    }

    /**
     * What became of letters.
     *
     * @param count so many, the first of them, are used
     * @param kept of these, which stay as they are
     * @param again letters that come into the queue instead of others
     */
    record Used(int count, List<DeadLetter> kept, List<DeadLetter> again) {
        static Used all(List<DeadLetter> letters) {
            return new Used(letters.size(), List.of(), List.of());
        }
    }

    /**
     * Goes once through {@code queue}.
     *
     * @throws ApiException when another turn through it is under way
     * @throws JMSException when the broker cannot be reached; what is committed stays so
     */
    void run(String queue, Filter filter, Use use) throws ApiException, JMSException, InterruptedException {
        if (!busy.add(queue)) {
            throw new ApiException(409, "a replay or a deletion is at work in " + queue + " already: try later");
        }
        try {
            if (!broker.showsAll() || isAny(queue, filter)) {
                taken.accept(queue.substring(DeadLetters.QUEUE.length()));
                turn(queue, filter, use);
            }
        } finally {
            busy.remove(queue);
        }
    }

    private boolean isAny(String queue, Filter filter) throws JMSException {
        try (QueueWalk walk = broker.walk(queue)) {
            for (Message message = walk.next(); message != null; message = walk.next()) {
                if (isMeant(DeadLetter.of(message), filter)) {
                    return true;
                }
            }
            return false;
        }
    }

    private static boolean isMeant(DeadLetter letter, Filter filter) {
        return !letter.isForeign() && filter.matches(letter);
    }

    private void turn(String queue, Filter filter, Use use) throws JMSException, InterruptedException {
        try (Connection connection = connections.createConnection();
                Session session = connection.createSession(true, Session.SESSION_TRANSACTED);
                MessageConsumer consumer = session.createConsumer(session.createQueue(queue));
                MessageProducer producer = session.createProducer(session.createQueue(queue))) {
            connection.start();
            new Turn(session, consumer, producer, filter).run(use);
        }
    }

    /** One turn. */
    private static final class Turn {
        private final long mark = LAST_TURN.updateAndGet(last -> Math.max(last + 1, System.currentTimeMillis()));
        private final Session session;
        private final MessageConsumer consumer;
        private final MessageProducer producer;
        private final Filter filter;
        private boolean moved;
        private boolean over;

        Turn(Session session, MessageConsumer consumer, MessageProducer producer, Filter filter) {
            this.session = session;
            this.consumer = consumer;
            this.producer = producer;
            this.filter = filter;
        }

        void run(Use use) throws JMSException, InterruptedException {
            boolean all = true;
            while (all && !over && use.goOn()) {
                List<Message> messages = receive();
                if (messages.isEmpty()) {
                    return;
                }
                all = transact(messages, use);
            }
            // Letters that were passed over stand behind those that are left: these go behind them in turn.
            while (moved && !over) {
                List<Message> messages = receive();
                if (messages.isEmpty()) {
                    return;
                }
                for (Message message : messages) {
                    pass(message);
                }
                session.commit();
            }
        }

        /** The next messages of this turn: those that it has not moved itself. */
        private List<Message> receive() throws JMSException {
            List<Message> messages = new ArrayList<>();
            long bytes = 0;
            while (messages.size() < BATCH && bytes < BATCH_BYTES) {
                Message message = consumer.receive(RECEIVE_MS);
                if (message == null) {
                    break;
                }
                if (turnOf(message) >= mark) {
                    over = true;
                    return again(messages, messages.size());
                }
                messages.add(message);
                bytes += message instanceof ActiveMQMessage known ? known.getSize() : 0;
            }
            return messages;
        }

        private static long turnOf(Message message) {
            try {
                return message.propertyExists(DeadLetterHeaders.TURN)
                        ? message.getLongProperty(DeadLetterHeaders.TURN)
                        : 0;
            } catch (JMSException | NumberFormatException e) {
                return 0; // a stranger's
            }
        }

        /** Gives back what this transaction has received, and receives only the first {@code count} of it. */
        private List<Message> again(List<Message> received, int count) throws JMSException {
            session.rollback();
            List<Message> messages = new ArrayList<>();
            while (messages.size() < count) {
                Message message = consumer.receive(RECEIVE_MS);
                if (message == null
                        || !message.getJMSMessageID()
                                .equals(received.get(messages.size()).getJMSMessageID())) {
                    session.rollback();
                    throw new JMSException("the queue has changed meanwhile: somebody else takes messages from it");
                }
                messages.add(message);
            }
            return messages;
        }

        /** Returns whether all of {@code messages} were used. */
        private boolean transact(List<Message> messages, Use use) throws JMSException, InterruptedException {
            List<DeadLetter> letters = messages.stream().map(DeadLetter::of).toList();
            List<Integer> meant = new ArrayList<>();
            for (int i = 0; i < letters.size(); i++) {
                if (isMeant(letters.get(i), filter)) {
                    meant.add(i);
                }
            }
            List<DeadLetter> wanted = meant.stream().map(letters::get).toList();
            Used used = wanted.isEmpty() ? Used.all(wanted) : use.use(wanted);
            boolean all = used.count() == meant.size();
            List<Message> taken = all ? messages : again(messages, meant.get(used.count()));
            for (int i = 0; i < taken.size(); i++) {
                DeadLetter letter = letters.get(i);
                if (!isMeant(letter, filter) || used.kept().contains(letter)) {
                    pass(taken.get(i));
                    moved |= !letter.isForeign();
                }
            }
            for (DeadLetter letter : used.again()) {
                producer.send(message(letter));
            }
            session.commit();
            use.committed(used);
            return all;
        }

        private void pass(Message message) throws JMSException {
            ActiveMQMessage copy = (ActiveMQMessage) ((ActiveMQMessage) message).copy();
            copy.setReadOnlyProperties(false);
            copy.setLongProperty(DeadLetterHeaders.TURN, mark);
            producer.send(copy);
        }

        private Message message(DeadLetter letter) throws JMSException {
            TextMessage message = DeadLetters.message(letter, letter.event(), session);
            message.setLongProperty(DeadLetterHeaders.TURN, mark);
            return message;
        }
    }
}
