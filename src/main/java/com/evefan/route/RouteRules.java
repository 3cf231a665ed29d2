package com.evefan.route;

import static com.evefan.route.RouteFile.text;
import static com.evefan.route.RouteFile.value;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** What every route file keeps to, beyond what Camel itself demands. */
final class RouteRules {
    private static final int LONGEST_EXPRESSION = 60;
    /** jq says what an event becomes, which takes more words than a condition. */
    private static final int LONGEST_JQ = 340;

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([^{}]+)}}");
    private static final Pattern CLOSED = Pattern.compile("\\{\\{[^{}]*}}|\\$\\{[^{}]*}");
    private static final Pattern HOST = Pattern.compile("(https?|ftp|smtps?|tcp|ssl|jdbc:\\w+)://[^{$].*");
    private static final Pattern SECRET =
            Pattern.compile(".*(password|secret|token|apikey|accesskey|secretkey).*", Pattern.CASE_INSENSITIVE);
    private static final Set<String> LANGUAGES = Set.of("simple", "constant", "jq", "jsonpath", "xpath", "groovy");
    private static final Set<String> NOT_FOR_TEXT = Set.of("Name", "Header", "Ref", "Endpoint", "Url", "Uri");

    private final Predicate<String> isKnownKey;

    /** @param isKnownKey whether a property or environment variable is there for a placeholder */
    RouteRules(Predicate<String> isKnownKey) {
        this.isKnownKey = isKnownKey;
    }

    /** Everything wrong in one file. */
    List<Problem> check(RouteFile file) {
        List<Problem> problems = new ArrayList<>(file.problems());
        if (!problems.isEmpty()) {
            return problems;
        }
        for (Node entry : file.entries()) {
            if (!(entry instanceof MappingNode mapping) || mapping.getValue().size() != 1) {
                problems.add(Problem.at(file.path(), entry, "each entry of the file is one of route, beans and so on"));
            } else if (value(entry, "from") != null) {
                problems.add(Problem.ofStyle(
                        file.path(), entry, "write \"- route:\" around \"from\", with id and description"));
            }
        }
        for (MappingNode route : file.all("route")) {
            checkRoute(file, route, problems);
        }
        for (Node entry : file.entries()) {
            boolean template = value(entry, "routeTemplate") != null; // its parameters look like placeholders
            RouteFile.walk(entry, (key, node) -> checkValue(file, key, node, template, problems));
        }
        if (file.isDestination()) {
            problems.addAll(DestinationRules.check(file));
        }
        return problems;
    }

    private static void checkRoute(RouteFile file, MappingNode route, List<Problem> problems) {
        Map<String, String> required = Map.of(
                "id", "the name that logs, counters and health show",
                "description", "one sentence: what the route is for",
                "nodePrefixId", "usually the id and a dash; without it, steps of two files get the same id");
        required.forEach((key, what) -> {
            String message = "the route has no " + key + " (" + what + ")";
            if (text(route, key).isBlank()) {
                problems.add(
                        key.equals("id")
                                ? Problem.at(file.path(), route, message)
                                : Problem.ofStyle(file.path(), route, message));
            }
        });
    }

    private void checkValue(RouteFile file, String key, Node node, boolean template, List<Problem> problems) {
        if (LANGUAGES.contains(key)) {
            checkExpression(file, key, node, problems);
        }
        if (key.equals("uri")) {
            checkUri(file, node, problems);
        }
        if (!(node instanceof ScalarNode scalar)) {
            return;
        }
        String text = scalar.getValue();
        if (isSecret(key)
                && !text.matches("|true|false|\\d+")
                && !inTokenize(file, node)
                && !PLACEHOLDER.matcher(text).find()
                && !text.startsWith("$")) {
            problems.add(Problem.at(file.path(), node, key + " stands in the file: use a placeholder, {{my.secret}}"));
        }
        if (isUnclosed(text)) {
            problems.add(Problem.at(file.path(), node, "{{ wants }} after it, and ${ wants }: one is open here"));
        } else if (withoutPlaceholders(text).contains("}}")) {
            problems.add(Problem.at(file.path(), node, "}} ends a placeholder, and none begins: in jq, write } }"));
        }
        PLACEHOLDER.matcher(innermostFirst(text)).results().forEach(found -> {
            String name = found.group(1);
            if (!template && !name.startsWith("?") && !name.contains(":") && !isKnownKey.test(name)) {
                problems.add(Problem.at(file.path(), node, missing(name)));
            }
        });
    }

    /** The token of {@code tokenize} is what separates pieces. */
    private static boolean inTokenize(RouteFile file, Node node) {
        return file.find((key, outer) -> key.equals("tokenize") && value(outer, "token") == node) != null;
    }

    private static boolean isSecret(String key) {
        return SECRET.matcher(key).matches() && NOT_FOR_TEXT.stream().noneMatch(key::endsWith);
    }

    /** A placeholder with a default, whatever that is, needs nothing else. */
    private static String innermostFirst(String text) {
        return text.replaceAll("\\{\\{[^{}]*:\\{\\{([^{}]*)}}}}", "{{$1}}");
    }

    private static boolean isUnclosed(String text) {
        String rest = withoutPlaceholders(text);
        return rest.contains("{{") || rest.contains("${");
    }

    private static String withoutPlaceholders(String text) {
        String rest = text;
        for (String before = ""; !rest.equals(before); ) {
            before = rest;
            rest = CLOSED.matcher(before).replaceAll("");
        }
        return rest;
    }

    private static String missing(String name) {
        String variable =
                name.toUpperCase(java.util.Locale.ROOT).replace('.', '_').replace('-', '_');
        return "{{" + name + "}} has no value: set it in application.properties or as " + variable + ", or write {{"
                + name + ":a default}}";
    }

    private static void checkExpression(RouteFile file, String language, Node node, List<Problem> problems) {
        if (node instanceof ScalarNode) {
            problems.add(Problem.ofStyle(
                    file.path(), node, "write \"" + language + ": {expression: ...}\": editors keep it that way"));
        }
        String text = PLACEHOLDER.matcher(text(node, "expression")).replaceAll("");
        int longest = language.equals("jq") ? LONGEST_JQ : LONGEST_EXPRESSION;
        if (text.length() > longest) {
            problems.add(Problem.ofStyle(
                    file.path(), node, "the expression is longer than " + longest + " characters: make it a bean"));
        }
    }

    private static void checkUri(RouteFile file, Node node, List<Problem> problems) {
        String uri = text(node);
        if (uri.contains("?") && !uri.startsWith("sql:")) {
            problems.add(Problem.ofStyle(
                    file.path(),
                    node,
                    "what stands behind " + uri.substring(0, uri.indexOf('?'))
                            + "? belongs below \"parameters\", one a line; what an HTTP server is to get,"
                            + " into the header CamelHttpQuery"));
        }
        if (HOST.matcher(uri).matches()) {
            problems.add(
                    Problem.ofStyle(file.path(), node, "the host stands in the file: use a placeholder, {{my.url}}"));
        }
    }
}
