package com.evefan.route;

import static com.evefan.route.RouteFile.text;
import static com.evefan.route.RouteFile.value;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/** What a destination needs so that no event of it is lost: each rule is one that was broken once, with that effect. */
final class DestinationRules {
    private final Path path;
    private final String name;
    private final List<Problem> problems = new ArrayList<>();

    private DestinationRules(RouteFile file) {
        this.path = file.path();
        this.name = file.name();
    }

    static List<Problem> check(RouteFile file) {
        DestinationRules rules = new DestinationRules(file);
        MappingNode old = route(file, "deliver-" + rules.name);
        MappingNode route = route(file, rules.name);
        if (old != null) {
            rules.tellOldForm(old);
        } else if (route == null) {
            String message = "the file has no route with the id " + rules.name + ", after the file's name";
            rules.problems.add(new Problem(rules.path, 0, 0, message));
        } else {
            rules.checkRoute(route);
        }
        return rules.problems;
    }

    private static @Nullable MappingNode route(RouteFile file, String id) {
        for (MappingNode route : file.all("route")) {
            if (text(route, "id").equals(id)) {
                return route;
            }
        }
        return null;
    }

    /** Until version 1 a file held a route that collected and one that delivered. */
    private void tellOldForm(MappingNode delivering) {
        add(
                delivering,
                "this file has the old form of two routes; Evefan collects by itself now: delete the route " + name
                        + " (its limits become " + name + ".batch.max-events, .max-bytes and .max-age-ms in"
                        + " application.properties), and make this one the destination: id: " + name
                        + ", group: destination, nodePrefixId: " + name + "-, from direct:" + name
                        + ", and autoStartup where the other had it");
    }

    private void checkRoute(MappingNode route) {
        if (SettingsDestinations.isReserved(name)) {
            add(
                    route,
                    "a destination cannot be called " + name + ": evefan, camel and batch-… are names of other things");
        }
        if (!text(route, "group").equals("destination")) {
            add(route, "the route " + name + " needs \"group: destination\", or it gets no events");
        }
        checkFrom(route, "direct:" + name);
        RouteFile.walk(route, (key, node) -> {
            if (text(node, "aggregationStrategy").equals("#eventBatches")) {
                add(node, "Evefan collects by itself: the route gets whole batches; take this aggregate away");
            }
        });
        checkSplits(route);
        checkAnswers(route);
    }

    /** A call that tells no failure has to be followed by what reads the answer, or a 500 is a success. */
    private void checkAnswers(MappingNode route) {
        List<Node> silent = new ArrayList<>();
        List<Node> readers = new ArrayList<>();
        RouteFile.walk(route, (key, node) -> {
            if (key.equals("parameters")
                    && text(node, "throwExceptionOnFailure").equals("false")) {
                silent.add(node);
            }
            if (key.equals("bean")
                    || key.equals("language") && text(node, "language").equals("answer")) {
                readers.add(node);
            }
        });
        for (Node call : silent) {
            if (readers.stream().noneMatch(reader -> line(reader) > line(call))) {
                add(
                        call,
                        "throwExceptionOnFailure: false hides every failure: a script in the language answer has to"
                                + " follow, which says what the answer means");
            }
        }
    }

    private static int line(Node node) {
        return node.getStartMark().map(mark -> mark.getLine()).orElse(0);
    }

    private void checkFrom(MappingNode route, String uri) {
        Node from = value(route, "from");
        if (!text(from, "uri").equals(uri)) {
            add(from == null ? route : from, "the route " + text(route, "id") + " starts from " + uri);
        }
    }

    /** A strategy of Evefan's keeps an event's failure; stopOnException would take a "stop" for one. */
    private void checkSplits(MappingNode route) {
        RouteFile.walk(route, (key, node) -> {
            boolean ours = text(node, "aggregationStrategy").startsWith("#wanted");
            if (key.equals("split") && ours && text(node, "stopOnException").equals("true")) {
                add(node, "stopOnException ends the split at the first event left out: take it away");
            }
            if (key.equals("split") && !ours && !text(node, "stopOnException").equals("true")) {
                add(node, "a split without aggregationStrategy needs \"stopOnException: true\", or failures are lost");
            }
            if (key.equals("split") && text(node, "parallelProcessing").equals("true")) {
                add(node, "parallelProcessing loses the order of events: take it away");
            }
        });
    }

    private void add(Node node, String message) {
        problems.add(Problem.at(path, node, message));
    }
}
