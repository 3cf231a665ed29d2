package com.evefan.deduplication;

import com.evefan.event.Event;
import java.util.List;

/** One request's claim on the ids of its new events. Used by one thread at a time. */
public final class Claims {
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
     * The new events are durable. Waits for other requests that carry some of the same events.
     *
     * @return whether these are durable too; if not, the request has to be sent again
     */
    public boolean keep() {
        if (!ended) {
            ended = true;
            deduplication.keep(keys, mine);
        }
        for (Outcome other : others) {
            if (!other.await()) {
                return false;
            }
        }
        return true;
    }

    /** Gives up what was not kept: whoever sends these events next has them kept. */
    public void release() {
        if (!ended) {
            ended = true;
            deduplication.release(keys, mine);
        }
    }
}
