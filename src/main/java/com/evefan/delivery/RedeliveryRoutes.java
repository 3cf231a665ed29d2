package com.evefan.delivery;

import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.builder.TemplatedRouteBuilder;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.CamelEvent.CamelContextStartedEvent;
import org.apache.camel.spi.CamelEvent.RouteStartedEvent;
import org.apache.camel.spi.CamelEvent.RouteStoppedEvent;
import org.apache.camel.support.EventNotifierSupport;

/**
 * Gives every destination a route that redelivers its retry queue: made from the template {@code redelivery} when the
 * destination first starts; stopped and started with it.
 */
public final class RedeliveryRoutes extends EventNotifierSupport {
    /** Before the destination's name, the id of the route that redelivers to it. */
    public static final String PREFIX = "redelivery-";

    public RedeliveryRoutes() {
        setIgnoreExchangeEvents(true);
        setIgnoreServiceEvents(true);
        setIgnoreStepEvents(true);
    }

    @Override
    public void notify(CamelEvent event) throws Exception {
        if (event instanceof CamelContextStartedEvent started) {
            // Camel starts no route that is added while it is starting itself.
            for (Route route : started.getContext().getRoutes()) {
                if (started.getContext()
                        .getRouteController()
                        .getRouteStatus(route.getRouteId())
                        .isStarted()) {
                    start(route);
                }
            }
        } else if (event instanceof RouteStartedEvent started) {
            start(started.getRoute());
        } else if (event instanceof RouteStoppedEvent stopped) {
            stop(stopped.getRoute());
        }
    }

    @Override
    public boolean isEnabled(CamelEvent event) {
        return event instanceof CamelContextStartedEvent
                || event instanceof RouteStartedEvent
                || event instanceof RouteStoppedEvent;
    }

    private static void start(Route route) throws Exception {
        CamelContext context = route.getCamelContext();
        if (!Destinations.isDestination(route) || !context.isStarted()) {
            return;
        }
        String id = PREFIX + route.getRouteId();
        if (context.getRoute(id) != null) {
            context.getRouteController().startRoute(id);
        } else {
            TemplatedRouteBuilder.builder(context, "redelivery")
                    .routeId(id)
                    .prefixId(id + "-")
                    .parameters(Map.of("destination", route.getRouteId()))
                    .add();
        }
    }

    private static void stop(Route route) throws Exception {
        CamelContext context = route.getCamelContext();
        if (Destinations.isDestination(route) && context.isStarted()) {
            context.getRouteController().stopRoute(PREFIX + route.getRouteId());
        }
    }
}
