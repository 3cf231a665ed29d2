package com.evefan.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Figures by name, each measured in several rounds. */
final class Figures {
    private final Map<String, List<Double>> rounds = new LinkedHashMap<>();

    void add(String name, double value) {
        rounds.computeIfAbsent(name, unknown -> new ArrayList<>()).add(value);
    }

    Map<String, Figure> all() {
        Map<String, Figure> figures = new LinkedHashMap<>();
        rounds.forEach((name, values) -> figures.put(name, Figure.of(values)));
        return figures;
    }

    /** One figure: the median of its rounds and their range. */
    record Figure(double median, double min, double max, int rounds) {
        static Figure of(List<Double> values) {
            double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
            Arrays.sort(sorted);
            int middle = sorted.length / 2;
            double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
            return new Figure(median, sorted[0], sorted[sorted.length - 1], sorted.length);
        }
    }
}
