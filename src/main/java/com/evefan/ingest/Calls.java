package com.evefan.ingest;

import com.evefan.event.EventType;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The calls of the HTTP API: the last part of {@code /v1/track}, long or short. */
final class Calls {
    private static final Map<String, Optional<EventType>> CALLS = calls();

    private Calls() {}

    /**
     * The type of event that {@code call} stands for; empty for those that carry a batch.
     *
     * @throws UnknownCallException when there is no such call
     */
    static Optional<EventType> typeOf(String call) throws UnknownCallException {
        Optional<EventType> type = CALLS.get(call);
        if (type == null) {
            throw new UnknownCallException(call);
        }
        return type;
    }

    private static Map<String, Optional<EventType>> calls() {
        Map<String, Optional<EventType>> calls = new HashMap<>();
        for (EventType type : EventType.values()) {
            calls.put(type.wireName(), Optional.of(type));
            calls.put(type.wireName().substring(0, 1), Optional.of(type));
        }
        for (String batch : new String[] {"batch", "b", "import"}) {
            calls.put(batch, Optional.empty());
        }
        return calls;
    }
}
