package com.evefan.delivery;

import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.StatefulService;

/** Whether the route that an exchange came in by still consumes. */
final class Consumers {
    private Consumers() {}

    static boolean isRunning(Exchange exchange) {
        Route route = exchange.getContext().getRoute(exchange.getFromRouteId());
        return route != null
                && (!(route.getConsumer() instanceof StatefulService consumer)
                        || !(consumer.isStopping() || consumer.isStopped() || consumer.isSuspending()));
    }
}
