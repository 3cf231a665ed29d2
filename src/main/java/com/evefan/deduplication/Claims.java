package com.evefan.deduplication;

import com.evefan.event.Event;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One request's claim on the ids of its new events. Used by one thread at a time. */
public final class Claims {
    private static final CompletionStage<Boolean> ALL_DURABLE = CompletableFuture.completedStage(true);

    private final Deduplication deduplication;
    private final List<Event> fresh;
    private final List<MessageKey> keys;
    private final List<Outcome> others;
    private final Outcome mine;
    private boolean ended;

    Claims(Deduplication deduplication, List<Event> fresh, List<MessageKey> keys, List<Outcome> others, Outcome mine) {
        this.deduplication = deduplication;
        this.fresh = fresh;
        this.keys = keys;
        this.others = others;
        this.mine = mine;
    }

    /** The events that were not accepted before and are not on their way. */
    public List<Event> fresh() {
        return fresh;
    }

    /**
     * The new events are durable.
     *
     * @return whether those are durable too that came with other requests at the same time; if not, the request has to be
     *     sent again. Completed when all of these requests are over, at once where there are none
     */
    public CompletionStage<Boolean> keep() {
        if (!ended) {
            ended = true;
            deduplication.keep(keys, mine);
        }
        CompletionStage<Boolean> all = ALL_DURABLE;
        for (Outcome other : others) {
            all = all.thenCombine(other.durable(), Boolean::logicalAnd);
        }
        return all;
    }

    /** Gives up what was not kept: whoever sends these events next has them kept. */
    public void release() {
        if (!ended) {
            ended = true;
            deduplication.release(keys, mine);
        }
    }
}
