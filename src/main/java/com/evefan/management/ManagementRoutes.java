package com.evefan.management;

import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpComponent;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpConsumer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpEngine;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;

/**
 * The component {@code management}: what {@code platform-http} is for the ingestion port, for the management port. Whoever
 * reaches a route that begins with it has been let in by {@link Access}.
 */
public final class ManagementRoutes extends PlatformHttpComponent {
    public ManagementRoutes(int port) {
        setEngine(new Engine(port));
    }

    private static final class Engine extends VertxPlatformHttpEngine {
        private final int port;

        Engine(int port) {
            this.port = port;
        }

        @Override
        public int getServerPort() {
            return port;
        }

        @Override
        protected void doInit() {
            // Not Camel's: it would become the engine of all endpoints.
        }

        @Override
        public PlatformHttpConsumer createConsumer(PlatformHttpEndpoint endpoint, Processor processor) {
            String router = VertxPlatformHttpRouter.getRouterNameFromPort(port);
            return new VertxPlatformHttpConsumer(endpoint, processor, getHandlers(), router);
        }
    }
}
