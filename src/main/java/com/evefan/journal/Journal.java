package com.evefan.journal;

import com.evefan.event.EventBatch;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The ordered list of accepted events. Every destination has a {@link Place} in it: everything before is done. What a
 * destination owes is what stands behind its place, on disk, and nowhere else.
 *
 * <p>Thread-safe, but for {@link #take}, which belongs to one thread.
 */
public interface Journal extends AutoCloseable {
    /**
     * Appends events; returns at once.
     *
     * @param settledOn the sender's thread, one object for all its appends: completes what is returned, and wakes the
     *     writer once it is done with what it is at
     * @return completed when the events are durable; fails with a {@link JournalUnavailableException} when it is not
     *     certain that they are
     * @throws JournalFullException when there is no room for them
     * @throws JournalUnavailableException when nothing can be appended now
     * @throws IllegalArgumentException when one event is larger than the journal takes
     */
    CompletableFuture<Void> append(EventBatch batch, Executor settledOn);

    /**
     * The place of {@code destination}; a new one stands at {@code start} and is durable when this returns. It is handed
     * nothing until it is opened. That of a removed destination is owed everything again, but for what was deleted
     * meanwhile.
     *
     * @throws JournalUnavailableException when it is not certain that the place is durable
     */
    Place place(String destination, Start start);

    /** All places, those of removed destinations too. */
    Collection<Place> places();

    /**
     * The next events, for the destinations that have room and stand at the same place. Each round starts with those that
     * stand furthest ahead, so that nobody who keeps up waits for one who is behind, and gives everyone with room a turn.
     *
     * @return null when there was nothing to hand out for {@code timeoutMillis}
     */
    @Nullable
    Handover take(long timeoutMillis) throws InterruptedException;

    /** What is kept, delivered events included. */
    History history();

    /** How it is doing; cheap enough for every second. */
    JournalStatus status();

    /** What this node has of a journal that several share, by destination; empty where it is this node's alone. */
    default Map<String, Share> shares() {
        return Map.of();
    }

    /**
     * What one node has of a destination's place, and what is known of the whole.
     *
     * @param lag events that the destination is owed by all nodes together; looked up every few seconds
     * @param members nodes that the destination runs on, in words
     * @param partitions those that this node has of the journal
     * @param problems what keeps this node from handing events out, in words
     */
    record Share(long lag, List<String> members, List<Integer> partitions, List<String> problems) {
        public Share {
            members = List.copyOf(members);
            partitions = List.copyOf(partitions);
            problems = List.copyOf(problems);
        }
    }

    /** Appends are refused from now on; what was appended is made durable, places are saved, then the files are free. */
    @Override
    void close();
}
