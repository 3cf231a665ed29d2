package com.evefan;

import com.evefan.configuration.Configuration;
import com.evefan.console.Explanations.Outcome;
import com.evefan.event.Event;
import com.evefan.event.ReadResult;
import java.io.PrintStream;
import java.util.Map;
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
        try (Evefan wired = Evefan.wired(configuration);
                Explainer explainer = new Explainer(configuration, wired.registry())) {
            for (Event event : result.accepted().events()) {
                Map<String, Outcome> outcomes = explainer.outcomes(event, null);
                out.println(event);
                outcomes.forEach((destination, outcome) -> print(destination, outcome, out));
            }
        } catch (IllegalStateException e) {
            System.err.println(e.getMessage());
            return 1;
        }
        return result.invalid().isEmpty() ? 0 : 1;
    }

    private static void print(String destination, Outcome outcome, PrintStream out) {
        out.println("  " + destination + (outcome.gets() ? ": yes" : ": no, " + outcome.why()));
        outcome.sent().forEach(text -> out.println(text.indent(6).stripTrailing()));
    }
}
