package com.evefan.broker;

import java.io.IOException;
import org.apache.activemq.command.Message;
import org.apache.activemq.command.MessageId;
import org.apache.activemq.store.MessageRecoveryListener;
import org.apache.activemq.util.ByteSequence;

/** Adds up messages as the store reads them, one at a time. */
final class ContentReader implements MessageRecoveryListener {
    private long messages;
    private long events;
    private long bytes;

    QueueContent content() {
        return new QueueContent(messages, events, bytes);
    }

    @Override
    public boolean recoverMessage(Message message) throws IOException {
        ByteSequence body = message.getContent();
        messages++;
        events += message.getProperty(BrokerQueues.EVENTS) instanceof Number number ? number.longValue() : 1;
        bytes += body == null ? 0 : body.getLength();
        return true;
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
