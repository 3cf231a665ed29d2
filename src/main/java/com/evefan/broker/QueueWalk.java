package com.evefan.broker;

import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Enumeration;
import java.util.Queue;
import org.apache.activemq.command.ActiveMQMessage;
import org.apache.activemq.command.MessageId;
import org.apache.activemq.store.MessageRecoveryContext;
import org.apache.activemq.store.MessageRecoveryListener;
import org.apache.activemq.store.MessageStore;
import org.jspecify.annotations.Nullable;

/** A look at the messages of a queue, the oldest first, that takes nothing out. For one thread. */
public abstract sealed class QueueWalk implements AutoCloseable {
    private QueueWalk() {}

    /**
     * The next message; null at the end.
     *
     * @throws JMSException when the broker cannot be reached, or its store cannot be read
     */
    public abstract @Nullable Message next() throws JMSException;

    @Override
    public void close() throws JMSException {}

    /** Of a queue that is not there. */
    static final class OfNothing extends QueueWalk {
        @Override
        public @Nullable Message next() {
            return null;
        }
    }

    /**
     * Reads the embedded broker's store, so many messages at a time: all of a queue, whatever its size, with no more in
     * memory than a page. What is taken out or put in meanwhile may be seen or not.
     */
    static final class OfStore extends QueueWalk implements MessageRecoveryListener {
        private static final int PAGE_MESSAGES = 200;
        private static final long PAGE_BYTES = 1 << 20;

        private final MessageStore store;
        private final Queue<Message> page = new ArrayDeque<>();
        private long next;
        private long bytes;

        OfStore(MessageStore store) {
            this.store = store;
        }

        @Override
        public @Nullable Message next() throws JMSException {
            if (page.isEmpty()) {
                bytes = 0;
                try {
                    store.recoverMessages(new MessageRecoveryContext.Builder()
                            .messageRecoveryListener(this)
                            .offset(next)
                            .maxMessageCountReturned(PAGE_MESSAGES)
                            .useDedicatedCursor(true)
                            .build());
                } catch (Exception e) {
                    JMSException unread = new JMSException("the broker's store cannot be read: " + e.getMessage());
                    unread.initCause(e);
                    throw unread;
                }
            }
            return page.poll();
        }

        @Override
        public boolean recoverMessage(org.apache.activemq.command.Message message) throws IOException {
            if (message.getMessageId().getFutureOrSequenceLong() instanceof Long sequence) {
                next = sequence + 1;
            }
            bytes += message.getSize();
            message.setReadOnlyProperties(true);
            ((ActiveMQMessage) message).setReadOnlyBody(true);
            page.add((ActiveMQMessage) message);
            return true;
        }

        @Override
        public boolean canRecoveryNextMessage() {
            return bytes < PAGE_BYTES;
        }

        @Override
        public boolean recoverMessageReference(MessageId id) {
            return true;
        }

        @Override
        public boolean hasSpace() {
            return true;
        }

        @Override
        public boolean isDuplicate(MessageId id) {
            return false;
        }
    }

    /** Asks an external broker, which shows as many messages of a queue as its {@code maxBrowsePageSize} says. */
    static final class OfBrowser extends QueueWalk {
        private final Connection connection;
        private final Session session;
        private final QueueBrowser browser;
        private final Enumeration<?> messages;

        OfBrowser(ConnectionFactory connections, String queue) throws JMSException {
            connection = connections.createConnection();
            try {
                session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
                browser = session.createBrowser(session.createQueue(queue));
                connection.start();
                messages = browser.getEnumeration();
            } catch (JMSException e) {
                connection.close();
                throw e;
            }
        }

        @Override
        public @Nullable Message next() {
            return messages.hasMoreElements() ? (Message) messages.nextElement() : null;
        }

        @Override
        public void close() throws JMSException {
            try {
                browser.close();
                session.close();
            } finally {
                connection.close();
            }
        }
    }
}
