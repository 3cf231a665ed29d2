package com.evefan.health;

import com.evefan.broker.BrokerStatus;
import com.evefan.counters.DestinationCounters;
import com.evefan.counters.Outage;
import com.evefan.delivery.Destination;
import com.evefan.delivery.Destination.Status;
import com.evefan.delivery.Destinations;
import com.evefan.journal.Journal;
import com.evefan.journal.JournalException;
import com.evefan.journal.JournalStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Looks at everything and reports. */
public final class Health {
    private final Destinations destinations;
    private final Supplier<Journal> journal;
    private final Supplier<BrokerStatus> broker;
    private final Supplier<List<String>> routes;
    private final HealthSettings settings;
    private final Clock clock;

    /**
     * @param journal the open one; throws a {@link JournalException} when there is none
     * @param routes what is wrong with the route files
     */
    public Health(
            Destinations destinations,
            Supplier<Journal> journal,
            Supplier<BrokerStatus> broker,
            Supplier<List<String>> routes,
            HealthSettings settings,
            Clock clock) {
        this.destinations = destinations;
        this.journal = journal;
        this.broker = broker;
        this.routes = routes;
        this.settings = settings;
        this.clock = clock;
    }

    /** How everything is at this moment. */
    public HealthReport report() {
        SortedMap<String, DestinationHealth> all = new TreeMap<>();
        destinations.all().forEach((name, one) -> all.put(name, report(one)));
        return new HealthReport(all, journal(), broker.get(), routes.get());
    }

    /** Whether new events are taken. */
    boolean takesEvents() {
        JournalStatus journal = journal();
        return journal != null && journal.state() == JournalStatus.State.OPEN;
    }

    /** How {@code destination} is at this moment. */
    DestinationHealth report(Destination destination) {
        DestinationCounters counters = destination.counters();
        Status status = destination.status();
        Duration oldest = age(counters.place().oldest());
        Outage outage = counters.books().outage();
        boolean failsTooLong = outage != null && age(outage.since()).compareTo(settings.maxOutage()) > 0;
        boolean late = oldest.compareTo(settings.maxPendingAge()) > 0;
        boolean runs = status != Status.PAUSED && status != Status.DISABLED;
        boolean healthy = !destination.isOwed() || (!late && !(runs && failsTooLong));
        String message = destination.message();
        Journal.Share share = shares().get(destination.name());
        List<String> problems = share == null || !destination.isOwed() ? List.of() : share.problems();
        if (!problems.isEmpty()) {
            message = String.join("; ", problems);
        }
        return new DestinationHealth(
                status,
                counters,
                oldest,
                healthy && problems.isEmpty(),
                message.isEmpty() && late ? "catching up" : message);
    }

    /** What this node has of a journal that several share. */
    Map<String, Journal.Share> shares() {
        try {
            return journal.get().shares();
        } catch (JournalException e) {
            return Map.of();
        }
    }

    private Duration age(@Nullable Instant since) {
        Duration age = since == null ? Duration.ZERO : Duration.between(since, clock.instant());
        return age.isNegative() ? Duration.ZERO : age;
    }

    private @Nullable JournalStatus journal() {
        try {
            return journal.get().status();
        } catch (JournalException e) {
            return null;
        }
    }
}
