package com.evefan.ingest;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Verticle;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServerConfiguration;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.support.service.ServiceSupport;
import org.jspecify.annotations.Nullable;

/**
 * The server behind the {@code platform-http} routes. It is not the one of {@code camel.server.*}, because that one reads
 * a body as a form when its Content-Type says so, and SDKs and {@code curl -d} say so of JSON; and because it cannot be
 * told how many connections to keep, for how long, and how much of their bodies.
 */
public final class HttpServer extends ServiceSupport {
    /** Threads that read requests and write their answers; the other cores have the journal and the destinations. */
    static final int LOOPS = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    /** Threads for routes that may block. */
    private static final int WORKERS = 32;
    /** A beacon's cookies have been seen to take 2.2 KB. */
    private static final int MAX_HEADER_BYTES = 32 << 10;
    /** A pixel's event stands in its URL. */
    private static final int MAX_LINE_BYTES = 32 << 10;

    /** The path of events, as Vert.x writes it. */
    private static final String EVENTS = "/v1/:call";

    private static final CharSequence CONTENT_TYPE_OPTIONS = HttpHeaders.createOptimized("X-Content-Type-Options");
    private static final CharSequence NO_SNIFFING = HttpHeaders.createOptimized("nosniff");

    private final HttpSettings settings;
    private final Sources sources;
    private final CamelContext context;
    private final Connections connections;
    private final BodyMemory memory;
    private @Nullable Vertx vertx;

    private final Closing closing;

    public HttpServer(HttpSettings settings, Sources sources, TrustedProxies proxies, CamelContext context) {
        this.settings = settings;
        this.sources = sources;
        this.context = context;
        this.connections = new Connections(settings, proxies);
        this.memory = new BodyMemory(settings.maxBodyMemoryBytes());
        this.closing = new Closing(sources.refusals());
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
        HealthCheckRegistry checks = HealthCheckRegistry.get(context);
        if (checks != null) {
            checks.register(closing);
        }
        // It serves no files, so it needs no directory for those of the class path.
        Vertx started = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(LOOPS)
                .setWorkerPoolSize(WORKERS)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        vertx = started;
        Router router = Router.router(started);
        HttpErrors errors = new HttpErrors(sources);
        errors.on(router, settings);
        if (!settings.pathAliases().isEmpty()) {
            router.route().order(-3).handler(this::followAlias);
        }
        router.route().order(-2).handler(this::begin).handler(new Cors(sources));
        Handler<RoutingContext> bodies =
                new Bodies(settings.maxRequestBytes(), memory, connections, new Authentication(sources));
        String name = VertxPlatformHttpRouter.getRouterNameFromPort(settings.port());
        context.getRegistry().bind(name, new VertxPlatformHttpRouter(null, started, router, name) {
            @Override
            public Handler<RoutingContext> bodyHandler() {
                return bodies;
            }

            @Override
            public Route route(String path) {
                Route route = super.route(path);
                // Most requests want this one, and each that stands before it costs them a regular expression.
                return path.equals(EVENTS) ? route.order(-1) : route;
            }
        });
        started.setPeriodic(Connections.SWEEP_MILLIS, timer -> connections.endLate());
        started.deployVerticle(() -> server(router, errors), new DeploymentOptions().setInstances(LOOPS))
                .toCompletionStage()
                .toCompletableFuture()
                .get();
    }

    /** One of several that share the port: each has a thread of its own, and its share of the connections. */
    private Verticle server(Router router, HttpErrors errors) {
        return new AbstractVerticle() {
            @Override
            public void start(Promise<Void> listening) {
                vertx.createHttpServer(options())
                        .connectionHandler(connections::opened)
                        .invalidRequestHandler(errors::invalid)
                        .requestHandler(request -> handle(request, router, errors))
                        .listen(settings.port(), settings.host())
                        .<Void>mapEmpty()
                        .onComplete(listening);
            }
        };
    }

    private void handle(HttpServerRequest request, Router router, HttpErrors errors) {
        request.response().putHeader(CONTENT_TYPE_OPTIONS, NO_SNIFFING);
        if (NormalForm.refuses(request) || connections.cutsOff(request.connection())) {
            return;
        }
        String coding = request.getHeader(HttpHeaders.TRANSFER_ENCODING);
        if (coding != null && !coding.strip().equalsIgnoreCase("chunked")) {
            errors.unknownCoding(request);
        } else if (!closing.answer(request)) {
            router.handle(withoutContentType(request));
        }
    }

    private HttpServerOptions options() {
        HttpServerOptions options = new HttpServerOptions();
        settings.tls().applyTo(options);
        return options.setMaxHeaderSize(MAX_HEADER_BYTES)
                .setMaxInitialLineLength(MAX_LINE_BYTES)
                // HTTP/2 is a proxy's business, with TLS; without it no SDK speaks it.
                .setHttp2ClearTextEnabled(false)
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setIdleTimeout((int) settings.idleTimeout().toMillis())
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
    }

    private void followAlias(RoutingContext routing) {
        String path = routing.request().path();
        String query = routing.request().query();
        for (Map.Entry<String, String> alias : settings.pathAliases().entrySet()) {
            if (path.equals(alias.getKey()) || path.startsWith(alias.getKey() + "/")) {
                String rest = path.substring(alias.getKey().length());
                routing.reroute(alias.getValue() + rest + (query == null ? "" : "?" + query));
                return;
            }
        }
        routing.next();
    }

    private void begin(RoutingContext routing) {
        connections.receiving(routing);
        routing.addEndHandler(ended -> connections.answered(routing));
        routing.next();
    }

    private static HttpServerRequest withoutContentType(HttpServerRequest request) {
        request.headers().remove(HttpHeaders.CONTENT_TYPE);
        return request;
    }

    /** From now on requests are taken: the routes run. */
    public void open() {
        closing.open();
    }

    /** From now on requests are answered 503, and Evefan is not ready; those under way go on. */
    public void drain() {
        closing.begin();
    }

    /** Open connections. */
    public int connections() {
        return connections.count();
    }

    /** Bytes of request bodies that are in memory now. */
    public long bodyBytes() {
        return memory.used();
    }

    @Override
    protected void doStop() throws Exception {
        if (vertx != null) {
            vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
            vertx = null;
        }
    }
}
