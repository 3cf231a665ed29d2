package com.evefan.health;

import com.evefan.counters.DestinationCounters;
import com.evefan.delivery.Destination.Status;
import java.time.Duration;

/**
 * How one destination is doing.
 *
 * @param oldestPending the age of its oldest event that is neither delivered nor a dead letter; zero where there is none
 * @param healthy whether it is within the bounds of {@link HealthSettings}
 * @param message what is wrong and what happens next; empty when nothing is
 */
public record DestinationHealth(
        Status status, DestinationCounters counters, Duration oldestPending, boolean healthy, String message) {}
