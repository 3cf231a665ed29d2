package com.evefan.ingest;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.NetUtil;
import io.vertx.core.Context;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open connections and until when each has to do what is expected of it. A timer of the server that only notes
 * silence lets a sender go on for ever with one byte a minute; here a request has to be there, whole, in time, and its
 * answer has to be taken. One address has a share of them only. Both ports have them.
 */
public final class Connections {
    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

    /** How long what was refused may go on coming in, so that the sender gets to read the answer. */
    private static final long DRAIN_NANOS = 2_000_000_000L;

    /** How often to look who is late. */
    public static final long SWEEP_MILLIS = 500;

    private static final long NEVER = Long.MAX_VALUE;
    /** What may wait to be taken when the next request of a connection is to be answered. */
    private static final long MAX_UNTAKEN_BYTES = 1 << 20;

    private static final long MINUTE_NANOS = 60_000_000_000L;
    /** Of an IPv6 address: what one customer has at least. */
    private static final int NETWORK_BYTES = 8;

    private final int max;
    private final int maxOfAddress;
    private final TrustedProxies proxies;
    private final long idleNanos;
    private final long requestNanos;
    private final Map<HttpConnection, State> open = new ConcurrentHashMap<>();
    private final Map<String, Integer> byAddress = new ConcurrentHashMap<>();
    private final AtomicLong silentUntil = new AtomicLong(System.nanoTime());

    /** @param proxies of whom each speaks for many */
    public Connections(HttpSettings settings, TrustedProxies proxies) {
        this.max = settings.maxConnections();
        this.maxOfAddress = settings.maxConnectionsPerAddress();
        this.proxies = proxies;
        this.idleNanos = settings.idleTimeout().toNanos();
        this.requestNanos = settings.requestTimeout().toNanos();
    }

    /** What a connection is at; {@code deadline} in {@link System#nanoTime}, {@link #NEVER} while Evefan works. */
    private static final class State {
        volatile long deadline;
        volatile boolean bodyPending;
        volatile @Nullable RoutingContext request;
        volatile @Nullable Context context;
        /** Whether it was told to close already; the sweep's own. */
        boolean ending;
        /** When the other side was first seen not to take what there is for it; 0 where it takes it. */
        volatile long untakenSince;

        volatile boolean inputClosed;
    }

    /** A new one; closed at once when there are too many. */
    void opened(HttpConnection connection) {
        answerHalfClosed(connection, open(connection));
    }

    /** As {@link #opened}, for a server of HTTP/1.1 that does not tell of its requests. */
    public void watch(HttpConnection connection) {
        State state = open(connection);
        ChannelHandlerContext context = ((HttpServerConnection) connection).channelHandlerContext();
        context.pipeline().addBefore(context.name(), "deadlines", new Watch(state));
    }

    private State open(HttpConnection connection) {
        State state = new State();
        state.deadline = System.nanoTime() + idleNanos;
        open.put(connection, state);
        String address = address(connection);
        int ofAddress = address == null ? 0 : byAddress.merge(address, 1, Integer::sum);
        connection.closeHandler(closed -> {
            open.remove(connection);
            if (address != null) {
                byAddress.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
            }
        });
        if (ofAddress > maxOfAddress) {
            tell(address);
        }
        if (open.size() > max || ofAddress > maxOfAddress) {
            connection.close();
        }
        return state;
    }

    /** Who has said all and closes that half still waits for the answer; by default the whole connection would end. */
    private static void answerHalfClosed(HttpConnection connection, State state) {
        if (connection.isSsl() || !(connection instanceof ConnectionBase base)) {
            return;
        }
        Channel channel = base.channel();
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

    /** What is counted: an IPv4 address, the network of an IPv6 one; null for nothing. */
    private @Nullable String address(HttpConnection connection) {
        SocketAddress remote = connection.remoteAddress();
        String host = remote == null ? null : remote.hostAddress();
        if (host == null || proxies.contain(host)) {
            return null;
        }
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(host);
        return bytes == null || bytes.length == 4 ? host : ByteBufUtil.hexDump(bytes, 0, NETWORK_BYTES);
    }

    private void tell(@Nullable String address) {
        long now = System.nanoTime();
        long silent = silentUntil.get();
        if (now - silent >= 0 && silentUntil.compareAndSet(silent, now + MINUTE_NANOS)) {
            LOG.warn(
                    "{} has more than {} connections (evefan.http.max-connections-per-address); further ones are closed."
                            + " If it is a proxy of yours, name it in evefan.http.trusted-proxies",
                    address,
                    maxOfAddress);
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

    /** Whether {@code connection} asked for so much more than it takes that it was cut off. */
    public boolean cutsOff(HttpConnection connection) {
        boolean behind = untaken(connection) > MAX_UNTAKEN_BYTES;
        if (behind) {
            cutOff(connection);
        }
        return behind;
    }

    /** Bytes of answers that the other side has not taken, the system's own buffers aside. */
    private static long untaken(HttpConnection connection) {
        ChannelOutboundBuffer waiting =
                ((HttpServerConnection) connection).channel().unsafe().outboundBuffer();
        return waiting == null ? 0 : waiting.totalPendingWriteBytes();
    }

    /** Closes what {@link HttpConnection#close} would only close once everything is taken. */
    private static void cutOff(HttpConnection connection) {
        ((HttpServerConnection) connection).channelHandlerContext().close();
    }

    /** Ends those that are late; to be called every {@link #SWEEP_MILLIS}, by one thread at a time. */
    public void endLate() {
        long now = System.nanoTime();
        open.forEach((connection, state) -> {
            if (takesTooLong(connection, state, now)) {
                cutOff(connection);
            } else if (state.deadline != NEVER && state.deadline - now < 0) {
                if (state.ending) {
                    cutOff(connection);
                } else {
                    state.ending = true;
                    state.deadline = now + DRAIN_NANOS;
                    end(connection, state);
                }
            }
        });
    }

    private boolean takesTooLong(HttpConnection connection, State state, long now) {
        if (untaken(connection) == 0) {
            state.untakenSince = 0;
            return false;
        }
        if (state.untakenSince == 0) {
            state.untakenSince = now == 0 ? 1 : now;
        }
        return now - state.untakenSince > requestNanos;
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

    /** Sees requests and answers pass; on the connection's thread. */
    private final class Watch extends ChannelDuplexHandler {
        private final State state;
        /** Requests whose answers are not written. */
        private int unanswered;

        Watch(State state) {
            this.state = state;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof HttpRequest) {
                unanswered++;
                state.bodyPending = true;
                state.deadline = System.nanoTime() + requestNanos;
            }
            if (message instanceof LastHttpContent) {
                state.bodyPending = false;
                state.deadline = unanswered > 0 ? NEVER : System.nanoTime() + idleNanos;
            }
            context.fireChannelRead(message);
        }

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            boolean goOn = message instanceof HttpResponse response
                    && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
            if (message instanceof LastHttpContent && !goOn) {
                unanswered--;
                if (state.bodyPending) {
                    state.deadline = System.nanoTime() + DRAIN_NANOS;
                } else if (unanswered == 0) {
                    state.deadline = System.nanoTime() + idleNanos;
                }
            } else if (message instanceof HttpContent) {
                state.untakenSince = 0; // a long answer goes on when enough of it is taken
            }
            context.write(message, promise);
        }
    }
}
