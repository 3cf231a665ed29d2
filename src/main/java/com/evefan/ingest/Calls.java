package com.evefan.ingest;

import com.evefan.event.EventType;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The calls of the HTTP API: the last part of {@code /v1/track}, long or short. */
final class Calls {
    /** What SDKs report about themselves. */
    static final String SDK_METRICS = "m";

    private static final Map<String, Optional<EventType>> CALLS = calls();

    private Calls() {}

    /** The last part of {@code path}; a slash at its end says nothing. */
    static String of(String path) {
        int end = path.length();
        while (end > 0 && path.charAt(end - 1) == '/') {
            end--;
        }
        return path.substring(path.lastIndexOf('/', end - 1) + 1, end);
    }

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
