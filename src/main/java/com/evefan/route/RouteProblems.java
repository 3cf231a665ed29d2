package com.evefan.route;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is wrong with the route files while Evefan runs: for health, as the log has told it. Thread-safe. */
public final class RouteProblems {
    private static final Logger LOG = LoggerFactory.getLogger(RouteProblems.class);

    private final Map<Path, List<String>> ofFiles = new ConcurrentSkipListMap<>();
    private volatile List<Problem> misnamed = List.of();

    /** What a start has found in files that Camel took. */
    public void foundLoaded(Collection<Problem> problems) {
        problems.forEach(problem -> LOG.warn("{}", problem));
        Problem.errors(problems).stream()
                .collect(groupingBy(Problem::file, mapping(Problem::toString, toList())))
                .forEach(this::found);
    }

    /** Why {@code file} does not run as it is now. */
    void found(Path file, List<String> problems) {
        ofFiles.put(file, problems);
    }

    /** It runs as it is now, or is gone. */
    void mended(Path file) {
        ofFiles.remove(file);
    }

    /** Looks for files that are not loaded for their names only; a new one is told in the log. */
    public void lookForMisnamed(List<Path> folders) throws IOException {
        List<Problem> before = misnamed;
        List<Problem> now = RouteCheck.misnamed(folders);
        now.stream().filter(problem -> !before.contains(problem)).forEach(problem -> LOG.warn("{}", problem));
        misnamed = now;
    }

    /** All of them, in words, by file. */
    public List<String> all() {
        List<String> all = new ArrayList<>();
        ofFiles.values().forEach(all::addAll);
        misnamed.forEach(problem -> all.add(problem.toString()));
        return all;
    }
}
