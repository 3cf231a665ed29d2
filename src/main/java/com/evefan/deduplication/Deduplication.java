package com.evefan.deduplication;

import com.evefan.event.Event;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Tells events that were accepted before from new ones, by source and message id. An id counts as seen from the moment
 * its event is durable, not before: a sender whose event could not be kept has to be able to send it again. While it is
 * on its way, a second request with the same id waits for how the first one ends. Thread-safe.
 */
public final class Deduplication {
    private final DeduplicationSettings settings;
    private final SeenKeys seen;
    private final ConcurrentMap<MessageKey, Outcome> underWay = new ConcurrentHashMap<>();

    public Deduplication(DeduplicationSettings settings, Clock clock) {
        this.settings = settings;
        this.seen = new SeenKeys(settings, clock);
    }

    /**
     * Claims those of {@code events} that are new. Every claim has to be {@linkplain Claims#keep kept} or
     * {@linkplain Claims#release released}.
     */
    public Claims claim(List<Event> events) {
        if (!settings.isOn()) {
            return new Claims(this, events, List.of(), List.of(), new Outcome());
        }
        Outcome mine = new Outcome();
        List<Event> fresh = new ArrayList<>(events.size());
        List<MessageKey> keys = new ArrayList<>(events.size());
        List<Outcome> others = new ArrayList<>(0);
        for (Event event : events) {
            MessageKey key = MessageKey.of(event.source(), event.messageId());
            Outcome other = underWay.putIfAbsent(key, mine);
            if (other == null) {
                // Asked after the claim: whoever held it before us has told by now.
                if (seen.contains(key)) {
                    underWay.remove(key, mine);
                } else {
                    fresh.add(event);
                    keys.add(key);
                }
            } else if (other != mine) {
                others.add(other);
            }
        }
        return new Claims(this, fresh, keys, others, mine);
    }

    /** Takes events as seen that were accepted by an earlier run. */
    public void remember(List<Event> events) {
        if (settings.isOn()) {
            for (Event event : events) {
                seen.add(MessageKey.of(event.source(), event.messageId()));
            }
        }
    }

    void keep(List<MessageKey> keys, Outcome outcome) {
        for (MessageKey key : keys) {
            seen.add(key);
            underWay.remove(key, outcome);
        }
        outcome.end(true);
    }

    void release(List<MessageKey> keys, Outcome outcome) {
        for (MessageKey key : keys) {
            underWay.remove(key, outcome);
        }
        outcome.end(false);
    }

    /** The number of ids remembered now. */
    public int size() {
        return seen.size();
    }

    /** The memory that the ids take now, in bytes. */
    public long bytes() {
        return seen.bytes();
    }

    @Override
    public String toString() {
        return size() + " message ids";
    }
}
