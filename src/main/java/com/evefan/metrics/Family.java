package com.evefan.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** One metric with its values for all labels, at one moment. */
final class Family {
    private Family() {}

    /** One value for each of {@code things}, labelled {@code label} with its name; only ever grows. */
    static <T> MetricSnapshot counter(
            String name, String help, String label, Map<String, T> things, ToDoubleFunction<T> value) {
        List<CounterDataPointSnapshot> points = new ArrayList<>();
        things.forEach((thing, state) -> points.add(CounterDataPointSnapshot.builder()
                .labels(Labels.of(label, thing))
                .value(value.applyAsDouble(state))
                .build()));
        return new CounterSnapshot(
                CounterSnapshot.builder().name(name).help(help).build().getMetadata(), points);
    }

    /** A value for each combination of labels; only ever grows. */
    static MetricSnapshot counter(String name, String help, Map<Labels, Long> values) {
        List<CounterDataPointSnapshot> points = new ArrayList<>();
        values.forEach((labels, value) -> points.add(
                CounterDataPointSnapshot.builder().labels(labels).value(value).build()));
        return new CounterSnapshot(
                CounterSnapshot.builder().name(name).help(help).build().getMetadata(), points);
    }

    static MetricSnapshot counter(String name, String help, double value) {
        return CounterSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(CounterDataPointSnapshot.builder().value(value).build())
                .build();
    }

    /** One value for each of {@code things}, labelled {@code label} with its name. */
    static <T> MetricSnapshot gauge(
            String name, String help, String label, Map<String, T> things, ToDoubleFunction<T> value) {
        List<GaugeDataPointSnapshot> points = new ArrayList<>();
        things.forEach((thing, state) -> points.add(GaugeDataPointSnapshot.builder()
                .labels(Labels.of(label, thing))
                .value(value.applyAsDouble(state))
                .build()));
        return new GaugeSnapshot(
                GaugeSnapshot.builder().name(name).help(help).build().getMetadata(), points);
    }

    static MetricSnapshot gauge(String name, String help, double value) {
        return GaugeSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(GaugeDataPointSnapshot.builder().value(value).build())
                .build();
    }
}
