package com.evefan.ingest;

import com.evefan.deduplication.Deduplication;
import com.evefan.enrichment.ContextEnrichment;
import com.evefan.event.Arrival;
import com.evefan.event.EventBatch;
import com.evefan.event.EventReader;
import com.evefan.event.EventType;
import com.evefan.event.Invalid;
import com.evefan.event.MalformedRequestException;
import com.evefan.event.ReadResult;
import com.evefan.event.RequestBody;
import com.evefan.event.RequestTooLargeException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.platform.http.vertx.HttpMessage;
import org.apache.camel.support.SynchronizationAdapter;
import org.jspecify.annotations.Nullable;

/** Turns a request into the events that have to be made durable; bound as {@code ingestion}. */
public final class Ingestion {
    private static final CharSequence FORWARDED_FOR = HttpHeaders.createOptimized("X-Forwarded-For");

    private final Sources sources;
    private final Authentication authentication;
    private final Decompression decompression;
    private final EventReader reader;
    private final Deduplication deduplication;
    private final ContextEnrichment enrichment;
    private final TrustedProxies proxies;
    private final LongAdder unauthorized = new LongAdder();
    private final LongAdder sdkMetrics = new LongAdder();

    public Ingestion(
            Sources sources,
            EventReader reader,
            Deduplication deduplication,
            ContextEnrichment enrichment,
            TrustedProxies proxies,
            int maxRequestBytes) {
        this.sources = sources;
        this.authentication = new Authentication(sources);
        this.decompression = new Decompression(maxRequestBytes);
        this.reader = reader;
        this.deduplication = deduplication;
        this.enrichment = enrichment;
        this.proxies = proxies;
    }

    /**
     * Reads one request; what becomes of it hangs on the exchange until {@link Answers} settles it.
     *
     * @return the new events among the good ones
     * @throws UnknownCallException when there is no such call (404)
     * @throws MalformedRequestException when the body is no JSON object (400)
     * @throws RequestTooLargeException when a limit is passed (413)
     * @throws UnauthorizedException when no source is named (401)
     * @throws ForbiddenException when the source takes nothing from the page that sends (403)
     * @throws RateLimitedException when the source has sent too much (429)
     */
    public EventBatch read(Exchange exchange)
            throws UnknownCallException, MalformedRequestException, RequestTooLargeException, UnauthorizedException,
                    ForbiddenException, RateLimitedException {
        HttpServerRequest request = request(exchange);
        String call = Calls.of(request.path());
        if (call.equals(Calls.SDK_METRICS)) {
            sdkMetrics.increment();
            return admit(exchange, Admission.EMPTY);
        }
        Optional<EventType> type = Calls.typeOf(call);
        byte[] body = bytes(exchange.getMessage());
        byte[] json = decompression.decompress(body, request.getHeader(HttpHeaders.CONTENT_ENCODING));
        return admit(exchange, read(request, type, json, false));
    }

    /** Reads the event that a pixel carries in its query; throws as {@link #read(Exchange)} does. */
    public EventBatch pixel(Exchange exchange)
            throws UnknownCallException, MalformedRequestException, RequestTooLargeException, UnauthorizedException,
                    ForbiddenException, RateLimitedException {
        HttpServerRequest request = request(exchange);
        Optional<EventType> type = Calls.typeOf(Calls.of(request.path()));
        return admit(exchange, read(request, type, Pixel.event(request.params()), true));
    }

    private Admission read(HttpServerRequest request, Optional<EventType> type, byte[] json, boolean ofBrowser)
            throws MalformedRequestException, RequestTooLargeException, UnauthorizedException, ForbiddenException,
                    RateLimitedException {
        RequestBody body = reader.parse(json);
        Sender sender = sender(request, body);
        sender.counters().addBytes(json.length);
        sender.admit(body.size());
        ReadResult result = body.read(arrival(request, sender.source(), type, ofBrowser));
        return Admission.of(
                sender, result, deduplication.claim(result.accepted().events()));
    }

    private Sender sender(HttpServerRequest request, RequestBody body)
            throws UnauthorizedException, ForbiddenException {
        Sender sender;
        try {
            sender = authentication.authenticate(
                    request.headers().getAll(HttpHeaders.AUTHORIZATION),
                    body.writeKey(),
                    request.params().getAll("writeKey"));
        } catch (UnauthorizedException e) {
            unauthorized.increment();
            throw e;
        }
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        if (origin != null && !sender.source().allowsOrigin(origin)) {
            throw new ForbiddenException("source " + sender + " takes no events from pages of this origin");
        }
        return sender;
    }

    private Arrival arrival(HttpServerRequest request, Source source, Optional<EventType> type, boolean ofBrowser) {
        // Of the connection: the request looks through its headers for another one, at some cost.
        SocketAddress remote = request.connection().remoteAddress();
        String peer = remote == null ? null : remote.hostAddress();
        String ip = proxies.sender(peer, request.headers().getAll(FORWARDED_FOR));
        boolean trusted = proxies.contain(peer);
        return new Arrival(
                source.name(),
                type,
                ip,
                ofBrowser ? request.getHeader(HttpHeaders.USER_AGENT) : null,
                enrichment.with(ip, name -> trusted ? request.getHeader(name) : null),
                source.redaction());
    }

    private EventBatch admit(Exchange exchange, Admission admission) {
        exchange.setProperty(Admission.PROPERTY, admission);
        if (!admission.invalid().isEmpty()) {
            exchange.setProperty(Invalid.PROPERTY, admission.invalid());
            HttpServerRequest request = request(exchange);
            exchange.setProperty(
                    Invalid.SENDER,
                    new Invalid.Sender(
                            admission.source(), address(request), request.getHeader(HttpHeaders.USER_AGENT)));
        }
        if (admission != Admission.EMPTY) {
            exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
                @Override
                public void onDone(Exchange done) {
                    admission.end();
                }
            });
        }
        return admission.fresh();
    }

    private @Nullable String address(HttpServerRequest request) {
        SocketAddress remote = request.connection().remoteAddress();
        return proxies.sender(
                remote == null ? null : remote.hostAddress(), request.headers().getAll(FORWARDED_FOR));
    }

    private static byte[] bytes(Message message) {
        // Not through Camel's converters: this is every request, and most bodies are what the server handed over.
        if (message.getBody() instanceof Buffer buffer) {
            return Bodies.bytes(buffer);
        }
        byte[] body = message.getBody(byte[].class);
        return body == null ? new byte[0] : body;
    }

    private static HttpServerRequest request(Exchange exchange) {
        if (exchange.getMessage() instanceof HttpMessage message) {
            return message.getRequest();
        }
        throw new IllegalStateException("ingestion.read has to come before the message is replaced");
    }

    /** Every source's counters, by its name. */
    public Map<String, SourceCounters> counters() {
        return sources.counters();
    }

    /** Requests without the write key of a source. */
    public long unauthorized() {
        return unauthorized.sum();
    }

    /** Reports of SDKs about themselves, which are not kept. */
    public long sdkMetrics() {
        return sdkMetrics.sum();
    }
}
