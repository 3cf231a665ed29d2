package com.evefan.health;

import java.time.Duration;

/**
 * When Evefan is not healthy any more.
 *
 * @param maxOutage how long a destination may fail
 * @param maxPendingAge how long an event may be undelivered
 */
public record HealthSettings(Duration maxOutage, Duration maxPendingAge) {}
