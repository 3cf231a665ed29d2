package com.evefan;

import com.evefan.broker.EmbeddedBroker;
import com.evefan.configuration.Configuration;
import com.evefan.configuration.ConfigurationException;
import com.evefan.configuration.DataDirectory;
import com.evefan.configuration.Ports;
import com.evefan.counters.Secrets;
import com.evefan.deduplication.Deduplication;
import com.evefan.delivery.EventConverters;
import com.evefan.delivery.RejectedException;
import com.evefan.delivery.RetryableException;
import com.evefan.delivery.SetUpException;
import com.evefan.destination.postgres.EmbeddedPostgresKeeper;
import com.evefan.destination.postgres.EmbeddedPostgresServer;
import com.evefan.destination.postgres.PostgresWriter;
import com.evefan.enrichment.ContextEnrichment;
import com.evefan.event.EventReader;
import com.evefan.event.Plan;
import com.evefan.history.ReplayApi;
import com.evefan.ingest.Answers;
import com.evefan.ingest.Connections;
import com.evefan.ingest.HttpEngine;
import com.evefan.ingest.HttpServer;
import com.evefan.ingest.Ingestion;
import com.evefan.ingest.NoHeaders;
import com.evefan.ingest.OAuth;
import com.evefan.ingest.OpenApi;
import com.evefan.ingest.SdkFiles;
import com.evefan.ingest.SdkSettings;
import com.evefan.journal.Journal;
import com.evefan.journal.JournalComponent;
import com.evefan.journal.kafka.KafkaJournal;
import com.evefan.journal.kafka.KafkaSettings;
import com.evefan.journal.kafka.TopicCheck;
import com.evefan.journal.local.LocalJournal;
import com.evefan.management.AllowedConsoles;
import com.evefan.management.HawtioPages;
import com.evefan.management.ManagementRoutes;
import com.evefan.management.ManagementServerFactory;
import com.evefan.management.Tokens;
import com.evefan.plan.TrackingPlan;
import com.evefan.route.RouteCheck;
import com.evefan.route.RouteFolders;
import com.evefan.route.RouteProblems;
import com.evefan.route.RouteReload;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.PlatformHttpConstants;
import org.apache.camel.spi.Registry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One running Evefan: what is wired to what, and in which order it starts and stops. */
public final class Evefan implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Evefan.class);

    private final Configuration configuration;
    private final Clock clock = Clock.systemUTC();
    private final org.apache.camel.main.Main camel = new org.apache.camel.main.Main() {
        @Override
        protected void modelineRoutes(CamelContext context) {
            // Instructions to Camel JBang in comments: every route file would be parsed once more for them.
        }
    };
    private final Deque<AutoCloseable> started = new ConcurrentLinkedDeque<>();
    private final Deduplication deduplication;
    private final JournalComponent journal;
    private final RouteProblems routeProblems = new RouteProblems();
    private volatile boolean postgresRuns;
    private final TrackingPlan plan;

    private Evefan(Configuration configuration) throws ConfigurationException {
        this.configuration = configuration;
        plan = plan(configuration, clock);
        deduplication = new Deduplication(configuration.deduplication(), clock);
        journal = new JournalComponent(this::openJournal);
    }

    private Journal openJournal() {
        if (configuration.kafka().isOn()) {
            return KafkaJournal.open(configuration.kafka());
        }
        LocalJournal opened = LocalJournal.open(configuration.journal(), deduplication::remember);
        ReplayApi.hold(configuration.dataDirectory().resolve(DeliveryShell.REPLAYS), opened);
        return opened;
    }

    /**
     * Starts everything; when it returns, events are taken.
     *
     * @throws ConfigurationException when the configuration names something that cannot be used
     * @throws Exception when a part fails to start; what had started is stopped again
     */
    public static Evefan start(Configuration configuration) throws Exception {
        Evefan evefan = new Evefan(configuration);
        try {
            evefan.startAll();
            return evefan;
        } catch (Exception e) {
            evefan.close();
            throw RouteFiles.explained(configuration, e);
        } catch (LinkageError e) {
            evefan.close();
            throw e;
        }
    }

    /** The tracking plan, where any source has one. */
    static TrackingPlan plan(Configuration configuration, Clock clock) throws ConfigurationException {
        if (configuration.sources().all().stream().allMatch(source -> source.plan() == Plan.Mode.OFF)) {
            return TrackingPlan.NONE;
        }
        List<String> problems = new ArrayList<>();
        TrackingPlan plan = TrackingPlan.read(
                Path.of(configuration.property("evefan.plans.directory").strip()),
                configuration.property("evefan.plans.unplanned").strip().equals("true"),
                clock,
                problems);
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
        return plan;
    }

    private void startAll() throws Exception {
        started.push(DataDirectory.open(configuration.dataDirectory()));
        configuration.destinations().write(configuration.bySettings());
        Ports.checkFree(Map.of(
                "evefan.http.port",
                configuration.http().host() + ":" + configuration.http().port(),
                "camel.management.port",
                managementAddress()));
        checkKafka();
        // Half a second each, and none of the three needs another: both servers, and what they are wired to.
        CompletableFuture<Optional<EmbeddedPostgresKeeper>> postgres =
                CompletableFuture.supplyAsync(this::startPostgres);
        started.push(() -> {
            var running = postgres.exceptionally(failure -> Optional.empty()).join();
            if (running.isPresent()) {
                running.get().close();
            }
        });
        EmbeddedBroker broker = configuration.broker().isEmbedded() ? EmbeddedBroker.in(configuration.broker()) : null;
        CompletableFuture<Void> brokerStarted =
                broker == null ? CompletableFuture.completedFuture(null) : CompletableFuture.runAsync(broker::start);
        if (broker != null) {
            started.push(() -> {
                brokerStarted.exceptionally(failure -> null).join();
                broker.close();
            });
        }
        DeliveryShell shell = DeliveryShell.open(configuration, journal, broker, plan, clock);
        started.push(shell);
        CamelContext context = wire(configuration.camelProperties(), shell);
        RouteFiles.checkBatches(configuration, context);
        finish(postgres);
        finish(brokerStarted);
        shell.look();
        startCamel(context, shell);
    }

    private void checkKafka() throws ConfigurationException {
        KafkaSettings kafka = configuration.kafka();
        if (!kafka.isOn()) {
            return;
        }
        List<String> problems = new ArrayList<>();
        if (configuration.broker().isEmbedded() && !kafka.isDevelopment()) {
            problems.add(
                    "evefan.activemq.url must name a broker that all nodes share: dead letters that a node keeps for"
                            + " itself are lost with it (evefan.kafka.replication = 1 is for development)");
        }
        problems.addAll(TopicCheck.problems(kafka));
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
    }

    private Optional<EmbeddedPostgresKeeper> startPostgres() {
        if (!configuration.isPostgresEmbedded()) {
            return Optional.empty();
        }
        try {
            int port = configuration.embeddedPostgresPort();
            String password = configuration.property("evefan.postgres.password");
            EmbeddedPostgresKeeper keeper = EmbeddedPostgresKeeper.start(
                    () -> EmbeddedPostgresServer.start(configuration.dataDirectory(), port, password), port);
            postgresRuns = keeper.isRunning();
            return Optional.of(keeper);
        } catch (NoClassDefFoundError e) {
            throw new CompletionException(new ConfigurationException(
                    List.of("evefan.postgres.url must name a PostgreSQL: this Evefan comes without one of its own")));
        } catch (Exception e) {
            throw new CompletionException(e);
        }
    }

    private static void finish(CompletableFuture<?> part) throws Exception {
        try {
            part.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    /**
     * Everything that routes refer to, wired up, with nothing started: no server, no connection, no route.
     *
     * @throws Exception when a part cannot even be made
     */
    static Evefan wired(Configuration configuration) throws Exception {
        Evefan evefan = new Evefan(configuration);
        Properties properties = configuration.camelProperties();
        properties.remove(RouteFiles.PATTERN);
        // A pattern that stands on the command line would be followed all the same.
        properties.setProperty("camel.main.routes-collector-enabled", "false");
        properties.setProperty("camel.management.enabled", "false");
        DeliveryShell shell = DeliveryShell.idle(configuration, evefan.journal, evefan.plan, evefan.clock);
        evefan.started.push(shell);
        evefan.wire(properties, shell);
        return evefan;
    }

    /** The beans of the routes. */
    Registry registry() {
        return camel.getCamelContext().getRegistry();
    }

    private void startCamel(CamelContext context, DeliveryShell shell) throws Exception {
        if (postgresRuns) {
            prepareTables(context);
        }
        HttpServer server =
                new HttpServer(configuration.http(), configuration.sources(), configuration.proxies(), context);
        context.addService(server);
        ManagementServerFactory.prepare(context);
        camel.start();
        server.open();
        started.push(server::drain);
        started.push(shell::stopping);
        shell.started(context);
        ShippedDestinations.check(configuration, context, shell.destinations());
        ManagementServerFactory.spare(context);
        HawtioPages.serve(context, configuration.management().port());
        RouteCheck check = RouteFiles.check(configuration, this);
        // What Camel takes and Evefan's rules do not: it runs, but not as it should.
        routeProblems.foundLoaded(check.checkLoaded(RouteFiles.of(configuration), context));
        routeProblems.lookForMisnamed(RouteFolders.of(configuration.property(RouteFiles.PATTERN)));
        if (configuration.reloadsRoutes()) {
            started.push(RouteReload.start(
                    context,
                    check,
                    routeProblems,
                    configuration.property(RouteFiles.PATTERN),
                    Path.of("application.properties")));
        }
    }

    /** Those of the embedded PostgreSQL, so that they can be queried before the first event. */
    private static void prepareTables(CamelContext context) throws RejectedException, SetUpException {
        try {
            context.getRegistry()
                    .lookupByNameAndType("postgresWriter", PostgresWriter.class)
                    .prepare();
        } catch (RetryableException e) {
            LOG.warn("The tables are made with the first events: {}", e.getMessage()); // its disk may be full
        }
    }

    private CamelContext wire(Properties properties, DeliveryShell shell) throws Exception {
        camel.setPropertyPlaceholderLocations("false");
        camel.setInitialProperties(properties);
        camel.addMainListener(new AllowedConsoles.Listener());
        ManagementServerFactory management = new ManagementServerFactory(
                configuration.management(), new Connections(configuration.http(), configuration.proxies()));
        camel.bind("managementServerFactory", management);
        bindIngestion();
        shell.bind(camel);
        ShippedDestinations.bind(configuration, camel, shell.meters(), started::push);
        started.push(camel::stop);
        camel.init();
        CamelContext context = camel.getCamelContext();
        configuration.properties().forEach(Secrets::note);
        context.getPropertiesComponent()
                .addPropertiesLookupListener((key, value, otherwise, source) -> Secrets.note(key, value));
        context.getTypeConverterRegistry().addTypeConverters(new EventConverters());
        context.addComponent("activemq", shell.activemq());
        context.addComponent(
                "management", new ManagementRoutes(configuration.management().port()));
        shell.bind(context, routeProblems, management.sessions());
        return context;
    }

    private void bindIngestion() {
        EventReader reader = new EventReader(
                configuration.limits(), clock, () -> UUID.randomUUID().toString());
        ContextEnrichment enrichment = ContextEnrichment.open(
                configuration.enrichment(), configuration.sources().wantBots());
        started.push(enrichment);
        Ingestion ingestion = new Ingestion(
                configuration.sources(),
                reader,
                deduplication,
                enrichment,
                configuration.proxies(),
                plan,
                configuration.http().maxRequestBytes());
        started.push(ingestion);
        camel.bind("ingestion", ingestion);
        camel.bind("deduplication", deduplication);
        camel.bind("noRequestHeaders", new NoHeaders());
        camel.bind(
                "sdkSettings", new SdkSettings(configuration.sources(), configuration.http(), configuration.proxies()));
        camel.bind(
                "sdkFiles",
                new SdkFiles(Path.of(configuration.property("evefan.http.sdk-directory")), configuration.sources()));
        camel.bind(
                "oauth",
                new OAuth(
                        configuration.sources(),
                        configuration.http(),
                        configuration.proxies(),
                        () -> Tokens.admin(configuration.management()),
                        clock));
        camel.bind("openApi", new OpenApi("openapi.json"));
        camel.bind("managementOpenApi", new OpenApi("management-openapi.json"));
        camel.bind("answers", new Answers(configuration.sources()));
        camel.bind("httpServer", HttpServer.configuration(configuration.http()));
        boolean traced = !configuration.property("evefan.tracing.endpoint").isBlank();
        camel.bind(PlatformHttpConstants.PLATFORM_HTTP_ENGINE_NAME, new HttpEngine(ingestion, traced));
    }

    /** For tests: the running Camel. */
    CamelContext camelContext() {
        return camel.getCamelContext();
    }

    private String managementAddress() {
        return configuration.property("camel.management.host") + ":" + configuration.property("camel.management.port");
    }

    /** Takes nothing more, delivers what is batched and stops, the last started first. */
    @Override
    public void close() {
        while (!started.isEmpty()) {
            AutoCloseable last = started.pop();
            try {
                last.close();
            } catch (Exception e) {
                LOG.warn("{} did not stop cleanly", last.getClass().getSimpleName(), e);
            }
        }
    }
}
