package com.evefan.ingest;

import com.evefan.journal.JournalConstants;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.impl.ContextInternal;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.ExtendedCamelContext;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.vertx.HttpMessage;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Camel's consumer holds a worker thread from a request to its answer. A route of the group {@value #GROUP}
 * promises never to block; here it runs on the thread that has read the request, which goes on with other requests while
 * the journal writes. Large requests take a worker all the same, so that nobody waits for their parsing.
 */
final class EventLoopConsumer extends VertxPlatformHttpConsumer {
    /** The group of routes none of whose steps blocks. */
    static final String GROUP = "ingestion";

    private volatile @Nullable Route route;

    EventLoopConsumer(
            PlatformHttpEndpoint endpoint, Processor processor, List<Handler<RoutingContext>> handlers, String router) {
        super(endpoint, processor, handlers, router);
    }

    @Override
    protected void handleRequest(RoutingContext routing) {
        if (!neverBlocks() || isSuspended()) {
            super.handleRequest(routing);
            return;
        }
        Exchange exchange = createExchange(false);
        // Answered all the same; InOut only has every bean make a second message.
        exchange.setPattern(ExchangePattern.InOnly);
        // Where no notifier wants to hear of exchanges, none is asked at every step whether it does.
        exchange.getExchangeExtension().setNotifyEvent(!extension().isEventNotificationApplicable());
        Buffer body = routing.body().buffer();
        Message message = new HttpMessage(exchange, routing.request(), routing.response());
        message.setBody(body);
        exchange.setMessage(message);
        ContextInternal loop = (ContextInternal) routing.vertx().getOrCreateContext();
        // Not the context, of which each request has its own: the journal tells a thread of many requests at once.
        exchange.setProperty(JournalConstants.RESUME_ON, loop.nettyEventLoop());
        if (body == null || body.length() <= BodyMemory.SMALL) {
            run(exchange, routing, loop);
        } else {
            routing.vertx().executeBlocking(() -> run(exchange, routing, loop), false);
        }
    }

    private ExtendedCamelContext extension() {
        return getEndpoint().getCamelContext().getCamelContextExtension();
    }

    /** Camel tells the route only to the consumer that stands around this one. */
    private boolean neverBlocks() {
        Route known = route;
        if (known == null) {
            known = getEndpoint().getCamelContext().getRoutes().stream()
                    .filter(any -> any.getEndpoint() == getEndpoint())
                    .findFirst()
                    .orElse(null);
            route = known;
        }
        return known != null && GROUP.equals(known.getGroup());
    }

    private boolean run(Exchange exchange, RoutingContext routing, ContextInternal loop) {
        try {
            createUoW(exchange);
        } catch (Exception e) {
            routing.fail(e);
            return false;
        }
        return getAsyncProcessor().process(exchange, doneSync -> {
            if (loop.inThread()) {
                end(exchange, routing);
            } else {
                loop.runOnContext(ignored -> end(exchange, routing));
            }
        });
    }

    private void end(Exchange exchange, RoutingContext routing) {
        try {
            answer(exchange, routing);
        } catch (RuntimeException e) {
            routing.fail(e);
        } finally {
            doneUoW(exchange);
            releaseExchange(exchange, false);
        }
    }

    private void answer(Exchange exchange, RoutingContext routing) {
        HttpServerResponse response = routing.response();
        if (response.ended()) {
            return; // the sender took too long, or is gone
        }
        if (exchange.getException() != null) {
            routing.fail(exchange.getException());
            return;
        }
        Message message = exchange.getMessage();
        response.setStatusCode(message.getHeader(Exchange.HTTP_RESPONSE_CODE, 200, Integer.class));
        message.getHeaders().forEach((name, value) -> putHeader(response, name, value, exchange));
        // Without a future: nobody waits for the answer to be written.
        response.end(Buffer.buffer(message.getBody(byte[].class)), null);
    }

    private void putHeader(HttpServerResponse response, String name, Object value, Exchange exchange) {
        if (name.equalsIgnoreCase(Exchange.CONTENT_TYPE)) {
            response.putHeader(HttpHeaders.CONTENT_TYPE, String.valueOf(value));
        } else if (!getEndpoint().getHeaderFilterStrategy().applyFilterToCamelHeaders(name, value, exchange)) {
            response.putHeader(name, String.valueOf(value));
        }
    }
}
