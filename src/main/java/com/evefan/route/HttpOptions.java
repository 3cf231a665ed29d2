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

/** Options of HTTP calls: Camel sends one that it does not know to the server, so that a misspelt one goes unnoticed. */
final class HttpOptions {
    private static final List<String> STEPS = List.of("to", "toD", "enrich");

    /** What the component takes out of an endpoint's options beyond those that its metadata lists. */
    private static final Set<String> TIMEOUTS =
            Set.of("connectTimeout", "connectionRequestTimeout", "responseTimeout", "soTimeout");

    private HttpOptions() {}

    static List<Problem> check(RouteFile file, CamelContext camel) {
        List<Problem> problems = new ArrayList<>();
        for (Node entry : file.entries()) {
            RouteFile.walk(entry, (key, node) -> {
                if (STEPS.contains(key) && value(node, "parameters") instanceof MappingNode parameters) {
                    check(file, camel, text(node, "uri"), parameters, problems);
                }
            });
        }
        return problems;
    }

    private static void check(
            RouteFile file, CamelContext camel, String uri, MappingNode parameters, List<Problem> problems) {
        if (!camel.resolvePropertyPlaceholders(uri).startsWith("http")) {
            return;
        }
        Set<String> known = options(camel);
        for (NodeTuple parameter : parameters.getValue()) {
            String option = text(parameter.getKeyNode());
            if (!known.isEmpty()
                    && !known.contains(option)
                    && !TIMEOUTS.contains(option)
                    && !option.startsWith("httpClient.")) {
                problems.add(Problem.at(
                        file.path(),
                        parameter.getKeyNode(),
                        "HTTP calls have no option " + option
                                + "; if the server is to get it, set the header CamelHttpQuery"));
            }
        }
    }

    private static Set<String> options(CamelContext camel) {
        EndpointUriFactory http = camel.getCamelContextExtension().getEndpointUriFactory("http");
        return http == null ? Set.of() : http.propertyNames();
    }
}
