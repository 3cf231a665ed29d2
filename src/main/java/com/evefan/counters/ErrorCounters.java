package com.evefan.counters;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Error counters by reason; bounded, for reasons come from outside. Not thread-safe: the ledger locks. */
final class ErrorCounters {
    private static final int MOST = 50;
    private static final String OTHERS = "other";

    /** In place of a message that named somebody. */
    static final String ERASED = "(erased)";

    private final Map<String, ErrorCounter> byReason = new LinkedHashMap<>();

    void seen(String reason, String message, long times, Instant now) {
        String key = byReason.containsKey(reason) || byReason.size() < MOST ? reason : OTHERS;
        ErrorCounter known = byReason.getOrDefault(key, new ErrorCounter(key, 0, now, now, message));
        byReason.put(key, known.seen(times, now, message));
    }

    int forget(Predicate<String> named) {
        int found = 0;
        for (ErrorCounter error : all()) {
            if (named.test(error.lastMessage())) {
                byReason.put(
                        error.reason(),
                        new ErrorCounter(error.reason(), error.count(), error.firstSeen(), error.lastSeen(), ERASED));
                found++;
            }
        }
        return found;
    }

    void restore(List<ErrorCounter> saved) {
        byReason.clear();
        saved.forEach(error -> byReason.put(error.reason(), error));
    }

    List<ErrorCounter> all() {
        return List.copyOf(byReason.values());
    }
}
