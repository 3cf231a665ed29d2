package com.evefan.route;

import static com.evefan.route.RouteFile.text;
import static com.evefan.route.RouteFile.value;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** What a destination needs so that no event of it is lost: each rule is one that was broken once, with that effect. */
final class DestinationRules {
    private static final Map<String, String> AGGREGATE = Map.of(
            "aggregationStrategy", "#eventBatches",
            "forceCompletionOnStop", "true",
            "executorService", "delivery");

    private final Path path;
    private final String name;
    private final List<Problem> problems = new ArrayList<>();

    private DestinationRules(RouteFile file) {
        this.path = file.path();
        this.name = file.name();
    }

    static List<Problem> check(RouteFile file) {
        DestinationRules rules = new DestinationRules(file);
        MappingNode collecting = rules.route(file, rules.name);
        MappingNode delivering = rules.route(file, "deliver-" + rules.name);
        if (collecting != null) {
            rules.checkCollecting(collecting);
        }
        if (delivering != null) {
            rules.checkFrom(delivering, "direct:deliver-" + rules.name);
            rules.checkSplits(delivering);
        }
        return rules.problems;
    }

    private @Nullable MappingNode route(RouteFile file, String id) {
        for (MappingNode route : file.all("route")) {
            if (text(route, "id").equals(id)) {
                return route;
            }
        }
        problems.add(new Problem(path, 0, 0, "the file has no route with the id " + id + ", after the file's name"));
        return null;
    }

    private void checkCollecting(MappingNode route) {
        if (!text(route, "group").equals("destination")) {
            add(route, "the route " + name + " needs \"group: destination\", or it gets no events");
        }
        checkFrom(route, "direct:" + name);
        Node steps = value(value(route, "from"), "steps");
        if (!(steps instanceof SequenceNode list) || list.getValue().size() != 1) {
            add(
                    route,
                    "the route " + name + " is an aggregate and nothing else; work on events belongs into deliver-"
                            + name + ", which is tried again when it fails");
            return;
        }
        Node aggregate = value(list.getValue().get(0), "aggregate");
        if (aggregate == null) {
            add(list, "the route " + name + " needs an aggregate: without one events are delivered one by one");
            return;
        }
        checkAggregate(aggregate);
    }

    private void checkAggregate(Node aggregate) {
        AGGREGATE.forEach((key, wanted) -> {
            if (!text(aggregate, key).equals(wanted)) {
                add(aggregate, "the aggregate needs \"" + key + ": " + wanted + "\"");
            }
        });
        if (value(aggregate, "completionInterval") == null) {
            add(
                    aggregate,
                    "the aggregate needs a completionInterval, the age of a batch in ms; completionTimeout is"
                            + " a time without events, and a steady trickle never ends");
        }
        if (!(value(aggregate, "steps") instanceof SequenceNode steps)
                || steps.getValue().size() != 1
                || !text(value(steps.getValue().get(0), "to"), "uri").equals("direct:delivery")) {
            add(
                    aggregate,
                    "the aggregate's only step is \"to: {uri: direct:delivery}\": from there come retries, order"
                            + " and dead letters");
        }
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
