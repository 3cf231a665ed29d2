package com.evefan.ingest;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads request bodies into memory, whatever their Content-Type, within the bounds on one and on all of them. What is
 * refused is answered at once and its rest thrown away as it comes.
 */
final class Bodies implements Handler<RoutingContext> {
    private static final String SHARE = "share of the body memory";

    private final int maxBytes;
    private final BodyMemory memory;
    private final Connections connections;
    private final Authentication authentication;

    Bodies(int maxBytes, BodyMemory memory, Connections connections, Authentication authentication) {
        this.maxBytes = maxBytes;
        this.memory = memory;
        this.connections = connections;
        this.authentication = authentication;
    }

    @Override
    public void handle(RoutingContext routing) {
        HttpServerRequest request = routing.request();
        long announced = contentLength(request);
        Body body = new Body(routing, announced);
        if (request.headers().contains(HttpHeaders.CONTENT_ENCODING)) {
            routing.put(SHARE, body.share); // more will be taken when it is decompressed
        }
        routing.addEndHandler(ended -> body.free());
        request.handler(body::add);
        request.endHandler(ended -> body.end());
        if (announced > maxBytes) {
            body.refuse(413);
        } else if (request.headers().contains(HttpHeaders.EXPECT, HttpHeaderValues.CONTINUE, true)) {
            request.response().writeContinue();
        }
        request.resume();
    }

    private boolean isStranger(HttpServerRequest request) {
        try {
            return !authentication.isNamed(request);
        } catch (UnauthorizedException e) {
            return true; // refused when the body is there
        }
    }

    /** What the body of a request with a Content-Encoding has taken of the memory for all of them. */
    static BodyMemory.Share share(RoutingContext routing) {
        return routing.get(SHARE);
    }

    /** What {@code body} holds, without a copy where it holds nothing else; not to be changed. */
    @SuppressWarnings("deprecation") // Vert.x 5 has it elsewhere
    static byte[] bytes(Buffer body) {
        ByteBuf content = body.getByteBuf();
        boolean whole = content.hasArray() && content.array().length == content.readableBytes();
        return whole ? content.array() : body.getBytes();
    }

    private static long contentLength(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? 0 : Long.parseLong(length.strip());
        } catch (NumberFormatException e) {
            return 0; // the codec below knows better what to do with it
        }
    }

    /** One body on its way in. Used by the connection's thread only, but for its end. */
    private final class Body {
        private final RoutingContext routing;
        private final long announced;
        private @Nullable Buffer only;
        private byte[] content = {};
        private int length;
        private final BodyMemory.Share share;
        private int reserved;
        private boolean refused;

        /** @param announced in bytes; 0 where the request does not say */
        Body(RoutingContext routing, long announced) {
            this.routing = routing;
            this.share = memory.new Share(isStranger(routing.request()));
            this.announced = announced > 0 ? announced : maxBytes;
        }

        void add(Buffer chunk) {
            if (refused) {
                return;
            }
            int bytes = chunk.length();
            if ((long) reserved + bytes > maxBytes) {
                refuse(413);
            } else if (!share.take(bytes)) {
                refuse(503);
            } else {
                reserved += bytes;
                append(chunk);
            }
        }

        /** Most bodies come in one piece and are not copied. */
        private void append(Buffer chunk) {
            if (only == null && length == 0) {
                only = chunk;
                return;
            }
            if (only != null) {
                copy(only);
                only = null;
            }
            copy(chunk);
        }

        private void copy(Buffer chunk) {
            int needed = length + chunk.length();
            if (needed > content.length) {
                // What is announced, which need not be true, or twice of what is there.
                content = Arrays.copyOf(content, (int) Math.max(needed, Math.min(announced, 2L * reserved)));
            }
            chunk.getBytes(content, length);
            length = needed;
        }

        void end() {
            connections.received(routing);
            if (!refused && !routing.response().ended()) {
                ((RoutingContextInternal) routing).setBody(whole());
                routing.next();
            }
        }

        private Buffer whole() {
            return only != null ? only : Buffer.buffer(Unpooled.wrappedBuffer(content, 0, length));
        }

        void refuse(int status) {
            refused = true;
            routing.fail(status);
        }

        void free() {
            refused = true;
            share.giveBack();
        }
    }
}
