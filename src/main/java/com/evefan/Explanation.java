package com.evefan;

import com.evefan.configuration.Configuration;
import com.evefan.configuration.ConfigurationException;
import com.evefan.delivery.EventConverters;
import com.evefan.destination.mixpanel.Mixpanel;
import com.evefan.event.Consent;
import com.evefan.event.Event;
import com.evefan.route.DestinationRoute;
import com.evefan.route.DryRun;
import com.evefan.route.Problem;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.BeanRepository;
import org.jspecify.annotations.Nullable;

/** What every destination would get of an event, found out by running its route with nothing behind it. */
final class Explanation implements AutoCloseable {
    private final @Nullable Evefan wired;
    private final DryRun run;
    private final Map<String, Consent> consents;
    private final Map<String, DestinationRoute> destinations = new TreeMap<>();

    private Explanation(
            @Nullable Evefan wired, DryRun run, List<DestinationRoute> destinations, Map<String, Consent> consents) {
        this.wired = wired;
        this.run = run;
        this.consents = consents;
        destinations.forEach(destination -> this.destinations.put(destination.name(), destination));
    }

    /**
     * Where no Evefan runs.
     *
     * @param files the route files
     * @throws ConfigurationException when something is wrong in them
     */
    static Explanation of(Configuration configuration, List<Path> files) throws Exception {
        Evefan wired = Evefan.wired(configuration);
        try {
            return of(configuration, wired.camelContext(), wired, files);
        } catch (Exception e) {
            wired.close();
            throw e;
        }
    }

    /** As {@link #of(Configuration, List)}, with what {@code context} is wired to: beans that would write get others. */
    static Explanation of(Configuration configuration, CamelContext context, List<Path> files) throws Exception {
        return of(configuration, context, null, files);
    }

    private static Explanation of(
            Configuration configuration, CamelContext context, @Nullable Evefan wired, List<Path> files)
            throws Exception {
        BeanRepository beans = context.getRegistry();
        List<Problem> problems =
                Problem.errors(RouteFiles.check(configuration, beans).check(files));
        if (!problems.isEmpty()) {
            throw new ConfigurationException(
                    problems.stream().map(Problem::toString).toList());
        }
        List<DestinationRoute> destinations = DestinationRoute.in(files, configuration.camelProperties());
        Map<String, Consent> consents = RouteFiles.consents(destinations, context);
        DryRun run = DryRun.start(
                beans,
                configuration.camelProperties(),
                files,
                Map.of(
                        "postgresWriter",
                        event -> ExplainedRow.of(
                                event,
                                configuration.postgres().schema(),
                                configuration.postgres().extraFields()),
                        "bigQueryWriter",
                        event -> ExplainedRow.of(event, configuration.bigQuery().dataset(), true)),
                Map.of("mixpanel", new Mixpanel(configuration.mixpanel(), new SimpleMeterRegistry())),
                new EventConverters());
        return new Explanation(wired, run, destinations, consents);
    }

    /** The names of all, switched off ones included. */
    List<String> destinations() {
        return List.copyOf(destinations.keySet());
    }

    /**
     * What one destination would be sent.
     *
     * @param why nothing is; empty where something is
     * @param stoppedBy the step that leaves the event out; empty where none does
     */
    record Outcome(List<DryRun.Sent> sent, String why, String stoppedBy) {
        static Outcome nothing(String why) {
            return new Outcome(List.of(), why, "");
        }
    }

    Outcome of(Event event, String name) {
        DestinationRoute destination = destinations.get(name);
        if (destination == null) {
            return Outcome.nothing("there is no such destination");
        } else if (!destination.enabled()) {
            return Outcome.nothing("it is switched off");
        } else if (!event.integrations().allows(name)) {
            return Outcome.nothing("the event's integrations leave it out");
        }
        Consent needed = consents.getOrDefault(name, Consent.NOT_NEEDED);
        if (!needed.isGivenBy(event)) {
            return Outcome.nothing(
                    "the event gives no consent to " + String.join(", ", new TreeSet<>(needed.categories())));
        }
        DryRun.Result result = run.deliver(name, event);
        return new Outcome(
                result.sent(),
                !result.sent().isEmpty()
                        ? ""
                        : result.stoppedBy().isEmpty()
                                ? "its own steps leave the event out"
                                : "its step " + result.stoppedBy() + " leaves the event out",
                result.stoppedBy());
    }

    /** For people. */
    String text(Event event, String name) {
        Outcome outcome = of(event, name);
        StringBuilder text = new StringBuilder("  " + name);
        text.append(outcome.sent().isEmpty() ? ": no, " + outcome.why() : ": yes");
        outcome.sent()
                .forEach(sent ->
                        text.append('\n').append(sent.toString().indent(6).stripTrailing()));
        return text.toString();
    }

    @Override
    public void close() throws IOException {
        try (run) {
            if (wired != null) {
                wired.close();
            }
        }
    }
}
