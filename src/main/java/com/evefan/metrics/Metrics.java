package com.evefan.metrics;

import com.evefan.delivery.DeliveryObserver;
import com.evefan.event.Event;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.MultiCollector;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** How long things take, by destination. */
public final class Metrics implements DeliveryObserver {
    private static final Duration[] APPEND = millis(1, 2, 5, 10, 20, 50, 100, 250, 1_000, 5_000);
    private static final Duration[] CALL = millis(1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 10_000, 60_000);
    private static final Duration[] LATENCY =
            millis(10, 50, 100, 250, 500, 1_000, 2_500, 5_000, 15_000, 60_000, 300_000, 3_600_000, 86_400_000);
    private static final double[] EVENTS = {1, 10, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000};

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Map<String, Meters> destinations = new ConcurrentHashMap<>();
    private final Timer append;
    private final Clock clock;

    public Metrics(Clock clock) {
        this.clock = clock;
        append = Timer.builder("evefan.journal.append")
                .description("How long a request waits until its events are on disk")
                .serviceLevelObjectives(APPEND)
                .register(registry);
    }

    /** Where Camel puts its own metrics too. */
    public PrometheusMeterRegistry registry() {
        return registry;
    }

    /** Adds what {@code collector} collects. */
    public void register(MultiCollector collector) {
        registry.getPrometheusRegistry().register(collector);
    }

    /** A request's events were on disk after {@code nanos} nanoseconds. */
    public void appended(long nanos) {
        append.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void called(String destination, int events, long nanos) {
        Meters meters = meters(destination);
        meters.call().record(nanos, TimeUnit.NANOSECONDS);
        meters.events().record(events);
    }

    @Override
    public void delivered(String destination, List<Event> events) {
        Timer latency = meters(destination).latency();
        Instant now = clock.instant();
        for (Event event : events) {
            latency.record(Math.max(0, now.toEpochMilli() - event.receivedAt().toEpochMilli()), TimeUnit.MILLISECONDS);
        }
    }

    private Meters meters(String destination) {
        Meters known = destinations.get(destination);
        return known != null ? known : destinations.computeIfAbsent(destination, this::make);
    }

    private Meters make(String destination) {
        return new Meters(
                Timer.builder("evefan.delivery.call")
                        .description("How long one call to the destination takes, whether it succeeds or not")
                        .tag("destination", destination)
                        .serviceLevelObjectives(CALL)
                        .register(registry),
                DistributionSummary.builder("evefan.delivery.events")
                        .description("Events in one call to the destination")
                        .tag("destination", destination)
                        .serviceLevelObjectives(EVENTS)
                        .register(registry),
                Timer.builder("evefan.delivery.latency")
                        .description("From the acceptance of an event until the destination has it")
                        .tag("destination", destination)
                        .serviceLevelObjectives(LATENCY)
                        .register(registry));
    }

    private static Duration[] millis(long... millis) {
        return java.util.Arrays.stream(millis).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
    }

    private record Meters(Timer call, DistributionSummary events, Timer latency) {}
}
