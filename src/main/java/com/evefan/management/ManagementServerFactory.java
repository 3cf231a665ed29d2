package com.evefan.management;

import com.evefan.ingest.Connections;
import java.time.Clock;
import org.apache.camel.CamelContext;
import org.apache.camel.Service;
import org.apache.camel.component.micrometer.eventnotifier.MicrometerRouteEventNotifier;
import org.apache.camel.component.platform.http.main.DefaultMainHttpServerFactory;
import org.apache.camel.main.HttpManagementServerConfigurationProperties;
import org.apache.camel.main.HttpServerConfigurationProperties;
import org.apache.camel.main.MainHttpServerFactory;
import org.apache.camel.spi.EventNotifier;
import org.apache.camel.spi.ModelToXMLDumper;
import org.apache.camel.support.EventHelper;
import org.apache.camel.support.PluginHelper;

/**
 * Makes Camel's management server run on a {@linkplain ManagementServer server of our own}. Found by its type in the
 * registry.
 */
public final class ManagementServerFactory implements MainHttpServerFactory {
    private final ManagementSettings settings;
    private final Connections connections;
    private final Sessions sessions;
    private final MainHttpServerFactory camels = new DefaultMainHttpServerFactory();

    public ManagementServerFactory(ManagementSettings settings, Connections connections) {
        this.settings = settings;
        this.connections = connections;
        this.sessions = new Sessions(settings, Clock.systemUTC());
    }

    /** Who is signed in. */
    public Sessions sessions() {
        return sessions;
    }

    /** Makes what Hawtio shows of {@code context} complete, and free of secrets; before it starts. */
    public static void prepare(CamelContext context) {
        EndpointNames names = new EndpointNames();
        names.setCamelContext(context);
        context.getManagementStrategy().setManagementObjectNameStrategy(names);
        context.getCamelContextExtension()
                .addContextPlugin(ModelToXMLDumper.class, new FullIds(PluginHelper.getModelToXMLDumper(context)));
    }

    /** Stops what of the metrics costs something for every exchange; after the start of {@code context}. */
    public static void spare(CamelContext context) {
        for (EventNotifier notifier : context.getManagementStrategy().getEventNotifiers()) {
            // Counts routes, and is told of every exchange.
            if (notifier instanceof MicrometerRouteEventNotifier routes) {
                routes.setIgnoreExchangeEvents(true);
            }
        }
        context.getCamelContextExtension().setEventNotificationApplicable(EventHelper.eventsApplicable(context));
    }

    @Override
    public Service newHttpServer(CamelContext context, HttpServerConfigurationProperties properties) {
        return camels.newHttpServer(context, properties);
    }

    @Override
    public Service newHttpManagementServer(
            CamelContext context, HttpManagementServerConfigurationProperties properties) {
        try {
            Tokens tokens = Tokens.of(settings);
            Guesses guesses = new Guesses(System::nanoTime);
            // Camel's takes this one for its own, as it has the same port.
            context.addService(new ManagementServer(
                    settings,
                    new Access(settings, tokens, guesses, sessions),
                    new SignIn(settings, tokens, guesses, sessions),
                    connections));
        } catch (Exception e) {
            throw new IllegalStateException("the management port cannot be served: " + e.getMessage(), e);
        }
        return camels.newHttpManagementServer(context, properties);
    }
}
