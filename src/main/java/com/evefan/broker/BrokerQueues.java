package com.evefan.broker;

import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Session;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Looks into the broker's queues without taking anything out. */
public final class BrokerQueues {
    private final ConnectionFactory connections;
    private final @Nullable EmbeddedBroker embedded;

    /**
     * @param embedded null where the broker is another process
     */
    public BrokerQueues(ConnectionFactory connections, @Nullable EmbeddedBroker embedded) {
        this.connections = connections;
        this.embedded = embedded;
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

    /** The number of messages in {@code queue}; -1 where that is not known: in an external broker, or one that is down. */
    public long depth(String queue) {
        return embedded == null || embedded.down() != null ? -1 : embedded.depth(queue);
    }

    /**
     * A look at the messages of {@code queue}, the oldest first.
     *
     * @throws JMSException when the broker cannot be reached
     */
    public QueueWalk walk(String queue) throws JMSException {
        EmbeddedBroker broker = embedded;
        if (broker != null) {
            check(broker);
            return broker.walk(queue);
        }
        return new QueueWalk.OfBrowser(connections, queue);
    }

    /** Whether the message with the JMS id {@code id} is in {@code queue}; false where that is not known, as of {@link #depth}. */
    public boolean holds(String queue, String id) {
        return embedded != null && embedded.down() == null && embedded.holds(queue, id);
    }

    /** Whether {@link #walk} shows all of a queue: an external broker has a bound of its own. */
    public boolean showsAll() {
        return embedded != null;
    }

    /**
     * Removes the empty {@code queue} of the embedded broker, so that nobody wonders about it.
     *
     * @return false where that is to be tried again
     */
    public boolean remove(String queue) {
        return embedded == null || embedded.remove(queue);
    }

    /** How full the embedded broker's store is, 0 to 100 and more; of an external broker not known, 0. */
    public int storePercent() {
        return embedded == null ? 0 : embedded.storePercent();
    }

    /** What was lost with a damaged store of the embedded broker since the start, in words. */
    public List<String> losses() {
        return embedded == null ? List.of() : List.copyOf(embedded.losses());
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

    private static void check(EmbeddedBroker broker) throws JMSException {
        String down = broker.down();
        if (down != null) {
            throw new JMSException(down);
        }
    }
}
