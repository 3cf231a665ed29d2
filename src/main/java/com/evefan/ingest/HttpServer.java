package com.evefan.ingest;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServerConfiguration;
import org.apache.camel.support.service.ServiceSupport;
import org.jspecify.annotations.Nullable;

/**
 * The server behind the {@code platform-http} routes. It is not the one of {@code camel.server.*}, because that one reads
 * a body as a form when its Content-Type says so, and SDKs and {@code curl -d} say so of JSON; and because it cannot be
 * told how many connections to keep and for how long.
 */
public final class HttpServer extends ServiceSupport {
    /** Threads that read requests and wait for the journal; with more, more requests share an fsync. */
    private static final int WORKERS = 64;
    /** A beacon's cookies have been seen to take 2.2 KB. */
    private static final int MAX_HEADER_BYTES = 32 << 10;

    private final HttpSettings settings;
    private final CamelContext context;
    private final AtomicInteger connections = new AtomicInteger();
    private @Nullable Vertx vertx;

    public HttpServer(HttpSettings settings, CamelContext context) {
        this.settings = settings;
        this.context = context;
    }

    /** Tells Camel which of its servers the routes belong to: this one, not the one for management. */
    public static VertxPlatformHttpServerConfiguration configuration(HttpSettings settings) {
        VertxPlatformHttpServerConfiguration configuration = new VertxPlatformHttpServerConfiguration();
        configuration.setBindHost(settings.host());
        configuration.setBindPort(settings.port());
        return configuration;
    }

    @Override
    protected void doStart() throws Exception {
        Vertx started = Vertx.vertx(new VertxOptions().setWorkerPoolSize(WORKERS));
        vertx = started;
        Router router = Router.router(started);
        router.errorHandler(404, failure(404, "there is nothing here; events go to POST /v1/track and its likes"));
        router.errorHandler(405, failure(405, "events are sent with POST"));
        router.errorHandler(413, failure(413, "a request may have " + settings.maxRequestBytes() + " bytes at most"));
        String name = VertxPlatformHttpRouter.getRouterNameFromPort(settings.port());
        context.getRegistry().bind(name, new VertxPlatformHttpRouter(null, started, router, name) {
            @Override
            public Handler<RoutingContext> bodyHandler() {
                return BodyHandler.create(false).setBodyLimit(settings.maxRequestBytes());
            }
        });
        started.createHttpServer(options())
                .connectionHandler(this::limit)
                .requestHandler(request -> router.handle(withoutContentType(request)))
                .listen(settings.port(), settings.host())
                .toCompletionStage()
                .toCompletableFuture()
                .get();
    }

    private HttpServerOptions options() {
        HttpServerOptions options = new HttpServerOptions();
        if (settings.tls().enabled()) {
            options.setSsl(true)
                    .setUseAlpn(true)
                    .setKeyCertOptions(new PemKeyCertOptions()
                            .setCertPath(settings.tls().certificate())
                            .setKeyPath(settings.tls().key()));
        }
        return options.setMaxHeaderSize(MAX_HEADER_BYTES)
                .setIdleTimeout((int) settings.idleTimeout().toMillis())
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
    }

    private void limit(HttpConnection connection) {
        connection.closeHandler(closed -> connections.decrementAndGet());
        if (connections.incrementAndGet() > settings.maxConnections()) {
            connection.close();
        }
    }

    private static HttpServerRequest withoutContentType(HttpServerRequest request) {
        request.headers().remove(HttpHeaders.CONTENT_TYPE);
        return request;
    }

    private static Handler<RoutingContext> failure(int status, String error) {
        byte[] body = Answers.error(error);
        return routing -> routing.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, Answers.JSON_TYPE)
                .end(io.vertx.core.buffer.Buffer.buffer(body));
    }

    @Override
    protected void doStop() throws Exception {
        if (vertx != null) {
            vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
            vertx = null;
        }
    }
}
