package com.evefan.ingest;

import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpEngine;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;

/** Camel's engine for {@code platform-http}, with our consumer. Found by its type in the registry. */
public final class HttpEngine extends VertxPlatformHttpEngine {
    private final Ingestion ingestion;
    private final boolean traced;

    /** @param traced whether requests have spans, which live on the thread that has begun them */
    public HttpEngine(Ingestion ingestion, boolean traced) {
        this.ingestion = ingestion;
        this.traced = traced;
    }

    @Override
    public PlatformHttpConsumer createConsumer(PlatformHttpEndpoint endpoint, Processor processor) {
        String router = VertxPlatformHttpRouter.getRouterNameFromPort(getServerPort());
        return new EventLoopConsumer(endpoint, processor, getHandlers(), router, ingestion.intake(), traced);
    }
}
