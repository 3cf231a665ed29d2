package com.evefan.ingest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which of the original's requests are answered with another status, by the rule that says so. */
final class RecordedDifferences {
    private static final Map<String, String> BY_RULE = Map.of();

    private RecordedDifferences() {}

    static List<String> ids() {
        List<String> ids = new ArrayList<>();
        BY_RULE.values().forEach(words -> ids.addAll(List.of(words.split(" "))));
        return ids;
    }

    static Map<String, String> unexplained(Map<String, String> differences) {
        Map<String, String> unexplained = new TreeMap<>(differences);
        ids().forEach(unexplained::remove);
        return unexplained;
    }
}
