package com.evefan.deadletter;

import com.evefan.broker.BrokerQueues;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;

/**
 * Takes dead letters out of their queue, in transactions: those that are meant go where they are to go in the same
 * transaction, all others back to the end of the queue. A crash in the middle loses and doubles nothing. No JMS selector:
 * ActiveMQ stops looking for a match after the first page of a queue.
 */
final class Removal {
    /** Dead letters in one transaction. */
    static final int BATCH = 500;

    private static final int RECEIVE_MS = 1_000;

    private final ConnectionFactory connections;
    private final BrokerQueues broker;

    Removal(ConnectionFactory connections, BrokerQueues broker) {
        this.connections = connections;
        this.broker = broker;
    }

    /** What becomes of the dead letters. */
    interface Use {
        /** Called before each transaction; returns whether to go on. */
        boolean next() throws InterruptedException;

        /** Uses {@code letters} in the transaction of {@code session}; returns those that have to stay. */
        List<DeadLetter> use(List<DeadLetter> letters, Session session) throws JMSException;

        /** The transaction with {@code letters} is committed. */
        void used(List<DeadLetter> letters);
    }

    /** Goes once through the queue. */
    void run(String queue, Filter filter, Use use) throws JMSException, InterruptedException {
        long[] found = count(queue, filter);
        long total = found[0];
        long matching = found[1];
        if (matching == 0) {
            return;
        }
        try (Connection connection = connections.createConnection();
                Session session = connection.createSession(true, Session.SESSION_TRANSACTED);
                MessageConsumer consumer = session.createConsumer(session.createQueue(queue));
                MessageProducer producer = session.createProducer(session.createQueue(queue))) {
            connection.start();
            while (total > 0 && matching > 0 && use.next()) {
                List<TextMessage> messages = receive(consumer, Math.min(total, BATCH));
                if (messages.isEmpty()) {
                    return;
                }
                total -= messages.size();
                matching -= transact(messages, filter, use, session, producer);
            }
        }
    }

    /** The number of messages, and of those among them that match. */
    private long[] count(String queue, Filter filter) throws JMSException {
        long[] found = new long[2];
        broker.browse(queue, message -> {
            found[0]++;
            found[1] += filter.matches(DeadLetter.of(text(message))) ? 1 : 0;
            return true;
        });
        // There may be more than can be browsed.
        return found[0] < BrokerQueues.MOST_SHOWN ? found : new long[] {Long.MAX_VALUE, Long.MAX_VALUE};
    }

    private static List<TextMessage> receive(MessageConsumer consumer, long most) throws JMSException {
        List<TextMessage> messages = new ArrayList<>();
        while (messages.size() < most && consumer.receive(RECEIVE_MS) instanceof TextMessage message) {
            messages.add(message);
        }
        return messages;
    }

    private static int transact(
            List<TextMessage> messages, Filter filter, Use use, Session session, MessageProducer producer)
            throws JMSException {
        List<DeadLetter> meant = new ArrayList<>();
        for (TextMessage message : messages) {
            DeadLetter letter = DeadLetter.of(message.getText());
            if (filter.matches(letter)) {
                meant.add(letter);
            } else {
                producer.send(copy(message, session));
            }
        }
        List<DeadLetter> staying = use.use(meant, session);
        for (TextMessage message : messages) {
            if (staying.stream().anyMatch(letter -> letter.text().equals(text(message)))) {
                producer.send(copy(message, session));
            }
        }
        session.commit();
        int matching = meant.size();
        meant.removeAll(staying);
        use.used(meant);
        return matching;
    }

    private static Message copy(TextMessage message, Session session) throws JMSException {
        TextMessage copy = session.createTextMessage(message.getText());
        for (Enumeration<?> names = message.getPropertyNames(); names.hasMoreElements(); ) {
            String name = (String) names.nextElement();
            if (!name.startsWith("JMSX")) {
                copy.setObjectProperty(name, message.getObjectProperty(name));
            }
        }
        return copy;
    }

    /** Empty where the message is none of Evefan's. */
    static String text(Message message) {
        try {
            return message instanceof TextMessage text && text.getText() != null ? text.getText() : "";
        } catch (JMSException e) {
            return "";
        }
    }
}
