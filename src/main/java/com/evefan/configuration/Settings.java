package com.evefan.configuration;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Reads typed values from properties and collects every problem, so that all of them can be told at once. A key that
 * nothing has read in the end is unknown.
 */
final class Settings {
    private static final String PREFIX = "evefan.";

    private final Map<String, String> values;
    private final Set<String> read = new TreeSet<>();
    private final List<String> problems = new ArrayList<>();

    Settings(Map<String, String> values) {
        this.values = new TreeMap<>(values);
    }

    /** The value without surrounding blanks; empty where the key is missing. */
    String text(String key) {
        read.add(key);
        return values.getOrDefault(key, "").strip();
    }

    /** The parts of a value between commas, without blanks around them; empty parts are none. */
    static List<String> list(String value) {
        return java.util.Arrays.stream(value.split(","))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .toList();
    }

    /** A key of the past: where it is still set, that is a problem. */
    void gone(String key, String instead) {
        if (!text(key).isEmpty()) {
            problems.add(key + " is gone, take it away: " + instead);
        }
    }

    boolean flag(String key) {
        String text = text(key);
        if (!text.equals("true") && !text.equals("false")) {
            problems.add(key + " must be true or false, was '" + text + "'");
        }
        return text.equals("true");
    }

    int integer(String key, int min, int max) {
        return (int) number(key, min, max);
    }

    long number(String key, long min, long max) {
        String text = text(key);
        try {
            long number = Long.parseLong(text);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // told below, with the range
        }
        problems.add(key + " must be a whole number from " + min + " to " + max + ", was '" + text + "'");
        return min;
    }

    Duration millis(String key, long min, long max) {
        return Duration.ofMillis(number(key, min, max));
    }

    <E extends Enum<E>> E oneOf(String key, Class<E> type) {
        String text = text(key);
        for (E constant : type.getEnumConstants()) {
            if (wireName(constant).equals(text)) {
                return constant;
            }
        }
        List<String> names = java.util.Arrays.stream(type.getEnumConstants())
                .map(Settings::wireName)
                .toList();
        problems.add(key + " must be one of " + String.join(", ", names) + ", was '" + text + "'");
        return type.getEnumConstants()[0];
    }

    private static String wireName(Enum<?> constant) {
        return constant.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    /**
     * The values below {@code prefix}, by the name that follows it and then by the rest of the key:
     * {@code evefan.source.web.write-key} is {@code web -> {write-key=…}}.
     */
    Map<String, Map<String, String>> groups(String prefix) {
        Map<String, Map<String, String>> groups = new LinkedHashMap<>();
        values.forEach((key, value) -> {
            int dot = key.indexOf('.', prefix.length());
            if (key.startsWith(prefix) && dot > 0) {
                groups.computeIfAbsent(key.substring(prefix.length(), dot), name -> new LinkedHashMap<>())
                        .put(key.substring(dot + 1), text(key));
            }
        });
        return groups;
    }

    /** The values below {@code prefix}, by the rest of the key. */
    Map<String, String> below(String prefix) {
        Map<String, String> all = new TreeMap<>();
        values.keySet().stream()
                .filter(key -> key.startsWith(prefix) && key.length() > prefix.length())
                .forEach(key -> all.put(key.substring(prefix.length()), text(key)));
        return all;
    }

    void problem(String problem) {
        problems.add(problem);
    }

    /**
     * What {@code create} makes; empty when that fails, which is then a problem. There is a value for certain once
     * {@link #verify()} has found no problem.
     */
    <T> Optional<T> create(Supplier<T> create) {
        int before = problems.size();
        try {
            return Optional.of(create.get());
        } catch (IllegalArgumentException e) {
            // A value that could not be read has a stand-in, of which no second problem should be told.
            if (problems.size() == before) {
                problems.add(String.valueOf(e.getMessage()));
            }
            return Optional.empty();
        }
    }

    /** Fails with every problem found, unknown keys among them. */
    void verify() throws ConfigurationException {
        List<String> all = new ArrayList<>(problems);
        values.keySet().stream()
                .filter(key -> key.startsWith(PREFIX) && !read.contains(key))
                .map(key -> key + " is not a known property" + suggestion(key))
                .forEach(all::add);
        if (!all.isEmpty()) {
            throw new ConfigurationException(all);
        }
    }

    private String suggestion(String key) {
        String last = key.substring(key.lastIndexOf('.') + 1);
        Set<String> similar = read.stream()
                .filter(known -> known.endsWith("." + last) || distance(known, key) <= 2)
                .collect(Collectors.toCollection(TreeSet::new));
        return similar.isEmpty() ? "" : "; did you mean " + String.join(" or ", similar) + "?";
    }

    /** Levenshtein's distance: how many letters to change, add or take away. */
    private static int distance(String one, String other) {
        int[] costs = new int[other.length() + 1];
        java.util.Arrays.setAll(costs, i -> i);
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = costs[0];
            costs[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int change = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = costs[j];
                costs[j] = Math.min(change, 1 + Math.min(costs[j], costs[j - 1]));
            }
        }
        return costs[other.length()];
    }
}
