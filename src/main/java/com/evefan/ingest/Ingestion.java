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
import com.evefan.ingest.Decompression.UnknownEncodingException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.platform.http.vertx.HttpMessage;
import org.apache.camel.support.SynchronizationAdapter;
import org.jspecify.annotations.Nullable;

/** Turns a request into the events that have to be made durable; bound as {@code ingestion}. */
public final class Ingestion {
    private static final String JITSU = "/api/s/";
    private static final CharSequence IP_POLICY = HttpHeaders.createOptimized("X-IP-Policy");
    private static final CharSequence WRITE_KEY = HttpHeaders.createOptimized("X-Write-Key");
    private static final CharSequence FORWARDED_FOR = HttpHeaders.createOptimized("X-Forwarded-For");

    private final Sources sources;
    private final Authentication authentication;
    private final Decompression decompression;
    private final EventReader reader;
    private final Deduplication deduplication;
    private final ContextEnrichment enrichment;
    private final TrustedProxies proxies;

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
     * @throws UnknownEncodingException when the body is packed in a way that is not known (415)
     * @throws UnauthorizedException when no source is named (401)
     * @throws ForbiddenException when the source takes nothing from the page that sends (403)
     * @throws RateLimitedException when the source has sent too much (429)
     */
    public EventBatch read(Exchange exchange)
            throws UnknownCallException, MalformedRequestException, UnknownEncodingException, RequestTooLargeException,
                    UnauthorizedException, ForbiddenException, RateLimitedException {
        HttpServerRequest request = request(exchange);
        String call = Calls.of(request.path());
        if (call.equals(Calls.SDK_METRICS)) {
            sources.addSdkReport();
            return admit(exchange, Admission.EMPTY);
        }
        Optional<EventType> type = Calls.typeOf(call);
        byte[] body = bytes(exchange.getMessage());
        byte[] json = decompression.decompress(body, request.getHeader(HttpHeaders.CONTENT_ENCODING));
        return admit(exchange, read(exchange, type, json, false));
    }

    /** Reads the event that a pixel carries in its query; throws as {@link #read(Exchange)} does. */
    public EventBatch pixel(Exchange exchange)
            throws UnknownCallException, MalformedRequestException, RequestTooLargeException, UnauthorizedException,
                    ForbiddenException, RateLimitedException {
        HttpServerRequest request = request(exchange);
        Optional<EventType> type = Calls.typeOf(Calls.of(request.path()));
        return admit(exchange, read(exchange, type, Pixel.event(request.params()), true));
    }

    private Admission read(Exchange exchange, Optional<EventType> type, byte[] json, boolean ofBrowser)
            throws MalformedRequestException, RequestTooLargeException, UnauthorizedException, ForbiddenException,
                    RateLimitedException {
        HttpServerRequest request = request(exchange);
        RequestBody body = reader.parse(json);
        Sender sender = sender(exchange, request, body);
        sender.counters().addBytes(json.length);
        try {
            sender.admit(body.size());
            ReadResult result = body.read(arrival(request, sender.source(), type, ofBrowser));
            return Admission.of(
                    sender, result, deduplication.claim(result.accepted().events()));
        } catch (RateLimitedException | RequestTooLargeException e) {
            exchange.setProperty(Sender.PROPERTY, sender);
            throw e;
        }
    }

    private Sender sender(Exchange exchange, HttpServerRequest request, RequestBody body)
            throws UnauthorizedException, ForbiddenException {
        boolean jitsu = request.path().startsWith(JITSU);
        String header = jitsu ? request.getHeader(WRITE_KEY) : null;
        Sender sender;
        try {
            sender = authentication.authenticate(
                    request.headers().getAll(HttpHeaders.AUTHORIZATION),
                    jitsu ? body.writeKey().map(this::jitsuKey) : body.writeKey(),
                    jitsu && header != null
                            ? List.of(jitsuKey(header))
                            : request.params().getAll("writeKey"));
        } catch (UnauthorizedException e) {
            sources.refusals().unknownKey(e.getMessage(), address(request), request.getHeader(HttpHeaders.USER_AGENT));
            throw e;
        }
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        if (origin != null && !sender.source().allowsOrigin(origin)) {
            exchange.setProperty(Sender.PROPERTY, sender);
            throw new ForbiddenException("source " + sender + " takes no events from pages of this origin");
        }
        return sender;
    }

    /** Jitsu's keys are {@code key:secret}; a source's write key is both, or the first. */
    private String jitsuKey(String key) {
        return sources.of(key).isPresent() ? key : key.replaceFirst(":.*", "");
    }

    private Arrival arrival(HttpServerRequest request, Source source, Optional<EventType> type, boolean ofBrowser) {
        String peer = peer(request);
        String ip = keepsAddress(request) ? address(request) : null;
        boolean trusted = proxies.contain(peer);
        return new Arrival(
                source.name(),
                type,
                ip,
                ofBrowser ? request.getHeader(HttpHeaders.USER_AGENT) : null,
                enrichment.with(ip, name -> trusted ? request.getHeader(name) : null),
                source.redaction());
    }

    /** Jitsu's SDK says what its page was told about addresses: {@code remove}, {@code stripLastOctet} or nothing. */
    private static boolean keepsAddress(HttpServerRequest request) {
        return !request.path().startsWith(JITSU)
                || request.headers().get(IP_POLICY) == null
                || request.headers().get(IP_POLICY).equals("keep");
    }

    private @Nullable String address(HttpServerRequest request) {
        return proxies.sender(peer(request), request.headers().getAll(FORWARDED_FOR));
    }

    private static @Nullable String peer(HttpServerRequest request) {
        // Of the connection: the request looks through its headers for another one, at some cost.
        SocketAddress remote = request.connection().remoteAddress();
        return remote == null ? null : remote.hostAddress();
    }

    private static EventBatch admit(Exchange exchange, Admission admission) {
        exchange.setProperty(Admission.PROPERTY, admission);
        if (!admission.invalid().isEmpty()) {
            exchange.setProperty(Invalid.PROPERTY, admission.invalid());
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
}
