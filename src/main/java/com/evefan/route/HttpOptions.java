package com.evefan.route;

import static com.evefan.route.RouteFile.text;
import static com.evefan.route.RouteFile.value;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.EndpointUriFactory;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;

/**
 * Options of HTTP calls. Camel sends one that it does not know to the server, without its dashes, so that a misspelt one
 * goes unnoticed. What the server is to get has one place, the header {@code CamelHttpQuery}.
 */
final class HttpOptions {
    private static final List<String> STEPS = List.of("to", "toD", "enrich");

    /** What the component takes out of an endpoint's options beyond those that its metadata lists. */
    private static final Set<String> TIMEOUTS =
            Set.of("connectTimeout", "connectionRequestTimeout", "responseTimeout", "soTimeout");

    private HttpOptions() {}

    static List<Problem> check(RouteFile file, CamelContext camel) {
        List<Problem> problems = new ArrayList<>();
        for (Node entry : file.entries()) {
            if (value(entry, "routeTemplate") != null) {
                continue; // its parameters have no values yet
            }
            RouteFile.walk(entry, (key, node) -> {
                if (STEPS.contains(key) && isHttp(camel, text(node, "uri"))) {
                    check(file, camel, node, problems);
                }
            });
        }
        return problems;
    }

    private static boolean isHttp(CamelContext camel, String uri) {
        return camel.resolvePropertyPlaceholders(uri).startsWith("http");
    }

    private static void check(RouteFile file, CamelContext camel, Node step, List<Problem> problems) {
        Set<String> known = options(camel);
        if (!(value(step, "parameters") instanceof MappingNode parameters)) {
            return;
        }
        for (NodeTuple parameter : parameters.getValue()) {
            String option = text(parameter.getKeyNode());
            if (!isOption(option, known)) {
                problems.add(Problem.at(
                        file.path(),
                        parameter.getKeyNode(),
                        "HTTP calls have no option " + option + Suggestion.near(option, known)
                                + "; what the server is to get stands in the header CamelHttpQuery: " + option + "=…"));
            }
        }
    }

    private static boolean isOption(String name, Set<String> known) {
        return known.contains(name) || TIMEOUTS.contains(name) || name.startsWith("httpClient.");
    }

    private static Set<String> options(CamelContext camel) {
        EndpointUriFactory http = camel.getCamelContextExtension().getEndpointUriFactory("http");
        return http == null ? Set.of() : http.propertyNames();
    }
}
