package com.evefan.deadletter;

import com.evefan.broker.BrokerQueues;
import com.evefan.broker.QueueWalk;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A look at letters, one at a time, the oldest first, that takes nothing out. */
interface Letters extends AutoCloseable {
    /** The next one; null at the end. */
    @Nullable
    DeadLetter next() throws IOException, JMSException;

    @Override
    void close() throws IOException, JMSException;

    /** Those in {@code queue}. */
    static Letters in(String queue, BrokerQueues broker) throws JMSException {
        QueueWalk walk = broker.walk(queue);
        return new Letters() {
            @Override
            public @Nullable DeadLetter next() throws JMSException {
                Message message = walk.next();
                return message == null ? null : DeadLetter.of(message);
            }

            @Override
            public void close() throws JMSException {
                walk.close();
            }
        };
    }
}
