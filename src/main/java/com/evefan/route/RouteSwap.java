package com.evefan.route;

import com.evefan.delivery.Destinations;
import com.evefan.delivery.Holding;
import com.evefan.delivery.RedeliveryRoutes;
import com.evefan.event.EventBatch;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.Route;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.support.service.ServiceHelper;

/**
 * Exchanges the routes of one file for others while events arrive. Nothing is lost: new events of a destination whose
 * routes are being exchanged go to its retry queue, once those already collected are delivered by the old routes.
 */
final class RouteSwap {
    private static final int DRAIN_SECONDS = 20;

    private final CamelContext camel;
    private final Destinations destinations;
    private final Holding holding;
    private final ProducerTemplate template;

    RouteSwap(CamelContext camel, Destinations destinations, Holding holding) {
        this.camel = camel;
        this.destinations = destinations;
        this.holding = holding;
        this.template = camel.createProducerTemplate();
    }

    /**
     * Exchanges the routes {@code old} for {@code next}; if Camel does not take those, the routes of {@code previous} run
     * again.
     *
     * @return false where a destination is still busy with what it had collected: nothing has changed then
     * @throws Exception what Camel says against {@code next}
     */
    boolean exchange(Path file, Collection<String> old, RouteText next, RouteText previous) throws Exception {
        TreeSet<String> held = new TreeSet<>();
        old.stream().filter(this::isDestination).forEach(held::add);
        held.forEach(destinations::hold);
        try {
            if (!stopInOrder(old, held)) {
                return false;
            }
            try {
                load(file, next);
            } catch (Exception e) {
                stopAll(next.ids());
                load(file, previous);
                throw e;
            }
            return true;
        } finally {
            held.forEach(name -> destinations.release(name, camel.getRoute(name) != null));
        }
    }

    /** What arrives for the destinations {@code held} in the meantime comes after all that they had collected. */
    private boolean stopInOrder(Collection<String> ids, Collection<String> held) throws Exception {
        held.forEach(holding::start);
        try {
            return stopAll(ids);
        } finally {
            held.forEach(name -> holding.end(name, batch -> handOver(name, batch)));
        }
    }

    /** To the destination where it is still there, or else into its retry queue. */
    private void handOver(String destination, EventBatch batch) {
        String endpoint = camel.getRoute(destination) == null ? "direct:keep-for-later" : "direct:" + destination;
        template.send(endpoint, exchange -> {
            exchange.setProperty(Destinations.PROPERTY, destination);
            exchange.getMessage().setBody(batch);
        });
    }

    private void load(Path file, RouteText routes) throws Exception {
        if (!routes.ids().isEmpty()) {
            PluginHelper.getRoutesLoader(camel)
                    .updateRoutes(List.of(ResourceHelper.fromString("file:" + file, routes.text())));
        }
    }

    /** Stops and removes routes, destinations first, so that what these have collected still finds the others. */
    private boolean stopAll(Collection<String> ids) throws Exception {
        for (String id : ids) {
            if (isDestination(id) && !drain(id)) {
                return false;
            }
        }
        for (String id : ids) {
            if (camel.getRoute(id) != null) {
                camel.getRouteController().stopRoute(id);
                camel.removeRoute(id);
            }
            String redelivery = RedeliveryRoutes.PREFIX + id;
            if (camel.getRoute(redelivery) != null) {
                camel.getRouteController().stopRoute(redelivery);
                camel.removeRoute(redelivery);
            }
        }
        return true;
    }

    private boolean drain(String id) throws Exception {
        Route route = Objects.requireNonNull(camel.getRoute(id));
        ServiceHelper.suspendService(route.getConsumer());
        if (camel.getRouteController().stopRoute(id, DRAIN_SECONDS, TimeUnit.SECONDS, true)) {
            return true;
        }
        ServiceHelper.resumeService(route.getConsumer());
        return false;
    }

    private boolean isDestination(String id) {
        Route route = camel.getRoute(id);
        return route != null && Objects.equals(route.getGroup(), Destinations.GROUP);
    }
}
