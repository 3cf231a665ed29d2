package com.evefan.deadletter;

import com.evefan.event.Invalid;
import java.util.List;
import org.apache.camel.ExchangeProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events that ingestion refused, on their way into their dead-letter queue. Their senders know, so they are in memory
 * only, and bounded: 10,000 events, 16 MB. Past that, as when the broker is away for long, they are counted and not
 * kept. Bound as {@code refusedEvents}. Thread-safe.
 */
public final class RefusedEvents implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RefusedEvents.class);
    private static final long MOST_EVENTS = 10_000;
    private static final long MOST_BYTES = 16L << 20;

    private long waiting;
    private long waitingBytes;
    private long lost;
    private boolean losing;

    /** Whether there is room for them. */
    public synchronized boolean take(@ExchangeProperty(Invalid.PROPERTY) List<Invalid> refused) {
        long bytes = bytes(refused);
        if (waiting + refused.size() > MOST_EVENTS || waitingBytes + bytes > MOST_BYTES) {
            lost += refused.size();
            if (!losing) {
                losing = true;
                LOG.warn("{} refused events wait for the broker; further ones are not kept", waiting);
            }
            return false;
        }
        waiting += refused.size();
        waitingBytes += bytes;
        return true;
    }

    /** They are dead letters now. */
    public synchronized void kept(@ExchangeProperty(Invalid.PROPERTY) List<Invalid> refused) {
        waiting -= refused.size();
        waitingBytes -= bytes(refused);
        if (waiting == 0 && losing) {
            losing = false;
            LOG.warn("Refused events are kept again; {} were not since the start", lost);
        }
    }

    /** How many wait for the broker. */
    public synchronized long waiting() {
        return waiting;
    }

    /** How many were not kept since the start. */
    public synchronized long lost() {
        return lost;
    }

    private static long bytes(List<Invalid> refused) {
        return refused.stream().mapToLong(one -> one.json().length).sum();
    }

    /** Tells what goes with the memory. */
    @Override
    public synchronized void close() {
        if (waiting > 0) {
            LOG.warn("{} refused events were not kept, because the broker did not take them", waiting);
        }
    }
}
