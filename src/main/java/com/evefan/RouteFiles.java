package com.evefan;

import com.evefan.configuration.Configuration;
import com.evefan.configuration.ConfigurationException;
import com.evefan.delivery.BatchSettings;
import com.evefan.event.Consent;
import com.evefan.route.DestinationRoute;
import com.evefan.route.Problem;
import com.evefan.route.RouteCheck;
import com.evefan.route.RouteFolders;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.BeanRepository;

/** The route files that a configuration names. */
final class RouteFiles {
    static final String PATTERN = "camel.main.routes-include-pattern";

    private RouteFiles() {}

    static List<Path> of(Configuration configuration) throws IOException {
        List<Path> folders = new ArrayList<>(RouteFolders.of(configuration.property(PATTERN)));
        if (folders.remove(configuration.bySettings())) {
            folders.add(configuration.destinations().place(configuration.bySettings()));
        }
        return RouteCheck.files(folders.toArray(Path[]::new));
    }

    static RouteCheck check(Configuration configuration, Evefan wired) {
        return check(configuration, wired.registry());
    }

    /** @param beans that routes may refer to */
    static RouteCheck check(Configuration configuration, BeanRepository beans) {
        return new RouteCheck(beans, configuration.camelProperties(), configuration::isSet);
    }

    /** Whether the batches of every destination have limits that can be kept to: told before anything starts. */
    static void checkBatches(Configuration configuration, CamelContext context) throws Exception {
        List<String> problems = new ArrayList<>();
        for (DestinationRoute destination : DestinationRoute.in(of(configuration), configuration.camelProperties())) {
            try {
                settings(destination, context);
            } catch (IllegalArgumentException e) {
                problems.add(String.valueOf(e.getMessage()));
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
    }

    /** What consent each destination needs. */
    static Map<String, Consent> consents(List<DestinationRoute> destinations, CamelContext context) {
        Map<String, Consent> consents = new HashMap<>();
        destinations.forEach(
                one -> consents.put(one.name(), settings(one, context).consent()));
        return consents;
    }

    private static BatchSettings settings(DestinationRoute destination, CamelContext context) {
        return BatchSettings.of(destination.name(), key -> context.resolvePropertyPlaceholders("{{" + key + ":}}"));
    }

    /** {@code failure} of a start; where the route files are to blame, all that is wrong in them. */
    static Exception explained(Configuration configuration, Exception failure) throws Exception {
        if (!isCamels(failure)) {
            return failure;
        }
        try (Evefan wired = Evefan.wired(configuration)) {
            List<String> problems = Problem.errors(check(configuration, wired).check(of(configuration))).stream()
                    .map(Problem::toString)
                    .toList();
            return problems.isEmpty() ? failure : new ConfigurationException(problems);
        }
    }

    private static boolean isCamels(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String name = cause.getClass().getName();
            if (name.startsWith("org.apache.camel.") || name.startsWith("org.snakeyaml.")) {
                return true;
            }
        }
        return false;
    }
}
