package com.evefan.route;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Properties;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.BeanRepository;

/** Whether route files are right, told before they run: by Evefan's own rules and by Camel's. */
public final class RouteCheck {
    private static final Pattern MISNAMED =
            Pattern.compile("([^.].*?)(?:[.-]camel)?\\.ya?ml(?:\\.txt)?", Pattern.CASE_INSENSITIVE);

    private final RouteRules rules;
    private final RouteLoading loading;
    private final Properties properties;

    /**
     * @param beans what the routes name with {@code ref} and {@code #}
     * @param properties for their placeholders
     * @param isSet whether there is a value for a placeholder, in the properties or around them
     */
    public RouteCheck(BeanRepository beans, Properties properties, Predicate<String> isSet) {
        this.properties = properties;
        this.rules = new RouteRules(key -> properties.containsKey(key) || isSet.test(key));
        this.loading = new RouteLoading(beans, properties);
    }

    /** From now on placeholders may have these values too. */
    void add(Properties more) {
        properties.putAll(more);
    }

    /** The route files right in {@code directories}; those that are not there have none. */
    public static List<Path> files(Path... directories) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path directory : directories) {
            if (Files.isDirectory(directory)) {
                try (Stream<Path> entries = Files.list(directory)) {
                    entries.filter(file -> file.toString().endsWith(RouteFile.EXTENSION))
                            .sorted()
                            .forEach(files::add);
                }
            }
        }
        return files;
    }

    /** Files in {@code directories} that would be route files but for their names. A warning: somebody may want it so. */
    public static List<Problem> misnamed(Collection<Path> directories) throws IOException {
        List<Problem> problems = new ArrayList<>();
        for (Path directory : directories) {
            if (Files.isDirectory(directory)) {
                try (Stream<Path> entries = Files.list(directory)) {
                    entries.sorted().forEach(file -> {
                        Matcher name = MISNAMED.matcher(file.getFileName().toString());
                        if (name.matches() && !file.toString().endsWith(RouteFile.EXTENSION)) {
                            String right = name.group(1) + RouteFile.EXTENSION;
                            problems.add(new Problem(file, 0, 0, "is not loaded; to load it, call it " + right, true));
                        }
                    });
                }
            }
        }
        return problems;
    }

    /** Everything wrong in {@code files}, and between them, by file and line. */
    public List<Problem> check(Collection<Path> files) throws IOException {
        List<RouteFile> read = new ArrayList<>();
        for (Path file : files) {
            read.add(RouteFile.read(file));
        }
        List<Problem> problems = new ArrayList<>(DuplicateIds.among(read));
        for (RouteFile file : read) {
            problems.addAll(check(file, read));
        }
        return problems.stream().sorted().toList();
    }

    /** What is wrong in {@code files} although {@code camel} has taken them. */
    public List<Problem> checkLoaded(Collection<Path> files, CamelContext camel) throws IOException {
        List<Problem> problems = new ArrayList<>();
        for (Path path : files) {
            RouteFile file = RouteFile.read(path);
            problems.addAll(rules.check(file));
            problems.addAll(Values.check(file, camel));
            problems.addAll(HttpOptions.check(file, camel));
        }
        return problems;
    }

    /** Everything wrong in each of {@code files}, which are to run beside {@code others}. */
    public List<Problem> check(Collection<Path> files, Collection<Path> others) throws IOException {
        List<Problem> problems = new ArrayList<>();
        for (Path file : files) {
            problems.addAll(check(file, others));
        }
        return problems;
    }

    /** Everything wrong in {@code file}, which is to run beside {@code others}. */
    public List<Problem> check(Path file, Collection<Path> others) throws IOException {
        List<RouteFile> all = new ArrayList<>();
        for (Path other : others) {
            if (!other.equals(file)) {
                all.add(RouteFile.read(other));
            }
        }
        RouteFile edited = RouteFile.read(file);
        all.add(edited);
        List<Problem> problems = new ArrayList<>(DuplicateIds.among(all));
        problems.removeIf(problem -> !problem.file().equals(file));
        problems.addAll(check(edited, all));
        return problems.stream().sorted().toList();
    }

    private List<Problem> check(RouteFile file, Collection<RouteFile> all) {
        List<Problem> problems = new ArrayList<>(rules.check(file));
        if (file.problems().isEmpty() && problems.stream().noneMatch(RouteCheck::isMissingValue)) {
            List<Path> configurations = all.stream()
                    .filter(other ->
                            other != file && !other.all("routeConfiguration").isEmpty())
                    .map(RouteFile::path)
                    .toList();
            problems.addAll(loading.check(file, configurations));
            if (!DuplicateIds.among(List.of(file)).isEmpty()) {
                problems.removeIf(problem -> problem.message().contains("Duplicate id detected")); // told already
            }
        }
        return problems;
    }

    /** Camel would say the same once more, with less about where. */
    private static boolean isMissingValue(Problem problem) {
        return problem.message().contains("}} has no value");
    }
}
