package com.evefan.health;

import com.evefan.broker.BrokerStatus;
import com.evefan.journal.JournalStatus;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * How Evefan is doing at one moment.
 *
 * @param destinations by name
 * @param journal null while it is closed
 */
public record HealthReport(
        SortedMap<String, DestinationHealth> destinations,
        @Nullable JournalStatus journal,
        BrokerStatus broker) {
    /** Whether every destination is within its bounds and events are taken. */
    public boolean isHealthy() {
        return takesEvents() && destinations.values().stream().allMatch(DestinationHealth::healthy);
    }

    /** Whether new events are taken. */
    public boolean takesEvents() {
        return journal != null && journal.state() == JournalStatus.State.OPEN;
    }
}
