package com.evefan.delivery;

import com.evefan.counters.Counters;
import com.evefan.counters.DestinationCounters;
import com.evefan.counters.Ledger;
import com.evefan.counters.Outage;
import com.evefan.counters.SafeText;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Destinations that fail: how long each is left alone, what the counters say, and two lines in the log: one when a
 * destination has failed for longer than the short redelivery, one when it takes events again.
 */
public final class Outages {
    private static final Logger LOG = LoggerFactory.getLogger(Outages.class);

    private final Counters counters;
    private final RetrySettings settings;
    private final Clock clock;
    private final Map<String, Backoff> backoffs = new ConcurrentHashMap<>();
    private final Set<String> announced = ConcurrentHashMap.newKeySet();

    public Outages(Counters counters, RetrySettings settings, Clock clock) {
        this.counters = counters;
        this.settings = settings;
        this.clock = clock;
    }

    /** An attempt failed. */
    void failed(String destination, Exception failure) {
        boolean setUp = failure instanceof SetUpException;
        String reason = Failures.reason(failure);
        counters.of(destination).failed(reason, SafeText.whole(failure.getMessage(), reason), setUp);
    }

    /** An attempt failed, and so did the ones shortly after it: the destination is left alone for a while. */
    void leaveAlone(String destination, Exception failure) {
        backoff(destination).failed(Failures.retryAfter(failure));
        if (announced.add(destination)) {
            String reason = Failures.reason(failure);
            LOG.warn(
                    "Destination {} fails; its events wait in evefan.retry.{} until it works again: {}",
                    destination,
                    destination,
                    SafeText.of(failure.getMessage(), reason));
        }
    }

    /** The destination has taken events. */
    void worked(String destination) {
        Ledger ledger = counters.of(destination);
        ledger.worked().ifPresent(outage -> over(ledger, outage));
        backoff(destination).reset();
    }

    private void over(Ledger ledger, Outage outage) {
        DestinationCounters now = ledger.snapshot();
        if (announced.remove(now.destination())) {
            Duration time = Duration.between(outage.since(), clock.instant()).truncatedTo(ChronoUnit.SECONDS);
            LOG.info(
                    "Destination {} works again after {} and {} failed attempts; {} events wait in its retry queue",
                    now.destination(),
                    time.toString().substring(2).toLowerCase(java.util.Locale.ROOT),
                    outage.attempts(),
                    now.retrying());
        }
    }

    /** What waits for {@code destination} is tried at once: an operator has mended it. */
    public void retryNow(String destination) {
        backoff(destination).reset();
    }

    /** How long until the next attempt. */
    public Duration untilNextAttempt(String destination) {
        return backoff(destination).left();
    }

    Backoff backoff(String destination) {
        return backoffs.computeIfAbsent(destination, name -> new Backoff(settings.firstDelay(), settings.maxDelay()));
    }
}
