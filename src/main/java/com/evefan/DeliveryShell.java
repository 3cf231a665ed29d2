package com.evefan;

import com.evefan.admin.Administration;
import com.evefan.broker.BrokerComponent;
import com.evefan.broker.BrokerConnections;
import com.evefan.broker.BrokerQueues;
import com.evefan.broker.BrokerWatch;
import com.evefan.broker.EmbeddedBroker;
import com.evefan.configuration.Configuration;
import com.evefan.console.Traffic;
import com.evefan.counters.Counters;
import com.evefan.deadletter.DeadLetterApi;
import com.evefan.deadletter.DeadLetters;
import com.evefan.deadletter.OldRetryQueues;
import com.evefan.deadletter.RefusedEvents;
import com.evefan.delivery.BatchLimits;
import com.evefan.delivery.Deliveries;
import com.evefan.delivery.DeliveryObserver;
import com.evefan.delivery.DestinationApi;
import com.evefan.delivery.Destinations;
import com.evefan.delivery.EventBatches;
import com.evefan.delivery.FanOut;
import com.evefan.event.EventBatch;
import com.evefan.health.EvefanConsole;
import com.evefan.health.Health;
import com.evefan.health.HealthAnswer;
import com.evefan.health.HealthChecks;
import com.evefan.health.ManagedDestinations;
import com.evefan.history.ErasureApi;
import com.evefan.history.EventApi;
import com.evefan.history.ReplayApi;
import com.evefan.journal.AppendObserver;
import com.evefan.journal.JournalComponent;
import com.evefan.management.Sessions;
import com.evefan.metrics.EvefanCollector;
import com.evefan.metrics.Metrics;
import com.evefan.route.RouteProblems;
import com.evefan.tracing.Tracing;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.apache.camel.CamelContext;
import org.apache.camel.component.activemq6.ActiveMQComponent;
import org.apache.camel.component.micrometer.MicrometerConstants;
import org.apache.camel.console.DevConsoleRegistry;
import org.apache.camel.health.HealthCheckRegistry;
import org.jspecify.annotations.Nullable;
import org.messaginghub.pooled.jms.JmsPoolConnectionFactory;

/** What is wired around every delivery: destinations, counters, dead letters, health. */
final class DeliveryShell implements AutoCloseable {
    /** The file in the data directory that says where replays stand. */
    static final String REPLAYS = "replays.json";

    private static final Duration SAVE_EVERY = Duration.ofSeconds(2);

    private final Configuration configuration;
    private final Clock clock;
    private final JournalComponent journal;
    private final JmsPoolConnectionFactory connections;
    private final BrokerQueues queues;
    private final BrokerWatch broker;
    private final Counters counters;
    private final Destinations destinations;
    private final Metrics metrics;
    private final @Nullable Tracing tracing;

    private final RefusedEvents refused;
    private final Traffic traffic;
    private @Nullable ConsoleShell console;
    private final ReplayApi replays = new ReplayApi();
    private @Nullable EventApi events;
    private @Nullable Deliveries deliveries;
    private @Nullable DeadLetterApi deadLetters;
    private @Nullable OldRetryQueues oldRetries;

    private DeliveryShell(
            Configuration configuration,
            JournalComponent journal,
            @Nullable EmbeddedBroker embedded,
            Path saved,
            Clock clock)
            throws Exception {
        this.configuration = configuration;
        this.journal = journal;
        this.clock = clock;
        metrics = new Metrics(clock);
        String collector = configuration.property("evefan.tracing.endpoint");
        tracing = collector.isBlank() ? null : Tracing.to(collector.strip());
        connections = BrokerConnections.create(configuration.broker());
        queues = new BrokerQueues(connections, embedded);
        broker = new BrokerWatch(queues, clock);
        counters = Counters.open(saved, SAVE_EVERY, clock);
        destinations = new Destinations(journal::journal, counters, configuration.retry(), clock);
        refused = RefusedEvents.open(
                saved.resolveSibling("refused"), configuration.deadLetters().refused(), clock);
        traffic = new Traffic(clock);
        refused.observe(traffic::refused);
    }

    /**
     * Reads counters and looks at the broker.
     *
     * @param embedded null where the broker is another process
     */
    static DeliveryShell open(
            Configuration configuration, JournalComponent journal, @Nullable EmbeddedBroker embedded, Clock clock)
            throws Exception {
        Path saved = configuration.dataDirectory().resolve("counters.json");
        DeliveryShell shell = new DeliveryShell(configuration, journal, embedded, saved, clock);
        shell.broker.start();
        // A process that was killed right after a destination's first failure has left a queue, and no counters of it.
        shell.queues
                .namesAfter(OldRetryQueues.QUEUE)
                .forEach(name -> shell.counters.of(name).oldQueueIsThere());
        return shell;
    }

    /** One that looks at nothing and leaves the data directory alone: for routes that are only checked. */
    static DeliveryShell idle(Configuration configuration, JournalComponent journal, Clock clock) throws Exception {
        Path directory = Files.createTempDirectory("evefan-idle");
        Path saved = directory.resolve("counters.json");
        saved.toFile().deleteOnExit();
        return new DeliveryShell(configuration, journal, null, saved, clock);
    }

    /** Before Camel is made. */
    void bind(org.apache.camel.main.Main camel) {
        camel.bind("destinations", destinations);
        camel.bind("destinationApi", new DestinationApi(destinations));
        camel.bind("fanOut", new FanOut(destinations));
        camel.bind("eventBatches", new EventBatches(destinations));
        camel.bind("batchLimits", new BatchLimits());
        camel.bind("deadLetters", new DeadLetters(clock));
        camel.bind("refusedEvents", refused);
        camel.bind("administration", new Administration());
        camel.bind("counters", counters);
        camel.bind(MicrometerConstants.METRICS_REGISTRY_NAME, metrics.registry());
        camel.bind("appendObserver", (AppendObserver) this::appended);
    }

    /** Camel runs. */
    void started() {
        if (deadLetters != null) {
            deadLetters.start();
        }
        if (events != null) {
            events.start();
        }
        if (deliveries != null) {
            Path saved = configuration.dataDirectory().resolve(REPLAYS);
            replays.start(saved, journal::journal, destinations, deliveries, clock);
        }
        if (console != null) {
            console.start();
        }
    }

    /** Before Camel stops: replays stay where they are. */
    void stopping() throws InterruptedException {
        if (console != null) {
            console.close();
        }
        replays.close();
        if (events != null) {
            events.close();
        }
    }

    /** Before Camel starts. */
    void bind(CamelContext context, RouteProblems routes, Sessions sessions) {
        DeliveryObserver measured = DeliveryObserver.both(DeliveryObserver.both(metrics, replays.rates()), traffic);
        DeliveryObserver observer = tracing == null ? measured : DeliveryObserver.both(measured, tracing);
        if (tracing != null) {
            tracing.trace(context);
        }
        context.addComponent("journal", journal);
        Health health =
                new Health(destinations, journal::journal, broker::status, routes::all, configuration.health(), clock);
        var registry = context.getRegistry();
        Deliveries deliveries = new Deliveries(context.createProducerTemplate(), destinations, observer, clock);
        this.deliveries = deliveries;
        registry.bind("deliveries", deliveries);
        DeadLetterApi api = new DeadLetterApi(
                connections, queues, counters, destinations, deliveries, refused, configuration.deadLetters(), clock);
        deadLetters = api;
        registry.bind("operations", api);
        EventApi finder = new EventApi(journal::journal, destinations, api, clock);
        events = finder;
        registry.bind("eventApi", finder);
        registry.bind("replayApi", replays);
        registry.bind(
                "erasureApi",
                new ErasureApi(
                        journal::journal,
                        api,
                        replays,
                        counters,
                        () -> ShippedDestinations.holders(
                                configuration, context, destinations.all().keySet())));
        OldRetryQueues old = new OldRetryQueues(
                connections,
                queues,
                destinations,
                deliveries,
                counters,
                configuration.retry().maxAge(),
                clock);
        oldRetries = old;
        destinations.first(old::drain);
        destinations.found(api::setRight);
        registry.bind("health", health);
        context.addLifecycleStrategy(new ManagedDestinations(health, destinations));
        metrics.register(new EvefanCollector(
                health, configuration.sources(), configuration.dataDirectory().resolve("journal"), clock));
        HealthAnswer answer = new HealthAnswer(
                health, refused, replays::forHealth, configuration.journal().maxBytes(), clock);
        registry.bind("healthAnswer", answer);
        console = ConsoleShell.bind(
                configuration,
                context,
                new ConsoleShell.Parts(health, answer, journal::journal, destinations, api, replays, traffic),
                sessions,
                clock);
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
        traffic.appended(batch);
        if (tracing != null) {
            tracing.appended(batch);
        }
    }

    Destinations destinations() {
        return destinations;
    }

    MeterRegistry meters() {
        return metrics.registry();
    }

    ActiveMQComponent activemq() {
        return BrokerComponent.create(connections);
    }

    @Override
    public void close() throws Exception {
        DeadLetterApi api = deadLetters;
        if (api != null) {
            api.close();
        }
        OldRetryQueues old = oldRetries;
        if (old != null) {
            old.close();
        }
        refused.close();
        broker.close();
        destinations.close();
        counters.close();
        connections.stop();
        if (tracing != null) {
            tracing.close();
        }
    }
}
