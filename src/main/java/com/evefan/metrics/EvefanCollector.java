package com.evefan.metrics;

import com.evefan.counters.Counter;
import com.evefan.delivery.Destination.Status;
import com.evefan.health.DestinationHealth;
import com.evefan.health.Health;
import com.evefan.health.HealthReport;
import com.evefan.ingest.SourceCounters;
import com.evefan.ingest.Sources;
import com.evefan.journal.JournalStatus;
import com.evefan.plan.TrackingPlan;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** Collects what {@link Health} reports, and the counters of the sources, at every scrape. */
public final class EvefanCollector implements MultiCollector {
    private final Health health;
    private final Sources sources;
    private final TrackingPlan plan;
    private final Path journalDirectory;
    private final Clock clock;

    public EvefanCollector(Health health, Sources sources, TrackingPlan plan, Path journalDirectory, Clock clock) {
        this.health = health;
        this.sources = sources;
        this.plan = plan;
        this.journalDirectory = journalDirectory;
        this.clock = clock;
    }

    @Override
    public MetricSnapshots collect() {
        HealthReport report = health.report();
        List<MetricSnapshot> all = new ArrayList<>();
        addSources(all);
        addDestinations(all, report.destinations());
        JournalStatus journal = report.journal();
        if (journal != null) {
            addJournal(all, journal);
        }
        all.add(Family.gauge("evefan_journal_up", "1 while events are taken", report.takesEvents() ? 1 : 0));
        all.add(Family.gauge("evefan_journal_free_bytes", "Free space on the journal's disk", freeBytes()));
        all.add(Family.gauge(
                "evefan_broker_up",
                "1 while the broker can be reached",
                report.broker().up() ? 1 : 0));
        return new MetricSnapshots(all);
    }

    private void addSources(List<MetricSnapshot> all) {
        Map<String, SourceCounters> counters = sources.counters();
        source(all, counters, "accepted_events", "Events on disk", SourceCounters::accepted);
        source(all, counters, "rejected_events", "Events that break a rule of the API", SourceCounters::rejected);
        source(all, counters, "duplicate_events", "Events sent again", SourceCounters::duplicates);
        source(all, counters, "bot_events", "Events of robots that were dropped", SourceCounters::bots);
        source(all, counters, "bytes", "JSON received, after decompression", SourceCounters::bytes);
        source(all, counters, "limited_requests", "Requests refused for the rate limit", SourceCounters::limited);
        addTroubles(all, counters);
    }

    private void addTroubles(List<MetricSnapshot> all, Map<String, SourceCounters> counters) {
        Map<Labels, Long> warnings = new LinkedHashMap<>();
        counters.forEach((source, one) -> one.warnings()
                .forEach((kind, count) -> warnings.put(Labels.of("source", source, "kind", kind.wireName()), count)));
        all.add(Family.counter(
                "evefan_source_warnings", "Accepted events that are not what their sender meant", warnings));
        Map<Labels, Long> refused = new LinkedHashMap<>();
        sources.refusals()
                .counts()
                .forEach((kind, count) ->
                        refused.put(Labels.of("reason", kind.reason(), "source", kind.source()), count));
        all.add(Family.counter("evefan_refused_requests", "Requests that were refused", refused));
        Map<Labels, Long> broken = new LinkedHashMap<>();
        plan.broken()
                .forEach((breach, times) ->
                        broken.put(Labels.of("source", breach.source(), "event", breach.event()), times.count()));
        all.add(Family.counter("evefan_plan_violations", "Events that broke the tracking plan", broken));
        all.add(Family.counter("evefan_sdk_reports", "Reports of SDKs about themselves", sources.sdkReports()));
    }

    private static void source(
            List<MetricSnapshot> all,
            Map<String, SourceCounters> counters,
            String name,
            String help,
            ToLongFunction<SourceCounters> value) {
        all.add(Family.counter("evefan_source_" + name, help, "source", counters, value::applyAsLong));
    }

    private static void addDestinations(List<MetricSnapshot> all, Map<String, DestinationHealth> destinations) {
        for (Counter counter : Counter.values()) {
            String name = "evefan_destination_" + counter.metric();
            ToDoubleFunction<DestinationHealth> value = one -> one.counters().get(counter);
            all.add(
                    counter.grows()
                            ? Family.counter(name, counter.help(), "destination", destinations, value)
                            : Family.gauge(name, counter.help(), "destination", destinations, value));
        }
        gauge(all, destinations, "up", "1 while it takes what it is sent", one -> one.status() == Status.UP ? 1 : 0);
        gauge(all, destinations, "enabled", "1 while its route runs", one -> isEnabled(one.status()) ? 1 : 0);
        gauge(
                all,
                destinations,
                "oldest_seconds",
                "Age of the oldest pending event",
                one -> one.oldestPending().toSeconds());
    }

    private static boolean isEnabled(Status status) {
        return status != Status.DISABLED && status != Status.PAUSED && status != Status.REMOVED;
    }

    private static void gauge(
            List<MetricSnapshot> all,
            Map<String, DestinationHealth> destinations,
            String name,
            String help,
            ToLongFunction<DestinationHealth> value) {
        all.add(Family.gauge("evefan_destination_" + name, help, "destination", destinations, value::applyAsLong));
    }

    private void addJournal(List<MetricSnapshot> all, JournalStatus journal) {
        Duration age = journal.oldest() == null ? Duration.ZERO : Duration.between(journal.oldest(), clock.instant());
        all.add(Family.gauge("evefan_journal_events", "Kept on disk", journal.events()));
        all.add(Family.gauge("evefan_journal_bytes", "What they take there", journal.bytes()));
        all.add(Family.gauge("evefan_journal_undelivered_events", "Not delivered everywhere", journal.undelivered()));
        all.add(Family.gauge("evefan_journal_undelivered_bytes", "What they take", journal.undeliveredBytes()));
        all.add(Family.gauge("evefan_journal_oldest_seconds", "Age of the oldest", Math.max(0, age.toSeconds())));
        all.add(Family.counter("evefan_journal_appended_events", "Put on disk", journal.appended()));
        all.add(Family.counter("evefan_journal_syncs", "fsyncs", journal.syncs()));
        all.add(Family.counter("evefan_journal_written_bytes", "Written to disk", journal.writtenBytes()));
    }

    private double freeBytes() {
        try {
            return Files.getFileStore(journalDirectory).getUsableSpace();
        } catch (IOException e) {
            return Double.NaN;
        }
    }
}
