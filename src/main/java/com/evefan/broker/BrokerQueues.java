package com.evefan.broker;

import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import java.util.Enumeration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Looks into the broker's queues without taking anything out. */
public final class BrokerQueues {
    /** JMS property: the number of events in a message. */
    public static final String EVENTS = "evefanEvents";

    /** How far {@link #browse} looks into a queue of the embedded broker. */
    public static final int MOST_SHOWN = 100_000;

    /** An external broker is asked whether there is more than one message, not how many: browsing sends them whole. */
    private static final long ENOUGH = 2;

    private final ConnectionFactory connections;
    private final @Nullable EmbeddedBroker embedded;

    /**
     * @param embedded null where the broker is another process
     */
    public BrokerQueues(ConnectionFactory connections, @Nullable EmbeddedBroker embedded) {
        this.connections = connections;
        this.embedded = embedded;
    }

    /** Looks at a message. */
    @FunctionalInterface
    public interface Visitor {
        /** Returns whether to go on. */
        boolean visit(Message message) throws JMSException;
    }

    /** What stands behind {@code prefix} in the names of the queues that are there; of an external broker not known. */
    public Set<String> namesAfter(String prefix) {
        Set<String> names = new TreeSet<>();
        for (String queue : embedded == null ? Set.<String>of() : embedded.queues()) {
            if (queue.startsWith(prefix)) {
                names.add(queue.substring(prefix.length()));
            }
        }
        return names;
    }

    /**
     * The number of messages in {@code queue}, those that are just being consumed included. In an external broker, more
     * than one is reported as two.
     *
     * @throws JMSException when the broker cannot be reached
     */
    public long depth(String queue) throws JMSException {
        EmbeddedBroker broker = embedded;
        if (broker != null) {
            check(broker);
            return broker.depth(queue);
        }
        long[] seen = {0};
        browse(queue, message -> ++seen[0] < ENOUGH);
        return seen[0];
    }

    /**
     * What {@code queue} holds. Reads all of it: for the start after a kill.
     *
     * @return empty where the broker is external, for other nodes may use the same queues
     * @throws Exception when the store cannot be read
     */
    public Optional<QueueContent> content(String queue) throws Exception {
        return embedded == null ? Optional.empty() : Optional.of(embedded.content(queue));
    }

    /**
     * Shows the messages of {@code queue} to {@code visitor}, the oldest first, until it has seen enough.
     *
     * @throws JMSException when the broker cannot be reached
     */
    public void browse(String queue, Visitor visitor) throws JMSException {
        try (Connection connection = connections.createConnection();
                Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
                QueueBrowser browser = session.createBrowser(session.createQueue(queue))) {
            connection.start();
            Enumeration<?> messages = browser.getEnumeration();
            while (messages.hasMoreElements()) {
                if (!visitor.visit((Message) messages.nextElement())) {
                    return;
                }
            }
        }
    }

    /**
     * Returns when the broker can be reached.
     *
     * @throws JMSException when it cannot
     */
    public void check() throws JMSException {
        EmbeddedBroker broker = embedded;
        if (broker != null) {
            check(broker);
            return;
        }
        try (Connection connection = connections.createConnection();
                Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE)) {
            connection.start();
            session.createQueue("evefan.check");
        }
    }

    int storePercent() {
        return 0;
    }

    java.util.List<String> losses() {
        return java.util.List.of();
    }

    private static void check(EmbeddedBroker broker) throws JMSException {
        if (!broker.isRunning()) {
            throw new JMSException("the embedded broker has stopped; its store may be damaged or the disk full");
        }
    }
}
