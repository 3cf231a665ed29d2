package com.evefan;

import com.evefan.configuration.Configuration;
import com.evefan.delivery.EventConverters;
import com.evefan.event.Consent;
import com.evefan.event.Event;
import com.evefan.event.ReadResult;
import com.evefan.route.DestinationRoute;
import com.evefan.route.DryRun;
import com.evefan.route.Problem;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Tells what would become of an event. */
@Command(name = "explain", description = "Tells which destinations an event would reach, and what each would be sent.")
final class ExplainCommand extends LocalCommand {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "<file>",
            description = "JSON; standard input without one, or with -.")
    private String file = "-";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "<type>",
            description = "Such as track, for events that name none.")
    private @Nullable String type;

    @Parameters(index = "2", arity = "0..1", paramLabel = "<source>", description = "The source that would send it.")
    private @Nullable String source;

    @Override
    int run(PrintStream out) throws Exception {
        Configuration configuration = Configuration.load(System.getProperties());
        ReadResult result = new ExplainedRequest(configuration).read(file, type, source, System.in);
        result.warnings().forEach(warning -> out.println("Warning to the sender: " + warning));
        result.invalid().forEach(invalid -> out.println("Rejected at the door: " + invalid));
        if (result.dropped() > 0) {
            out.println("Dropped at the door: " + result.dropped() + " of a robot");
        }
        List<Path> files = RouteFiles.of(configuration);
        try (Evefan wired = Evefan.wired(configuration)) {
            List<Problem> problems =
                    Problem.errors(RouteFiles.check(configuration, wired).check(files));
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
            Map<String, Consent> consents = RouteFiles.consents(destinations, wired.camelContext());
            result.accepted().events().forEach(event -> explain(event, destinations, consents, run, out));
        }
    }

    private static void explain(
            Event event,
            List<DestinationRoute> destinations,
            Map<String, Consent> consents,
            DryRun run,
            PrintStream out) {
        out.println(event);
        for (DestinationRoute destination : destinations) {
            String name = destination.name();
            if (!destination.enabled()) {
                out.println("  " + name + ": no, it is switched off");
            } else if (!event.integrations().allows(name)) {
                out.println("  " + name + ": no, the event's integrations leave it out");
            } else if (!consents.getOrDefault(name, Consent.NOT_NEEDED).isGivenBy(event)) {
                out.println("  " + name + ": no, the event gives no consent to "
                        + String.join(
                                ", ",
                                new TreeSet<>(Objects.requireNonNull(consents.get(name))
                                        .categories())));
            } else {
                DryRun.Result result = run.deliver(name, event);
                out.println("  " + name + (result.sent().isEmpty() ? ": no, " + leftOut(result) : ": yes"));
                result.sent().forEach(text -> out.println(text.indent(6).stripTrailing()));
            }
        }
    }

    private static String leftOut(DryRun.Result result) {
        return result.stoppedBy().isEmpty()
                ? "its own steps leave the event out"
                : "its step " + result.stoppedBy() + " leaves the event out";
    }
}
