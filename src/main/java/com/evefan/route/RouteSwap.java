package com.evefan.route;

import com.evefan.delivery.Destination;
import com.evefan.delivery.Destinations;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/** Exchanges the routes of one file for others while events arrive. Their destinations' places stand still meanwhile. */
final class RouteSwap {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final CamelContext camel;
    private final Destinations destinations;

    RouteSwap(CamelContext camel, Destinations destinations) {
        this.camel = camel;
        this.destinations = destinations;
    }

    /**
     * Exchanges the routes {@code old} for {@code next}; if Camel does not take those, the routes of {@code previous} run
     * again.
     *
     * @return false where a destination is still busy with a batch: nothing has changed then
     * @throws Exception what Camel says against {@code next}
     */
    boolean exchange(Path file, Collection<String> old, RouteText next, RouteText previous) throws Exception {
        List<Destination> held = new ArrayList<>();
        for (String id : old) {
            Destination destination = destinations.get(id);
            if (destination != null) {
                destination.hold();
                held.add(destination);
            }
        }
        try {
            for (Destination destination : held) {
                if (!destination.awaitRest(PATIENCE)) {
                    return false;
                }
            }
            removeAll(old);
            try {
                load(file, next);
            } catch (Exception e) {
                removeAll(next.ids());
                load(file, previous);
                throw e;
            }
            for (Destination destination : held) {
                if (camel.getRoute(destination.name()) == null) {
                    destinations.removed(destination.name(), camel);
                }
            }
            return true;
        } finally {
            held.forEach(Destination::release);
        }
    }

    private void load(Path file, RouteText routes) throws Exception {
        if (!routes.ids().isEmpty()) {
            PluginHelper.getRoutesLoader(camel)
                    .updateRoutes(List.of(ResourceHelper.fromString("file:" + file, routes.text())));
        }
    }

    private void removeAll(Collection<String> ids) throws Exception {
        for (String id : ids) {
            if (camel.getRoute(id) != null) {
                camel.getRouteController().stopRoute(id);
                camel.removeRoute(id);
            }
        }
    }
}
