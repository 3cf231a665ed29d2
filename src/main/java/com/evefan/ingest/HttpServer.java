package com.evefan.ingest;

import io.vertx.core.VertxOptions;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServerConfiguration;

/** The set-up of the HTTP server that has no property of Camel's. */
public final class HttpServer {
    /** Threads that read requests and wait for the journal; with more, more requests share an fsync. */
    private static final int WORKERS = 64;

    private HttpServer() {}

    /**
     * Tells Camel which of its two servers the routes belong to. Without it, Camel 4.17 looks for a server on port 8080
     * whatever {@code camel.server.port} says.
     */
    public static VertxPlatformHttpServerConfiguration configuration(int port) {
        VertxPlatformHttpServerConfiguration configuration = new VertxPlatformHttpServerConfiguration();
        configuration.setBindPort(port);
        return configuration;
    }

    public static VertxOptions threads() {
        return new VertxOptions().setWorkerPoolSize(WORKERS);
    }
}
