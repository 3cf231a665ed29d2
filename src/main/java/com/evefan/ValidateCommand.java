package com.evefan;

import com.evefan.configuration.Configuration;
import com.evefan.route.Problem;
import com.evefan.route.RouteCheck;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Checks the configuration and every route, and starts nothing. */
final class ValidateCommand implements Command {
    @Override
    public String name() {
        return "validate";
    }

    @Override
    public String help() {
        return "[file ...]: checks the configuration and all routes, or the files named, and starts nothing";
    }

    @Override
    public int run(List<String> arguments, PrintStream out) throws Exception {
        Configuration configuration = Configuration.load(System.getProperties());
        List<Path> all = RouteFiles.of(configuration);
        List<Path> named = arguments.stream().map(Path::of).toList();
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
        problems.forEach(System.err::println);
        int files = named.isEmpty() ? all.size() : named.size();
        out.println(
                problems.isEmpty()
                        ? "The configuration and " + files + " route files are in order."
                        : problems.size() + (problems.size() == 1 ? " problem in " : " problems in ") + files
                                + " route files.");
        return problems.isEmpty() ? 0 : 1;
    }
}
