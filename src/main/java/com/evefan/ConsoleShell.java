package com.evefan;

import com.evefan.configuration.Configuration;
import com.evefan.console.Catalogue;
import com.evefan.console.Console;
import com.evefan.console.EventPages;
import com.evefan.console.OwnSender;
import com.evefan.console.Streams;
import com.evefan.console.SystemPages;
import com.evefan.console.Traffic;
import com.evefan.deadletter.DeadLetterApi;
import com.evefan.delivery.Destinations;
import com.evefan.health.Health;
import com.evefan.health.HealthAnswer;
import com.evefan.history.ReplayApi;
import com.evefan.journal.Journal;
import com.evefan.management.Sessions;
import java.time.Clock;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;

/** What is wired behind the console. */
final class ConsoleShell implements AutoCloseable {
    private static final String DOCS = "https://github.com/evefan/evefan";

    private final Configuration configuration;
    private final CamelContext context;
    private final Catalogue catalogue;
    private final Traffic traffic;
    private final Console console;
    private final Streams streams;
    private final Explainer explainer;

    /** What others have made already. */
    record Parts(
            Health health,
            HealthAnswer answer,
            Supplier<Journal> journal,
            Destinations destinations,
            DeadLetterApi deadLetters,
            ReplayApi replays,
            Traffic traffic) {}

    private ConsoleShell(
            Configuration configuration, CamelContext context, Parts parts, Sessions sessions, Clock clock) {
        this.configuration = configuration;
        this.context = context;
        String version = Objects.requireNonNullElse(Main.class.getPackage().getImplementationVersion(), "unpacked");
        Console.Facts facts = new Console.Facts(version, OwnSender.publicUrl(configuration.http()), DOCS);
        traffic = parts.traffic();
        explainer = new Explainer(configuration, context);
        catalogue = new Catalogue(configuration.dataDirectory().resolve("catalogue.json"), clock);
        console = new Console(
                parts.health(),
                parts.answer(),
                parts.journal(),
                parts.destinations(),
                configuration.sources(),
                parts.traffic(),
                configuration.journal(),
                facts,
                clock);
        streams = new Streams(
                console,
                parts.traffic(),
                catalogue,
                sessions,
                parts.replays()::forHealth,
                parts.deadLetters()::replaysOfAll,
                explainer::rest);
        OwnSender sender = new OwnSender(configuration.http(), configuration.sources());
        var registry = context.getRegistry();
        registry.bind("console", console);
        registry.bind(
                "eventPages",
                new EventPages(
                        parts.journal(),
                        explainer,
                        parts.deadLetters(),
                        sender,
                        configuration.sources(),
                        facts.publicUrl()));
        registry.bind(
                "systemPages",
                new SystemPages(
                        console,
                        catalogue,
                        configuration,
                        parts.destinations(),
                        parts.journal(),
                        sender,
                        facts,
                        context,
                        clock));
    }

    /** Before Camel starts: binds the beans of the management port's routes, and does nothing yet. */
    static ConsoleShell bind(
            Configuration configuration, CamelContext context, Parts parts, Sessions sessions, Clock clock) {
        return new ConsoleShell(configuration, context, parts, sessions, clock);
    }

    /** Camel runs: from now on it is counted. */
    void start() {
        catalogue.load();
        catalogue.lastSeen().forEach(traffic::seenBefore);
        console.start();
        streams.start(context, configuration.management().port());
    }

    @Override
    public void close() throws InterruptedException {
        streams.close();
        explainer.close();
    }
}
