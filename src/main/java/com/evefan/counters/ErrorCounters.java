package com.evefan.counters;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Error counters by reason; bounded, for reasons come from outside. Not thread-safe: the ledger locks. */
final class ErrorCounters {
    private static final int MOST = 50;
    private static final String OTHERS = "other";

    private final Map<String, ErrorCounter> byReason = new LinkedHashMap<>();

    void seen(String reason, String message, long times, Instant now) {
        String key = byReason.containsKey(reason) || byReason.size() < MOST ? reason : OTHERS;
        ErrorCounter known = byReason.getOrDefault(key, new ErrorCounter(key, 0, now, now, message));
        byReason.put(key, known.seen(times, now, message));
    }

    void restore(List<ErrorCounter> saved) {
        byReason.clear();
        saved.forEach(error -> byReason.put(error.reason(), error));
    }

    List<ErrorCounter> all() {
        return List.copyOf(byReason.values());
    }
}
