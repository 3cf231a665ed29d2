package com.evefan.route;

import static com.evefan.route.RouteFile.text;
import static com.evefan.route.RouteFile.value;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/** Ids that stand twice: routes among all files, steps among all routes. */
final class DuplicateIds {
    private final Map<String, Problem> first = new HashMap<>();
    private final List<Problem> problems = new ArrayList<>();

    private DuplicateIds() {}

    static List<Problem> among(Collection<RouteFile> files) {
        DuplicateIds ids = new DuplicateIds();
        for (RouteFile file : files) {
            for (MappingNode route : file.all("route")) {
                ids.add(file, route, "route ", text(route, "id"));
                Node from = value(route, "from");
                if (from != null) {
                    ids.add(file, from, "", from(from));
                    ids.addSteps(file, from, text(route, "nodePrefixId"));
                }
            }
        }
        return ids.problems;
    }

    /** Two routes may listen at one path, for different methods of HTTP. */
    private static String from(Node from) {
        String method = text(value(from, "parameters"), "httpMethodRestrict");
        return "from " + (method.isEmpty() ? "" : method + " ") + text(from, "uri");
    }

    private void addSteps(RouteFile file, Node from, String prefix) {
        RouteFile.walk(from, (key, node) -> {
            if (node instanceof MappingNode && !text(node, "id").isEmpty()) {
                add(file, node, "step ", prefix + text(node, "id"));
            }
        });
        if (!text(from, "id").isEmpty()) {
            add(file, from, "step ", prefix + text(from, "id"));
        }
    }

    private void add(RouteFile file, Node node, String what, String id) {
        String name = what + id;
        if (id.isEmpty() || name.endsWith(" ")) {
            return;
        }
        Problem here = Problem.at(file.path(), node, "");
        Problem before = first.putIfAbsent(name, here);
        if (before != null) {
            problems.add(
                    Problem.at(file.path(), node, name + " is there already: " + before.file() + ":" + before.line()));
        }
    }
}
