package com.evefan.ingest;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.impl.VertxWrapper;

/**
 * What Camel makes its management server with, which it finds by its type: the server has the bounds and deadlines of
 * ingestion, and strong TLS. Camel itself has no setting for them.
 */
public final class ManagementVertx extends VertxWrapper {
    private final Connections connections;

    private ManagementVertx(VertxInternal delegate, Connections connections) {
        super(delegate);
        this.connections = connections;
    }

    public static ManagementVertx create(HttpSettings settings, TrustedProxies proxies) {
        Connections connections = new Connections(settings, proxies);
        Vertx vertx = Vertx.vertx();
        vertx.setPeriodic(HttpServer.SWEEP_MILLIS, timer -> connections.endLate());
        return new ManagementVertx((VertxInternal) vertx, connections);
    }

    @Override
    public io.vertx.core.http.HttpServer createHttpServer(HttpServerOptions options) {
        // HTTP/2 shares a connection between requests, which have deadlines of their own here.
        options.setHttp2ClearTextEnabled(false).setUseAlpn(false);
        if (options.isSsl()) {
            TlsSettings.requireStrong(options);
        }
        return super.createHttpServer(options).connectionHandler(connections::watch);
    }
}
