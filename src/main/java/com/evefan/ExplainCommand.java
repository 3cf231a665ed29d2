package com.evefan;

import com.evefan.configuration.Configuration;
import com.evefan.event.Event;
import com.evefan.event.ReadResult;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
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

    @Option(
            names = "--save",
            paramLabel = "<test>",
            description = "Keeps it as a test, such as tests/order.yaml: bin/evefan test tells when it is different.")
    private @Nullable Path save;

    @Override
    int run(PrintStream out) throws Exception {
        Configuration configuration = Configuration.load(System.getProperties());
        byte[] json = ExplainedRequest.bytes(file, System.in);
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        ReadResult result = (save == null
                        ? new ExplainedRequest(configuration)
                        : ExplainedRequest.at(configuration, now))
                .read(json, type, source);
        result.warnings().forEach(warning -> out.println("Warning to the sender: " + warning));
        result.invalid().forEach(invalid -> out.println("Rejected at the door: " + invalid));
        if (result.dropped() > 0) {
            out.println("Dropped at the door: " + result.dropped() + " of a robot");
        }
        try (Explanation explanation = Explanation.of(configuration, RouteFiles.of(configuration))) {
            for (Event event : result.accepted().events()) {
                out.println(event);
                explanation.destinations().forEach(name -> out.println(explanation.text(event, name)));
            }
            if (save != null) {
                save(new SavedTest(json, type, source, now), result, explanation, save);
                out.println("Saved as " + save + "; run it: bin/evefan test");
            }
        }
        return result.invalid().isEmpty() ? 0 : 1;
    }

    private static void save(SavedTest test, ReadResult result, Explanation explanation, Path save) throws Exception {
        if (result.accepted().size() != 1) {
            throw new UsageException(
                    "a test is of one event, and here are " + result.accepted().size());
        }
        if (Files.exists(save)) {
            throw new UsageException(save + " is there already");
        }
        Path folder = save.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Files.writeString(save, test.text(result.accepted().events().get(0), explanation));
    }
}
