package com.evefan.health;

import com.evefan.delivery.Destination;
import com.evefan.delivery.Destinations;
import java.util.Collection;
import javax.management.JMException;
import javax.management.ObjectName;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.spi.ManagementAgent;
import org.apache.camel.support.LifecycleStrategySupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows each destination in JMX, as {@code com.evefan:type=destination,name=<destination>}, while its route is there. */
public final class ManagedDestinations extends LifecycleStrategySupport {
    private static final Logger LOG = LoggerFactory.getLogger(ManagedDestinations.class);

    private final Health health;

    private final Destinations destinations;

    public ManagedDestinations(Health health, Destinations destinations) {
        this.health = health;
        this.destinations = destinations;
    }

    @Override
    public void onRoutesAdd(Collection<Route> routes) {
        routes.stream().filter(ManagedDestinations::isDestination).forEach(route -> {
            Destination one = destinations.known(route.getRouteId());
            ManagedDestination managed = new ManagedDestination(one.name(), () -> health.report(one), System::nanoTime);
            with(route.getCamelContext(), agent -> agent.register(managed, name(route)));
        });
    }

    @Override
    public void onRoutesRemove(Collection<Route> routes) {
        routes.stream()
                .filter(ManagedDestinations::isDestination)
                .forEach(route -> with(route.getCamelContext(), agent -> agent.unregister(name(route))));
    }

    private static boolean isDestination(Route route) {
        return Destinations.GROUP.equals(route.getGroup());
    }

    private static void with(CamelContext context, Registration registration) {
        ManagementAgent agent = context.getManagementStrategy().getManagementAgent();
        try {
            if (agent != null) {
                registration.at(agent);
            }
        } catch (JMException e) {
            LOG.warn("A destination cannot be shown in JMX", e);
        }
    }

    private static ObjectName name(Route route) throws JMException {
        return new ObjectName("com.evefan:type=destination,name=" + ObjectName.quote(route.getRouteId()));
    }

    @FunctionalInterface
    private interface Registration {
        void at(ManagementAgent agent) throws JMException;
    }
}
