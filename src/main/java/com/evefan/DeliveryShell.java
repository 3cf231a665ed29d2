package com.evefan;

import com.evefan.admin.Administration;
import com.evefan.broker.BrokerConnections;
import com.evefan.broker.BrokerQueues;
import com.evefan.broker.EmbeddedBroker;
import com.evefan.broker.QueueContent;
import com.evefan.configuration.Configuration;
import com.evefan.counters.Counters;
import com.evefan.deadletter.DeadLetters;
import com.evefan.deadletter.Operations;
import com.evefan.deadletter.RefusedEvents;
import com.evefan.delivery.BatchLimits;
import com.evefan.delivery.Deliveries;
import com.evefan.delivery.DeliveryObserver;
import com.evefan.delivery.Destinations;
import com.evefan.delivery.EventBatches;
import com.evefan.delivery.FanOut;
import com.evefan.delivery.Holding;
import com.evefan.delivery.Outages;
import com.evefan.delivery.Redeliveries;
import com.evefan.delivery.RedeliveryRoutes;
import com.evefan.delivery.Retries;
import com.evefan.delivery.RetryQueues;
import com.evefan.event.EventBatch;
import com.evefan.health.EvefanConsole;
import com.evefan.health.Health;
import com.evefan.health.HealthAnswer;
import com.evefan.health.HealthChecks;
import com.evefan.health.ManagedDestinations;
import com.evefan.journal.AppendObserver;
import com.evefan.journal.OwingDestinations;
import com.evefan.metrics.EvefanCollector;
import com.evefan.metrics.Metrics;
import com.evefan.tracing.Tracing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.CamelContext;
import org.apache.camel.component.activemq6.ActiveMQComponent;
import org.apache.camel.component.micrometer.MicrometerConstants;
import org.apache.camel.console.DevConsoleRegistry;
import org.apache.camel.health.HealthCheckRegistry;
import org.jspecify.annotations.Nullable;
import org.messaginghub.pooled.jms.JmsPoolConnectionFactory;

/** What is wired around every delivery: counters, retry queues, dead letters, health. */
final class DeliveryShell implements AutoCloseable {
    private static final Duration SAVE_EVERY = Duration.ofSeconds(2);

    private final Configuration configuration;
    private final Clock clock;
    private final JmsPoolConnectionFactory connections;
    private final BrokerQueues broker;
    private final Counters counters;
    private final RetryQueues queues;
    private final Outages outages;
    private final Metrics metrics;
    private final @Nullable Tracing tracing;
    private final Destinations destinations = new Destinations();

    private final Operations operations;
    private final RefusedEvents refused = new RefusedEvents();

    private DeliveryShell(Configuration configuration, @Nullable EmbeddedBroker embedded, Path saved, Clock clock)
            throws Exception {
        this.configuration = configuration;
        this.clock = clock;
        metrics = new Metrics(clock);
        String collector = configuration.property("evefan.tracing.endpoint");
        tracing = collector.isBlank() ? null : Tracing.to(collector.strip());
        connections = BrokerConnections.create(configuration.broker());
        broker = new BrokerQueues(connections, embedded);
        counters = Counters.open(saved, SAVE_EVERY, clock);
        queues = new RetryQueues(broker, clock);
        outages = new Outages(counters, configuration.retry(), clock);
        operations = new Operations(connections, broker, queues, counters, destinations, outages, clock);
    }

    /**
     * Reads counters and looks at the queues.
     *
     * @param embedded null where the broker is another process
     */
    static DeliveryShell open(Configuration configuration, @Nullable EmbeddedBroker embedded, Clock clock)
            throws Exception {
        Path saved = configuration.dataDirectory().resolve("counters.json");
        DeliveryShell shell = new DeliveryShell(configuration, embedded, saved, clock);
        Set<String> known = shell.known();
        if (!shell.counters.isExact()) {
            for (String destination : known) {
                shell.setRight(destination);
            }
        }
        shell.queues.start(known);
        return shell;
    }

    /** A process that is killed right after a destination's first failure leaves a queue, and no counters of it. */
    private Set<String> known() {
        Set<String> known = new TreeSet<>(counters.snapshot().keySet());
        known.addAll(broker.namesAfter(Retries.QUEUE));
        known.addAll(broker.namesAfter(DeadLetters.QUEUE));
        known.remove(DeadLetters.INGEST);
        return known;
    }

    /** One that looks at nothing and leaves the data directory alone: for routes that are only checked. */
    static DeliveryShell idle(Configuration configuration, Clock clock) throws Exception {
        Path directory = Files.createTempDirectory("evefan-idle");
        Path saved = directory.resolve("counters.json");
        saved.toFile().deleteOnExit();
        return new DeliveryShell(configuration, null, saved, clock);
    }

    /** After a kill the queues know better than the counters. */
    private void setRight(String destination) throws Exception {
        QueueContent waiting = broker.content(Retries.QUEUE + destination).orElse(null);
        if (waiting != null) {
            long dead = broker.depth(DeadLetters.QUEUE + destination);
            counters.of(destination).found(waiting.events(), waiting.bytes(), dead);
        }
    }

    /** Before Camel is made. */
    void bind(org.apache.camel.main.Main camel) {
        camel.bind("destinations", destinations);
        camel.bind("owingDestinations", (OwingDestinations) destinations::names);
        camel.bind("holding", new Holding());
        camel.bind("redeliveryRoutes", new RedeliveryRoutes());
        camel.bind("fanOut", new FanOut(destinations, queues, counters, configuration.waiting()));
        camel.bind("eventBatches", new EventBatches());
        camel.bind("batchLimits", new BatchLimits());
        camel.bind("retries", new Retries(queues, counters, outages, clock));
        camel.bind("deadLetters", new DeadLetters(clock));
        camel.bind("refusedEvents", refused);
        camel.bind("administration", new Administration(configuration.admin()));
        camel.bind("counters", counters);
        camel.bind("operations", operations);
        camel.bind(MicrometerConstants.METRICS_REGISTRY_NAME, metrics.registry());
        camel.bind("appendObserver", (AppendObserver) this::appended);
    }

    /** Before Camel starts. */
    void bind(CamelContext context) {
        DeliveryObserver observer = tracing == null ? metrics : DeliveryObserver.both(metrics, tracing);
        if (tracing != null) {
            tracing.trace(context);
        }
        Deliveries deliveries = new Deliveries(context.createProducerTemplate(), counters, outages, observer, clock);
        Health health = new Health(context, counters, outages, queues, configuration.health(), clock);
        var registry = context.getRegistry();
        registry.bind("deliveries", deliveries);
        Duration maxAge = configuration.retry().maxAge();
        registry.bind("redeliveries", new Redeliveries(deliveries, outages, queues, counters, maxAge, clock));
        registry.bind("health", health);
        context.addLifecycleStrategy(new ManagedDestinations(health));
        metrics.register(new EvefanCollector(
                health, configuration.sources(), configuration.dataDirectory().resolve("journal"), clock));
        HealthAnswer answer = new HealthAnswer(health, refused, clock);
        registry.bind("healthAnswer", answer);
        DevConsoleRegistry consoles = DevConsoleRegistry.get(context);
        if (consoles != null) {
            consoles.register(new EvefanConsole(health, answer, configuration.sources()::counters));
        }
        HealthCheckRegistry checks = HealthCheckRegistry.get(context);
        if (checks != null) {
            checks.register(new HealthChecks(health));
        }
    }

    private void appended(EventBatch batch, long nanos) {
        metrics.appended(nanos);
        if (tracing != null) {
            tracing.appended(batch);
        }
    }

    ActiveMQComponent activemq() {
        ActiveMQComponent activemq = new ActiveMQComponent();
        activemq.setConnectionFactory(connections);
        return activemq;
    }

    @Override
    public void close() throws Exception {
        refused.close();
        operations.close();
        queues.close();
        counters.close();
        connections.stop();
        if (tracing != null) {
            tracing.close();
        }
    }
}
