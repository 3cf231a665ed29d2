package com.evefan.health;

import com.evefan.broker.BrokerStatus;
import com.evefan.delivery.Destination.Status;
import com.evefan.journal.JournalStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How Evefan is doing at one moment.
 *
 * @param destinations by name
 * @param journal null while it is closed
 * @param routes what is wrong with the route files, in words
 */
public record HealthReport(
        SortedMap<String, DestinationHealth> destinations,
        @Nullable JournalStatus journal,
        BrokerStatus broker,
        List<String> routes) {
    public HealthReport {
        routes = List.copyOf(routes);
    }

    /** Whether every destination is within its bounds and events are taken. */
    public boolean isHealthy() {
        return takesEvents() && destinations.values().stream().allMatch(DestinationHealth::healthy);
    }

    /** Whether new events are taken. */
    public boolean takesEvents() {
        return journal != null && journal.state() == JournalStatus.State.OPEN;
    }

    /** What an operator reads first: what is not as it should be, counted and named. */
    public String headline() {
        List<String> wrong = new ArrayList<>();
        if (!takesEvents()) {
            String reason = journal == null ? null : journal.reason();
            wrong.add("no events are taken" + (reason == null ? "" : ": " + reason));
        }
        long all = destinations.values().stream()
                .filter(one -> one.status() != Status.REMOVED && one.status() != Status.DISABLED)
                .count();
        count(wrong, all, "fails", "fail", one -> isFailing(one.status()));
        count(
                wrong,
                all,
                "refuses most of what it is sent",
                "refuse most of what they are sent",
                one -> one.status() == Status.REJECTING);
        List<String> late = names(one -> !one.healthy() && !isFailing(one.status()));
        if (!late.isEmpty()) {
            wrong.add("events wait too long for " + String.join(", ", late));
        }
        if (!broker.up() || broker.isFull()) {
            wrong.add("the broker is " + broker.wireName());
        }
        if (!routes.isEmpty()) {
            wrong.add(routes.size() + (routes.size() == 1 ? " problem" : " problems") + " with route files");
        }
        String line = String.join("; ", wrong);
        return wrong.isEmpty() ? "Evefan is well" : line.substring(0, 1).toUpperCase(Locale.ROOT) + line.substring(1);
    }

    private void count(List<String> wrong, long all, String one, String more, Predicate<DestinationHealth> such) {
        List<String> names = names(such);
        if (!names.isEmpty()) {
            String what = names.size() == 1 ? one : more;
            wrong.add(names.size() + " of " + all + " destinations " + what + ": " + String.join(", ", names));
        }
    }

    private List<String> names(Predicate<DestinationHealth> such) {
        return destinations.entrySet().stream()
                .filter(one -> such.test(one.getValue()))
                .map(one -> one.getKey() + " (" + one.getValue().status().wireName() + ")")
                .toList();
    }

    private static boolean isFailing(Status status) {
        return status == Status.RETRYING || status == Status.SET_UP_ERROR;
    }
}
