package com.evefan.management;

import com.evefan.ingest.Connections;
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
    private final MainHttpServerFactory camels = new DefaultMainHttpServerFactory();

    public ManagementServerFactory(ManagementSettings settings, Connections connections) {
        this.settings = settings;
        this.connections = connections;
    }

    /** Makes what the consoles show of {@code context} complete; before it starts. */
    public static void prepare(CamelContext context) {
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
            // Camel's takes this one for its own, as it has the same port.
            context.addService(new ManagementServer(
                    settings, new Access(settings, Tokens.of(settings), new Guesses(System::nanoTime)), connections));
        } catch (Exception e) {
            throw new IllegalStateException("the management port cannot be served: " + e.getMessage(), e);
        }
        return camels.newHttpManagementServer(context, properties);
    }
}
