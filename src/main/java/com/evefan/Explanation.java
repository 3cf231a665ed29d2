package com.evefan;

import com.evefan.configuration.Configuration;
import com.evefan.configuration.ConfigurationException;
import com.evefan.delivery.EventConverters;
import com.evefan.event.Event;
import com.evefan.route.DestinationRoute;
import com.evefan.route.DryRun;
import com.evefan.route.Problem;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What every destination would get of an event, found out by running its route with nothing behind it. */
final class Explanation implements AutoCloseable {
    private final Evefan wired;
    private final DryRun run;
    private final Map<String, DestinationRoute> destinations = new TreeMap<>();

    private Explanation(Evefan wired, DryRun run, List<DestinationRoute> destinations) {
        this.wired = wired;
        this.run = run;
        destinations.forEach(destination -> this.destinations.put(destination.name(), destination));
    }

    /**
     * @param files the route files
     * @throws ConfigurationException when something is wrong in them
     */
    static Explanation of(Configuration configuration, List<Path> files) throws Exception {
        Evefan wired = Evefan.wired(configuration);
        try {
            List<Problem> problems =
                    Problem.errors(RouteFiles.check(configuration, wired).check(files));
            if (!problems.isEmpty()) {
                throw new ConfigurationException(
                        problems.stream().map(Problem::toString).toList());
            }
            DryRun run = DryRun.start(
                    wired.registry(),
                    configuration.camelProperties(),
                    files,
                    Map.of(
                            "postgresWriter",
                            event -> ExplainedRow.of(
                                    event, configuration.postgres().schema()),
                            "bigQueryWriter",
                            event -> ExplainedRow.of(
                                    event, configuration.bigQuery().dataset())),
                    new EventConverters());
            return new Explanation(wired, run, DestinationRoute.in(files, configuration.camelProperties()));
        } catch (Exception e) {
            wired.close();
            throw e;
        }
    }

    /** The names of all, switched off ones included. */
    List<String> destinations() {
        return List.copyOf(destinations.keySet());
    }

    /**
     * What one destination would be sent.
     *
     * @param why nothing is; empty where something is
     */
    record Outcome(List<DryRun.Sent> sent, String why) {}

    Outcome of(Event event, String name) {
        DestinationRoute destination = destinations.get(name);
        if (destination == null) {
            return new Outcome(List.of(), "there is no such destination");
        } else if (!destination.enabled()) {
            return new Outcome(List.of(), "it is switched off");
        } else if (!event.integrations().allows(name)) {
            return new Outcome(List.of(), "the event's integrations leave it out");
        }
        DryRun.Result result = run.deliver(name, event);
        return new Outcome(
                result.sent(),
                !result.sent().isEmpty()
                        ? ""
                        : result.stoppedBy().isEmpty()
                                ? "its own steps leave the event out"
                                : "its step " + result.stoppedBy() + " leaves the event out");
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
    public void close() throws Exception {
        run.close();
        wired.close();
    }
}
