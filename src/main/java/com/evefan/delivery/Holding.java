package com.evefan.delivery;

import com.evefan.event.EventBatch;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;

/**
 * Holds in memory what arrives for a destination while its old routes deliver what they have collected: into the retry
 * queue it would get ahead of that. What is held is not acknowledged, so that the journal has it. Bound as
 * {@code holding}.
 */
public final class Holding {
    private final Map<String, Deque<EventBatch>> held = new ConcurrentHashMap<>();

    /** From now on batches for {@code destination} are held. */
    public void start(String destination) {
        held.put(destination, new ArrayDeque<>());
    }

    /** Whether {@code batch} is held now; where it is not, its way goes on. */
    public boolean holds(@ExchangeProperty(Destinations.PROPERTY) String destination, @Body EventBatch batch) {
        Deque<EventBatch> batches = held.get(destination);
        if (batches == null) {
            return false;
        }
        synchronized (batches) {
            if (held.get(destination) != batches) {
                return false; // it has ended meanwhile
            }
            return batches.add(batch);
        }
    }

    /** Gives what is held to {@code next}, in the order of its arrival and before anything newer, and holds no more. */
    public void end(String destination, Consumer<EventBatch> next) {
        Deque<EventBatch> batches = held.get(destination);
        while (batches != null) {
            EventBatch first;
            synchronized (batches) {
                first = batches.poll();
                if (first == null) {
                    held.remove(destination);
                    return;
                }
            }
            next.accept(first);
        }
    }
}
