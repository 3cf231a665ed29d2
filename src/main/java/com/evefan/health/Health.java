package com.evefan.health;

import com.evefan.counters.Counters;
import com.evefan.counters.DestinationCounters;
import com.evefan.counters.Outage;
import com.evefan.delivery.Destinations;
import com.evefan.delivery.Outages;
import com.evefan.delivery.RetryQueues;
import com.evefan.journal.JournalComponent;
import com.evefan.journal.JournalException;
import com.evefan.journal.JournalStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.jspecify.annotations.Nullable;

/** Looks at everything and reports. */
public final class Health {
    private final CamelContext context;
    private final Counters counters;
    private final Outages outages;
    private final RetryQueues queues;
    private final HealthSettings settings;
    private final Clock clock;

    public Health(
            CamelContext context,
            Counters counters,
            Outages outages,
            RetryQueues queues,
            HealthSettings settings,
            Clock clock) {
        this.context = context;
        this.counters = counters;
        this.outages = outages;
        this.queues = queues;
        this.settings = settings;
        this.clock = clock;
    }

    /** How everything is at this moment. Costs a look at every record in the journal. */
    public HealthReport report() {
        JournalStatus journal = journal();
        SortedMap<String, DestinationHealth> destinations = new TreeMap<>();
        Map<String, DestinationCounters> books = counters.snapshot();
        Map<String, Boolean> running = running();
        Set<String> names = new TreeSet<>(running.keySet());
        names.addAll(books.keySet());
        for (String name : names) {
            DestinationCounters own = books.getOrDefault(name, counters.of(name).snapshot());
            destinations.put(name, destination(own, running.getOrDefault(name, false), backlog(journal, name)));
        }
        return new HealthReport(destinations, journal, queues.brokerStatus());
    }

    /** Whether new events are taken. */
    boolean takesEvents() {
        JournalStatus journal = journal();
        return journal != null && journal.state() == JournalStatus.State.OPEN;
    }

    /** How {@code destination} is at this moment; of one that is not known, nothing but zeros. */
    DestinationHealth report(String destination) {
        DestinationCounters own = counters.of(destination).snapshot();
        return destination(own, running().getOrDefault(destination, false), backlog(journal(), destination));
    }

    /** The health of one destination. */
    DestinationHealth destination(DestinationCounters own, boolean running, @Nullable Instant oldestInJournal) {
        Outage outage = own.outage();
        Duration oldest = age(oldestInJournal, own.oldestRetrying());
        Duration next = outage == null ? Duration.ZERO : outages.untilNextAttempt(own.destination());
        boolean failsTooLong = outage != null && age(outage.since(), null).compareTo(settings.maxOutage()) > 0;
        boolean late = oldest.compareTo(settings.maxPendingAge()) > 0;
        boolean waits = own.pending() + own.retrying() > 0;
        return new DestinationHealth(
                status(own, running),
                own,
                oldest,
                next,
                running ? !failsTooLong && !late : !(waits && late),
                message(own, running, next));
    }

    private static Status status(DestinationCounters own, boolean running) {
        if (!running) {
            return Status.DISABLED;
        }
        Outage outage = own.outage();
        if (outage != null && outage.setUp()) {
            return Status.SET_UP_ERROR;
        }
        return outage != null || own.retrying() > 0 ? Status.RETRYING : Status.UP;
    }

    private static String message(DestinationCounters own, boolean running, Duration next) {
        Outage outage = own.outage();
        if (!running) {
            return own.retrying() > 0 ? "its route is not running; its events wait in its retry queue" : "";
        }
        if (outage != null) {
            String when = next.isZero() ? "now" : "in " + (next.toSeconds() + 1) + " s";
            return outage.message() + "; next attempt " + when;
        }
        return own.retrying() > 0 ? "catching up" : "";
    }

    private Duration age(@Nullable Instant one, @Nullable Instant other) {
        Instant oldest = one == null || (other != null && other.isBefore(one)) ? other : one;
        Duration age = oldest == null ? Duration.ZERO : Duration.between(oldest, clock.instant());
        return age.isNegative() ? Duration.ZERO : age;
    }

    private static @Nullable Instant backlog(@Nullable JournalStatus journal, String destination) {
        JournalStatus.Backlog backlog =
                journal == null ? null : journal.destinations().get(destination);
        return backlog == null ? null : backlog.oldest();
    }

    private @Nullable JournalStatus journal() {
        try {
            return context.getComponent("journal", JournalComponent.class)
                    .journal()
                    .status();
        } catch (JournalException e) {
            return null;
        }
    }

    private Map<String, Boolean> running() {
        Map<String, Boolean> running = new HashMap<>();
        for (Route route : context.getRoutes()) {
            if (Destinations.GROUP.equals(route.getGroup())) {
                String id = route.getRouteId();
                running.put(id, context.getRouteController().getRouteStatus(id).isStarted());
            }
        }
        return running;
    }
}
