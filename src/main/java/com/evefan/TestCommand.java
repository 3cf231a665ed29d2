package com.evefan;

import com.evefan.configuration.Configuration;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Compares what destinations would be sent with what files say that they are. */
@Command(
        name = "test",
        description =
                "Runs the tests in a folder: events, and what each destination is expected to get. Sends nothing.")
final class TestCommand extends LocalCommand {
    @Parameters(arity = "0..1", paramLabel = "<folder>", description = "Of *.yaml, or one such file; tests without it.")
    private Path folder = Path.of("tests");

    @Override
    int run(PrintStream out) throws Exception {
        List<Path> files = files();
        Configuration configuration = Configuration.load(System.getProperties());
        int failed = 0;
        try (Explanation explanation = Explanation.of(configuration, RouteFiles.of(configuration))) {
            for (Path file : files) {
                List<String> failures = SavedTest.failures(file, configuration, explanation);
                out.println((failures.isEmpty() ? "ok      " : "FAILED  ") + file);
                failures.forEach(failure -> out.println(failure.indent(8).stripTrailing()));
                failed += failures.isEmpty() ? 0 : 1;
            }
        }
        out.println(files.size() + (files.size() == 1 ? " test, " : " tests, ") + failed + " failed.");
        return failed == 0 ? 0 : 1;
    }

    private List<Path> files() throws Exception {
        if (Files.isRegularFile(folder)) {
            return List.of(folder);
        }
        if (!Files.isDirectory(folder)) {
            throw new UsageException("there is no folder " + folder + "; bin/evefan explain event.json --save "
                    + Path.of("tests", "order.yaml") + " makes a test");
        }
        try (Stream<Path> found = Files.list(folder)) {
            List<Path> files = found.filter(file -> file.toString().matches(".*\\.ya?ml"))
                    .sorted()
                    .toList();
            if (files.isEmpty()) {
                throw new UsageException(folder + " has no *.yaml");
            }
            return files;
        }
    }
}
