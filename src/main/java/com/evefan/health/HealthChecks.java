package com.evefan.health;

import com.evefan.broker.BrokerStatus;
import com.evefan.counters.SafeText;
import com.evefan.journal.JournalStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckRepository;
import org.jspecify.annotations.Nullable;

/**
 * The report as Camel health checks, so that the standard probes tell the same. Only the journal is about readiness, and
 * nothing about liveness: a destination that fails is no reason to send Evefan no events, or to kill it.
 */
public final class HealthChecks implements HealthCheckRepository, CamelContextAware {
    private final Health health;
    private @Nullable CamelContext context;
    private boolean enabled = true;

    public HealthChecks(Health health) {
        this.health = health;
    }

    @Override
    public String getId() {
        return "evefan";
    }

    @Override
    public Stream<HealthCheck> stream() {
        HealthReport report = health.report();
        List<HealthCheck> checks = new ArrayList<>();
        report.destinations()
                .forEach((name, destination) -> checks.add(
                        new Check("evefan-destination-" + name, destination.healthy(), text(destination), false)));
        JournalStatus journal = report.journal();
        String reason = journal == null ? "closed" : journal.reason();
        checks.add(new Check("evefan-journal", report.takesEvents(), reason == null ? "" : reason, true));
        BrokerStatus broker = report.broker();
        checks.add(new Check("evefan-broker", broker.up() && !broker.isFull(), broker.text(), false));
        return checks.stream();
    }

    private static String text(DestinationHealth destination) {
        return destination.message().isEmpty()
                ? destination.status().wireName()
                : SafeText.ownWords(destination.message());
    }

    @Override
    public boolean isEnabled() {
        return enabled;
    }

    @Override
    public void setEnabled(boolean enabled) {
        this.enabled = enabled;
    }

    @Override
    public @Nullable CamelContext getCamelContext() {
        return context;
    }

    @Override
    public void setCamelContext(CamelContext context) {
        this.context = context;
    }
}
