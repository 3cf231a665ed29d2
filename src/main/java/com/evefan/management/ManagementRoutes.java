package com.evefan.management;

import com.evefan.admin.Administration;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpComponent;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.vertx.HttpMessage;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpConsumer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpEngine;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.support.processor.DelegateAsyncProcessor;

/**
 * The component {@code management}: what {@code platform-http} is for the ingestion port, for the management port. Whoever
 * reaches a route that begins with it has been let in by {@link Access}.
 */
public final class ManagementRoutes extends PlatformHttpComponent {
    /** It is about contents of events, and has none. */
    private static final String DOCUMENT = "/v1/openapi.json";

    public ManagementRoutes(int port) {
        setEngine(new Engine(port));
    }

    /** Whether contents of events are hidden from whoever has sent {@code request}. */
    public static boolean hides(HttpServerRequest request) {
        return Access.isHidden(request);
    }

    /** Whether the admin has sent what {@code exchange} is about; asked before the route's message is replaced. */
    public static boolean isOfAdmin(Exchange exchange) {
        return exchange.getMessage() instanceof HttpMessage message && !Access.isOfReader(message.getRequest());
    }

    private static final class Engine extends VertxPlatformHttpEngine {
        /** Some workers are left for the probes, which must answer whatever else takes long here. */
        private static final int MOST_AT_ONCE = ManagementServer.WORKERS - 4;

        private final int port;
        private final Semaphore room = new Semaphore(MOST_AT_ONCE);

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
            return new VertxPlatformHttpConsumer(
                    endpoint,
                    bounded(endpoint.getPath().equals(DOCUMENT) ? processor : hiding(processor)),
                    getHandlers(),
                    router);
        }

        /** Says that there is too much to do, while as many are answered as may be. */
        private Processor bounded(Processor route) {
            return new DelegateAsyncProcessor(route) {
                @Override
                public boolean process(Exchange exchange, AsyncCallback callback) {
                    if (room.tryAcquire()) {
                        return super.process(exchange, done -> {
                            room.release();
                            callback.done(done);
                        });
                    }
                    Message message = exchange.getMessage();
                    message.removeHeaders("*");
                    message.setHeader(Exchange.HTTP_RESPONSE_CODE, 429);
                    message.setHeader(Exchange.CONTENT_TYPE, Administration.JSON_TYPE);
                    message.setHeader("Retry-After", "1");
                    message.setBody("{\"success\":false,\"error\":\"" + MOST_AT_ONCE
                            + " requests are being answered on the management port: try again in 1 s\"}");
                    callback.done(true);
                    return true;
                }
            };
        }

        /** Hides contents of events from those who may not see them, whatever route has answered. */
        private static Processor hiding(Processor route) {
            return new DelegateAsyncProcessor(route) {
                @Override
                public boolean process(Exchange exchange, AsyncCallback callback) {
                    boolean hides = exchange.getMessage() instanceof HttpMessage message
                            && Access.isHidden(message.getRequest());
                    return super.process(exchange, hides ? done -> hide(exchange, callback, done) : callback);
                }
            };
        }

        private static void hide(Exchange exchange, AsyncCallback callback, boolean done) {
            try {
                byte[] answer = Hidden.of(exchange.getMessage().getBody());
                exchange.getMessage().setBody(answer);
                if (Hidden.isTooLarge(answer)) {
                    exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, 400);
                }
            } catch (IOException e) {
                exchange.getMessage().setBody(null);
                exchange.setException(e);
            }
            callback.done(done);
        }
    }
}
