package com.evefan.route;

import static com.evefan.route.RouteFile.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.Expression;
import org.apache.camel.language.jq.JqExpression;
import org.apache.camel.util.TimeUtils;
import org.snakeyaml.engine.v2.nodes.Node;

/** Texts that have a grammar of their own, checked one by one: Camel does not say in which line one is wrong. */
final class Values {
    private static final Set<String> DURATIONS =
            Set.of("completionInterval", "completionTimeout", "timePeriodMillis", "delay");

    private static final Set<String> ADDRESSES = Set.of("uri", "to", "toD");

    private final RouteFile file;
    private final CamelContext camel;
    private final List<Problem> problems = new ArrayList<>();

    private Values(RouteFile file, CamelContext camel) {
        this.file = file;
        this.camel = camel;
    }

    static List<Problem> check(RouteFile file, CamelContext camel) {
        Values values = new Values(file, camel);
        for (Node entry : file.entries()) {
            if (RouteFile.value(entry, "routeTemplate") == null) { // whose parameters have no values yet
                RouteFile.walk(entry, values::check);
            }
        }
        return values.problems;
    }

    private void check(String key, Node node) {
        if (DURATIONS.contains(key) && !text(node).isEmpty()) {
            checkDuration(key, node);
        }
        if (ADDRESSES.contains(key)
                && text(node).contains("{{")
                && camel.resolvePropertyPlaceholders(text(node)).isBlank()) {
            problems.add(Problem.at(file.path(), node, text(node) + " is set to nothing; " + key + " is an address"));
        }
        Node expression = RouteFile.value(node, "expression");
        if (key.equals("language") && text(node, "language").equals("answer") && expression != null) {
            checkExpression("jq", expression);
        }
        if ((key.equals("jq") || key.equals("simple")) && !text(expression).isEmpty()) {
            checkExpression(key, expression == null ? node : expression);
        }
    }

    private void checkDuration(String key, Node node) {
        String value = camel.resolvePropertyPlaceholders(text(node));
        try {
            if (TimeUtils.toMilliSeconds(value) < 1) {
                problems.add(Problem.at(file.path(), node, key + " is at least 1 (ms), and not " + value));
            }
        } catch (RuntimeException e) {
            problems.add(Problem.at(file.path(), node, key + " is a number of ms, and not " + value));
        }
    }

    /** jq looks for the functions that it names when it runs only; whether there are such is told here. */
    private void checkExpression(String language, Node node) {
        String text = camel.resolvePropertyPlaceholders(text(node));
        try {
            Expression expression = camel.resolveLanguage(language).createExpression(text);
            expression.init(camel);
            if (expression instanceof JqExpression jq) {
                for (String missing : JqFunctions.missing(text, jq.getScope())) {
                    problems.add(
                            Problem.at(file.path(), node, "this is no jq: function " + missing + " does not exist"));
                }
            }
        } catch (RuntimeException e) {
            Throwable root = e;
            while (root.getCause() != null) {
                root = root.getCause();
            }
            String message = String.valueOf(root.getMessage())
                    .strip()
                    .lines()
                    .findFirst()
                    .orElse("");
            problems.add(Problem.at(file.path(), node, "this is no " + language + ": " + message));
        }
    }
}
