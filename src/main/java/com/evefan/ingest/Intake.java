package com.evefan.ingest;

import com.evefan.event.MalformedRequestException;
import com.evefan.event.RequestTooLargeException;
import com.evefan.event.WriteKeys;
import com.evefan.ingest.Decompression.UnknownEncodingException;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.impl.ContextInternal;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * On which thread a request is read, and how far before its sender is known. What is small is read on the event loop;
 * what is large, compressed or may take long, on a reader. A stranger, who names no source in header or query, has to be
 * looked for in the body: in one of {@value #STRANGERS_SMALL} bytes on the loop, in a larger one by a single thread for
 * all of them, which makes no events and no objects of it, and of a compressed one sees only the beginning.
 */
final class Intake implements AutoCloseable {
    /** Up to here the body of a stranger is read on the event loop. */
    static final int STRANGERS_SMALL = 16 << 10;
    /** How far a stranger's compressed body is decompressed to find the write key. */
    static final int STRANGERS_BEGINNING = 64 << 10;

    /** Reading takes the processor; the other cores have the event loops, the journal and the destinations. */
    private static final int READERS = HttpServer.LOOPS;

    private final Authentication authentication;
    private final Consumer<HttpServerRequest> refusedStrangers;
    private final Decompression decompression;
    private final boolean alwaysOnReader;
    private final ExecutorService readers = threads("reader", READERS);
    private final ExecutorService strangers = threads("strangers", 1);

    /**
     * @param refusedStrangers told of requests whose bodies name no source; they are answered 401
     * @param alwaysOnReader whether reading any request may take long
     */
    Intake(
            Authentication authentication,
            Consumer<HttpServerRequest> refusedStrangers,
            int maxRequestBytes,
            boolean alwaysOnReader) {
        this.authentication = authentication;
        this.refusedStrangers = refusedStrangers;
        this.decompression = new Decompression(maxRequestBytes);
        this.alwaysOnReader = alwaysOnReader;
    }

    /** Takes a request whose body is in memory; {@code read} is run where it may be, with the body decompressed. */
    void take(RoutingContext routing, ContextInternal loop, Runnable read) {
        String encoding = encoding(routing.request());
        Buffer body = routing.body().buffer();
        int size = body == null ? 0 : body.length();
        boolean small = encoding == null && size <= STRANGERS_SMALL;
        if (small && !alwaysOnReader) {
            read.run();
            return;
        }
        Request request = new Request(routing, loop, read, encoding, body == null ? new byte[0] : Bodies.bytes(body));
        boolean stranger;
        try {
            stranger = !small && !authentication.isNamed(routing.request());
        } catch (UnauthorizedException e) {
            read.run(); // which refuses it before it looks at the body
            return;
        }
        if (stranger) {
            strangers.execute(request.guarded(() -> request.identify()));
        } else if (encoding == null && size <= BodyMemory.SMALL && !alwaysOnReader) {
            read.run();
        } else {
            readers.execute(request.guarded(() -> request.read()));
        }
    }

    /** What has to be undone before the body can be read; null for nothing. */
    static @Nullable String encoding(HttpServerRequest request) {
        String encoding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
        return encoding == null || encoding.isBlank() || encoding.strip().equalsIgnoreCase("identity")
                ? null
                : encoding.strip();
    }

    /** What may fail with an answer to the sender. */
    private interface Step {
        void run() throws MalformedRequestException, UnknownEncodingException, RequestTooLargeException;
    }

    /** One request that is not read on the event loop. */
    private final class Request {
        private final RoutingContext routing;
        private final ContextInternal loop;
        private final Runnable next;
        private final @Nullable String encoding;
        private final byte[] body;

        Request(RoutingContext routing, ContextInternal loop, Runnable next, @Nullable String encoding, byte[] body) {
            this.routing = routing;
            this.loop = loop;
            this.next = next;
            this.encoding = encoding;
            this.body = body;
        }

        /** Goes on when the body names a source. */
        void identify() throws MalformedRequestException, UnknownEncodingException {
            byte[] beginning = encoding == null ? body : decompression.beginning(body, encoding, STRANGERS_BEGINNING);
            if (WriteKeys.anyOf(beginning, authentication::knows)) {
                readers.execute(guarded(() -> read()));
            } else {
                refusedStrangers.accept(routing.request());
                fail(401, null);
            }
        }

        void read() throws MalformedRequestException, UnknownEncodingException, RequestTooLargeException {
            if (encoding != null) {
                byte[] json = decompression.decompress(body, encoding, Bodies.share(routing));
                if (json == null) {
                    fail(503, null);
                    return;
                }
                ((RoutingContextInternal) routing).setBody(Buffer.buffer(Unpooled.wrappedBuffer(json)));
                routing.request().headers().remove(HttpHeaders.CONTENT_ENCODING);
            }
            next.run();
        }

        Runnable guarded(Step step) {
            return () -> {
                if (routing.response().ended() || routing.response().closed()) {
                    return; // nobody waits any more
                }
                try {
                    step.run();
                } catch (MalformedRequestException e) {
                    fail(400, e);
                } catch (UnknownEncodingException e) {
                    fail(415, e);
                } catch (RequestTooLargeException e) {
                    fail(413, e);
                } catch (RuntimeException e) {
                    fail(500, e);
                }
            };
        }

        private void fail(int status, @Nullable Exception reason) {
            loop.runOnContext(ignored -> {
                if (!routing.response().ended()) {
                    routing.fail(status, reason);
                }
            });
        }
    }

    private static ExecutorService threads(String name, int number) {
        AtomicInteger count = new AtomicInteger();
        ThreadPoolExecutor threads =
                new ThreadPoolExecutor(number, number, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "ingestion-" + name + "-" + count.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    @Override
    public void close() {
        strangers.shutdown();
        readers.shutdown();
    }
}
