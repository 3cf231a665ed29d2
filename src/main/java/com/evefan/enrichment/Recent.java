package com.evefan.enrichment;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The answers most recently asked for, a bounded number of them. Thread-safe. */
final class Recent<V> {
    private final Map<String, V> answers;

    Recent(int max) {
        answers = new LinkedHashMap<>(256, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
                return size() > max;
            }
        };
    }

    /** The answer to {@code key}; found outside any lock where it is not known. */
    V get(String key, Function<String, V> find) {
        V known = known(key);
        if (known == null) {
            known = find.apply(key);
            put(key, known);
        }
        return known;
    }

    synchronized @Nullable V known(String key) {
        return answers.get(key);
    }

    synchronized void put(String key, V value) {
        answers.put(key, value);
    }
}
