package com.evefan.management;

import io.vertx.ext.auth.authentication.AuthenticationProvider;
import io.vertx.ext.web.handler.AuthenticationHandler;
import java.io.IOException;
import org.apache.camel.CamelContext;
import org.apache.camel.Service;
import org.apache.camel.component.micrometer.eventnotifier.MicrometerRouteEventNotifier;
import org.apache.camel.component.platform.http.main.DefaultMainHttpServerFactory;
import org.apache.camel.component.platform.http.main.ManagementHttpServer;
import org.apache.camel.component.platform.http.vertx.auth.AuthenticationConfig;
import org.apache.camel.component.platform.http.vertx.auth.AuthenticationConfig.AuthenticationConfigEntry;
import org.apache.camel.component.platform.http.vertx.auth.AuthenticationConfig.AuthenticationHandlerFactory;
import org.apache.camel.main.HttpManagementServerConfigurationProperties;
import org.apache.camel.main.HttpServerConfigurationProperties;
import org.apache.camel.main.MainHttpServerFactory;
import org.apache.camel.spi.EventNotifier;
import org.apache.camel.spi.ModelToXMLDumper;
import org.apache.camel.support.EventHelper;
import org.apache.camel.support.PluginHelper;

/**
 * Makes Camel's management server with Evefan's {@linkplain Access rules} in front of it and, where one is configured, a
 * certificate. Found by its type in the registry.
 */
public final class ManagementServerFactory implements MainHttpServerFactory {
    private final ManagementSettings settings;
    private final MainHttpServerFactory camels = new DefaultMainHttpServerFactory();

    public ManagementServerFactory(ManagementSettings settings) {
        this.settings = settings;
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
        ManagementHttpServer server = (ManagementHttpServer) camels.newHttpManagementServer(context, properties);
        AuthenticationConfig authentication = server.getConfiguration().getAuthenticationConfig();
        authentication.getEntries().add(everything(access()));
        authentication.setEnabled(true);
        if (settings.tls().enabled()) {
            server.setSslContextParameters(Certificates.sslContext(settings.tls()));
        }
        return server;
    }

    private Access access() {
        try {
            return new Access(AdminToken.of(settings));
        } catch (IOException e) {
            throw new IllegalStateException("the admin token cannot be kept in " + settings.dataDirectory(), e);
        }
    }

    private static AuthenticationConfigEntry everything(Access access) {
        AuthenticationConfigEntry entry = new AuthenticationConfigEntry();
        entry.setPath("/*");
        entry.setAuthenticationProviderFactory(vertx -> (credentials, result) -> {
            throw new IllegalStateException("Access asks nobody");
        });
        entry.setAuthenticationHandlerFactory(new AuthenticationHandlerFactory() {
            @Override
            public <T extends AuthenticationProvider> AuthenticationHandler createAuthenticationHandler(T provider) {
                return access;
            }
        });
        return entry;
    }
}
