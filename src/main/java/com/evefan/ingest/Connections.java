package com.evefan.ingest;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.vertx.core.Context;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The open connections and until when each has to do what is expected of it. A timer of the server that only notes
 * silence lets a sender go on for ever with one byte a minute; here a request has to be there, whole, in time.
 */
final class Connections {
    /** How long what was refused may go on coming in, so that the sender gets to read the answer. */
    private static final long DRAIN_NANOS = 2_000_000_000L;

    private static final long NEVER = Long.MAX_VALUE;

    private final int max;
    private final long idleNanos;
    private final long requestNanos;
    private final Map<HttpConnection, State> open = new ConcurrentHashMap<>();

    Connections(HttpSettings settings) {
        this.max = settings.maxConnections();
        this.idleNanos = settings.idleTimeout().toNanos();
        this.requestNanos = settings.requestTimeout().toNanos();
    }

    /** What a connection is at; {@code deadline} in {@link System#nanoTime}, {@link #NEVER} while Evefan works. */
    private static final class State {
        volatile long deadline;
        volatile boolean bodyPending;
        volatile @Nullable RoutingContext request;
        volatile @Nullable Context context;
        volatile boolean inputClosed;
    }

    /** A new one; closed at once when there are too many. */
    void opened(HttpConnection connection) {
        State state = new State();
        state.deadline = System.nanoTime() + idleNanos;
        open.put(connection, state);
        connection.closeHandler(closed -> open.remove(connection));
        if (open.size() > max) {
            connection.close();
        } else if (!connection.isSsl() && connection instanceof ConnectionBase base) {
            answerHalfClosed(base.channel(), connection, state);
        }
    }

    /** Who has said all and closes that half still waits for the answer; by default the whole connection would end. */
    private static void answerHalfClosed(Channel channel, HttpConnection connection, State state) {
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        channel.pipeline().addFirst(new ChannelInboundHandlerAdapter() {
            @Override
            public void userEventTriggered(ChannelHandlerContext handler, Object event) {
                handler.fireUserEventTriggered(event);
                if (event instanceof ChannelInputShutdownEvent) {
                    state.inputClosed = true;
                    // What has come in before is on its way through the handlers.
                    handler.executor().execute(() -> closeIfOver(connection, state));
                }
            }
        });
    }

    private static void closeIfOver(HttpConnection connection, State state) {
        if (state.request == null || state.bodyPending) {
            connection.close();
        }
    }

    /** The head of a request has come, its body may follow. */
    void receiving(RoutingContext routing) {
        State state = state(routing);
        state.context = routing.vertx().getOrCreateContext();
        state.request = routing;
        state.bodyPending = true;
        state.deadline = System.nanoTime() + requestNanos;
    }

    /** A request is there, whole: now it is Evefan's turn, or the request was refused and is over. */
    void received(RoutingContext routing) {
        State state = state(routing);
        state.bodyPending = false;
        boolean answered = routing.response().ended();
        state.deadline = answered ? System.nanoTime() + idleNanos : NEVER;
    }

    /** A request is answered. */
    void answered(RoutingContext routing) {
        State state = state(routing);
        state.request = null;
        if (state.inputClosed) {
            routing.vertx()
                    .runOnContext(ignored -> closeIfOver(routing.request().connection(), state));
        }
        state.deadline = System.nanoTime() + (state.bodyPending ? DRAIN_NANOS : idleNanos);
    }

    private State state(RoutingContext routing) {
        State state = open.get(routing.request().connection());
        return state == null ? new State() : state;
    }

    /** Ends those that are late; to be called every now and then. */
    void endLate() {
        long now = System.nanoTime();
        open.forEach((connection, state) -> {
            if (state.deadline != NEVER && state.deadline - now < 0) {
                end(connection, state);
            }
        });
    }

    private static void end(HttpConnection connection, State state) {
        RoutingContext request = state.request;
        Context context = state.context;
        if (request == null || context == null) {
            connection.close();
            return;
        }
        context.runOnContext(ignored -> {
            if (!request.response().ended()) {
                request.fail(408);
            }
            connection.close();
        });
    }

    int count() {
        return open.size();
    }
}
