package com.evefan.delivery;

import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.builder.TemplatedRouteBuilder;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.CamelEvent.RouteEvent;
import org.apache.camel.spi.CamelEvent.RouteStartedEvent;
import org.apache.camel.spi.CamelEvent.RouteStoppedEvent;
import org.apache.camel.support.EventNotifierSupport;

/**
 * Gives every destination a route that redelivers its retry queue: made from the template {@code redelivery} when the
 * destination first starts; stopped and started with it.
 */
public final class RedeliveryRoutes extends EventNotifierSupport {
    private static final String PREFIX = "redelivery-";

    public RedeliveryRoutes() {
        setIgnoreExchangeEvents(true);
        setIgnoreCamelContextEvents(true);
        setIgnoreServiceEvents(true);
        setIgnoreStepEvents(true);
    }

    @Override
    public void notify(CamelEvent event) throws Exception {
        Route route = ((RouteEvent) event).getRoute();
        CamelContext context = route.getCamelContext();
        if (!Destinations.isDestination(route) || context.isStopping()) {
            return;
        }
        String id = PREFIX + route.getRouteId();
        if (event instanceof RouteStoppedEvent) {
            context.getRouteController().stopRoute(id);
        } else if (context.getRoute(id) != null) {
            context.getRouteController().startRoute(id);
        } else {
            TemplatedRouteBuilder.builder(context, "redelivery")
                    .routeId(id)
                    .prefixId(id)
                    .parameters(Map.of("destination", route.getRouteId()))
                    .add();
        }
    }

    @Override
    public boolean isEnabled(CamelEvent event) {
        return event instanceof RouteStartedEvent || event instanceof RouteStoppedEvent;
    }
}
