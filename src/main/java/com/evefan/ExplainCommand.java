package com.evefan;

import com.evefan.configuration.Configuration;
import com.evefan.delivery.EventConverters;
import com.evefan.event.Event;
import com.evefan.event.EventReader;
import com.evefan.event.EventType;
import com.evefan.event.ReadResult;
import com.evefan.ingest.Source;
import com.evefan.route.DestinationRoute;
import com.evefan.route.DryRun;
import com.evefan.route.Problem;
import com.evefan.route.RouteCheck;
import com.evefan.route.RouteFolders;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Tells what would become of an event. */
final class ExplainCommand implements Command {
    @Override
    public String name() {
        return "explain";
    }

    @Override
    public String help() {
        return "[file] [type] [source]: which destinations an event would reach, and what each would be sent; without"
                + " a file, or with -, the event is read from standard input";
    }

    @Override
    public int run(List<String> arguments, PrintStream out) throws Exception {
        if (arguments.size() > 3) {
            throw new UsageException("explain takes a file, a type such as track, and the name of a source");
        }
        Configuration configuration = Configuration.load(System.getProperties());
        ReadResult result = read(arguments, configuration);
        result.invalid().forEach(invalid -> out.println("Rejected at the door: " + invalid));
        List<Path> files = RouteCheck.files(RouteFolders.of(configuration.property("camel.main.routes-include-pattern"))
                .toArray(Path[]::new));
        try (Evefan wired = Evefan.wired(configuration)) {
            List<Problem> problems = new RouteCheck(
                            wired.registry(), configuration.camelProperties(), configuration::isSet)
                    .check(files);
            if (!problems.isEmpty()) {
                problems.forEach(System.err::println);
                return 1;
            }
            explain(result, files, configuration, wired, out);
        }
        return result.invalid().isEmpty() ? 0 : 1;
    }

    private static void explain(
            ReadResult result, List<Path> files, Configuration configuration, Evefan wired, PrintStream out)
            throws Exception {
        try (DryRun run = DryRun.start(
                wired.registry(),
                configuration.camelProperties(),
                files,
                Map.of(
                        "postgresWriter",
                        event -> ExplainedRow.of(event, configuration.postgres().schema()),
                        "bigQueryWriter",
                        event -> ExplainedRow.of(event, configuration.bigQuery().dataset())),
                new EventConverters())) {
            List<DestinationRoute> destinations = DestinationRoute.in(files, configuration.camelProperties());
            result.accepted().events().forEach(event -> explain(event, destinations, run, out));
        }
    }

    private static ReadResult read(List<String> arguments, Configuration configuration) throws Exception {
        boolean standardInput = arguments.isEmpty() || arguments.get(0).equals("-");
        byte[] body = standardInput ? System.in.readAllBytes() : Files.readAllBytes(Path.of(arguments.get(0)));
        Optional<EventType> type = arguments.size() > 1 ? Optional.of(type(arguments.get(1))) : Optional.empty();
        Source source = configuration.sources().all().get(0);
        String sourceName = arguments.size() > 2 ? arguments.get(2) : String.valueOf(source);
        EventReader reader = new EventReader(
                configuration.limits(),
                Clock.systemUTC(),
                () -> UUID.randomUUID().toString());
        return reader.parse(body).read(sourceName, type, Optional.empty());
    }

    private static EventType type(String name) throws UsageException {
        for (EventType type : EventType.values()) {
            if (type.wireName().equals(name)) {
                return type;
            }
        }
        throw new UsageException("there is no type of event called " + name);
    }

    private static void explain(Event event, List<DestinationRoute> destinations, DryRun run, PrintStream out) {
        out.println(event);
        for (DestinationRoute destination : destinations) {
            String name = destination.name();
            if (!destination.enabled()) {
                out.println("  " + name + ": no, it is switched off");
            } else if (!event.integrations().allows(name)) {
                out.println("  " + name + ": no, the event's integrations leave it out");
            } else {
                List<String> sent = run.deliver(name, event);
                out.println("  " + name + (sent.isEmpty() ? ": no, its own steps leave the event out" : ": yes"));
                sent.forEach(text -> out.println(text.indent(6).stripTrailing()));
            }
        }
    }
}
