package com.evefan.health;

import com.evefan.counters.DestinationCounters;

/** Looks at one destination anew for each attribute that is read. */
final class ManagedDestination implements DestinationMXBean {
    private final Health health;
    private final String name;

    ManagedDestination(Health health, String name) {
        this.health = health;
        this.name = name;
    }

    private DestinationHealth now() {
        return health.report(name);
    }

    private DestinationCounters counters() {
        return now().counters();
    }

    @Override
    public String getStatus() {
        return now().status().wireName();
    }

    @Override
    public String getMessage() {
        return now().message();
    }

    @Override
    public long getAccepted() {
        return counters().accepted();
    }

    @Override
    public long getDelivered() {
        return counters().delivered();
    }

    @Override
    public long getPending() {
        return counters().pending();
    }

    @Override
    public long getRetrying() {
        return counters().retrying();
    }

    @Override
    public long getRejected() {
        return counters().rejected();
    }

    @Override
    public long getDead() {
        return counters().dead();
    }

    @Override
    public long getRetried() {
        return counters().retried();
    }

    @Override
    public long getDeadLetters() {
        return counters().deadLetters();
    }

    @Override
    public long getOldestSeconds() {
        return now().oldestPending().toSeconds();
    }
}
