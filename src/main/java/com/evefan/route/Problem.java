package com.evefan.route;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Something wrong in a route file.
 *
 * @param line from 1; 0 where it is the file as a whole
 * @param column from 1; 0 where it is not known
 * @param message what is wrong and what to do about it
 * @param style whether it runs as it should all the same: Evefan's own files keep to the style of the house, those of
 *     users need not
 */
public record Problem(Path file, int line, int column, String message, boolean style) implements Comparable<Problem> {
    Problem(Path file, int line, int column, String message) {
        this(file, line, column, message, false);
    }

    /** A matter of style where {@code node} stands. */
    static Problem ofStyle(Path file, Node node, String message) {
        Problem problem = at(file, node, message);
        return new Problem(file, problem.line, problem.column, message, true);
    }

    /** Those of {@code problems} for which a file cannot be taken. */
    public static List<Problem> errors(Collection<Problem> problems) {
        return problems.stream().filter(problem -> !problem.style).toList();
    }

    /** A problem where {@code node} stands. */
    static Problem at(Path file, Node node, String message) {
        return node.getStartMark()
                .map(mark -> new Problem(file, mark.getLine() + 1, mark.getColumn() + 1, message))
                .orElse(new Problem(file, 0, 0, message));
    }

    @Override
    public int compareTo(Problem other) {
        int byFile = file.compareTo(other.file);
        return byFile != 0 ? byFile : Integer.compare(line, other.line);
    }

    /** As compilers write it: {@code routes/destinations/webhook.camel.yaml:12:9: message}. */
    @Override
    public String toString() {
        return file + (line == 0 ? "" : ":" + line) + (line == 0 || column == 0 ? "" : ":" + column) + ": "
                + (style ? "warning: " : "") + message;
    }
}
