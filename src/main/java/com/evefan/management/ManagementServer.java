package com.evefan.management;

import com.evefan.ingest.Connections;
import com.evefan.ingest.TlsSettings;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.File;
import java.util.concurrent.TimeUnit;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServerConfiguration;
import org.apache.camel.util.FileUtil;
import org.jspecify.annotations.Nullable;

/**
 * The server of the management port. Camel's own cannot be told to ask {@link Access} before it looks for a route, nor what
 * its connections have to do in time.
 */
final class ManagementServer extends VertxPlatformHttpServer {
    private static final int LOOPS = 1;
    static final int WORKERS = 16;
    private static final int MAX_HEAD_BYTES = 16 << 10;
    /** Nothing that is sent here is large: Hawtio's questions to Jolokia. */
    private static final long MAX_BODY_BYTES = 1 << 20;

    private static final int IDLE_MILLIS = 60_000;
    private static final String PAGES = "hawtio-pages";

    private final ManagementSettings settings;
    private final Access access;
    private final Connections connections;
    private final SignIn signIn;

    private @Nullable Vertx vertx;

    ManagementServer(ManagementSettings settings, Access access, SignIn signIn, Connections connections) {
        super(configuration(settings));
        this.settings = settings;
        this.access = access;
        this.signIn = signIn;
        this.connections = connections;
    }

    private static VertxPlatformHttpServerConfiguration configuration(ManagementSettings settings) {
        VertxPlatformHttpServerConfiguration configuration = new VertxPlatformHttpServerConfiguration();
        configuration.setBindHost(settings.host());
        configuration.setBindPort(settings.port());
        return configuration;
    }

    @Override
    protected void doInit() {
        // Not Camel's: it would look for an instance of others.
    }

    @Override
    protected void doStart() throws Exception {
        Vertx started = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(LOOPS)
                .setWorkerPoolSize(WORKERS)
                .setFileSystemOptions(pages()));
        vertx = started;
        Router router = Router.router(started);
        String name = VertxPlatformHttpRouter.getRouterNameFromPort(settings.port());
        getCamelContext().getRegistry().bind(name, new VertxPlatformHttpRouter(this, started, router, name) {
            @Override
            public Handler<RoutingContext> bodyHandler() {
                return BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES);
            }
        });
        signIn.serve(router);
        new ConsoleFiles().serve(router);
        started.setPeriodic(Connections.SWEEP_MILLIS, timer -> connections.endLate());
        started.createHttpServer(options())
                .connectionHandler(connections::watch)
                .requestHandler(request -> handle(request, router))
                .listen(settings.port(), settings.host())
                .toCompletionStage()
                .toCompletableFuture()
                .get();
    }

    /** Where Hawtio's pages are unpacked: one place, emptied here, for a killed Evefan cannot clear up. */
    private FileSystemOptions pages() {
        File directory = settings.dataDirectory().resolve(PAGES).toFile();
        FileUtil.removeDir(directory);
        return new FileSystemOptions().setFileCacheDir(directory.getPath()).setFileCacheDirAsExactPath(true);
    }

    private HttpServerOptions options() {
        HttpServerOptions options = new HttpServerOptions();
        TlsSettings tls = settings.tls();
        tls.applyTo(options);
        return options.setHttp2ClearTextEnabled(false)
                .setUseAlpn(false)
                .setMaxInitialLineLength(MAX_HEAD_BYTES)
                .setMaxHeaderSize(MAX_HEAD_BYTES)
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setIdleTimeout(IDLE_MILLIS)
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
    }

    private void handle(HttpServerRequest request, Router router) {
        if (!connections.cutsOff(request.connection()) && access.admits(request)) {
            router.handle(request);
        }
    }

    @Override
    protected void doStop() throws Exception {
        if (vertx != null) {
            vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
            vertx = null;
        }
    }
}
