package com.evefan;

import com.evefan.configuration.Configuration;
import com.evefan.route.Problem;
import com.evefan.route.RouteCheck;
import com.evefan.route.RouteFolders;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Checks the configuration and every route, and starts nothing. */
@Command(
        name = "validate",
        description = "Checks the configuration and all routes, or the files named, and starts nothing.")
final class ValidateCommand extends LocalCommand {
    @Parameters(paramLabel = "<file>", description = "Route files; all of them without one.")
    private List<Path> named = List.of();

    private static String count(int number, String thing) {
        return number + " " + thing + (number == 1 ? "" : "s");
    }

    @Override
    int run(PrintStream out) throws Exception {
        Configuration configuration = Configuration.load(System.getProperties());
        List<Path> all = RouteFiles.of(configuration);
        for (Path file : named) {
            if (!Files.isRegularFile(file)) {
                throw new UsageException(file + " is no file");
            }
        }
        List<Problem> problems;
        try (Evefan wired = Evefan.wired(configuration)) {
            RouteCheck check = RouteFiles.check(configuration, wired);
            problems = named.isEmpty() ? check.check(all) : check.check(named, all);
        }
        if (named.isEmpty()) {
            problems = new ArrayList<>(problems);
            problems.addAll(RouteCheck.misnamed(RouteFolders.of(configuration.property(RouteFiles.PATTERN))));
        }
        problems.forEach(System.err::println);
        int files = named.isEmpty() ? all.size() : named.size();
        int errors = Problem.errors(problems).size();
        int warnings = problems.size() - errors;
        String alsoWarnings = warnings == 0 ? "" : ", " + count(warnings, "warning");
        out.println(
                errors == 0
                        ? "The configuration and " + files + " route files are in order" + alsoWarnings + "."
                        : count(errors, "problem") + alsoWarnings + " in " + files + " route files.");
        return errors == 0 ? 0 : 1;
    }
}
