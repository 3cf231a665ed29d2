package com.evefan.ingest;

import com.evefan.deduplication.Deduplication;
import com.evefan.enrichment.ContextEnrichment;
import com.evefan.event.Arrival;
import com.evefan.event.EventBatch;
import com.evefan.event.EventReader;
import com.evefan.event.EventType;
import com.evefan.event.Invalid;
import com.evefan.event.MalformedRequestException;
import com.evefan.event.Plan;
import com.evefan.event.ReadResult;
import com.evefan.event.RequestBody;
import com.evefan.event.RequestTooLargeException;
import com.evefan.event.SenderKind;
import com.evefan.ingest.Decompression.UnknownEncodingException;
import com.evefan.plan.TrackingPlan;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.platform.http.vertx.HttpMessage;
import org.apache.camel.support.SynchronizationAdapter;
import org.jspecify.annotations.Nullable;

/** Turns a request into the events that have to be made durable; bound as {@code ingestion}. */
public final class Ingestion implements AutoCloseable {
    private static final CharSequence IP_POLICY = HttpHeaders.createOptimized("X-IP-Policy");
    private static final CharSequence FORWARDED_FOR = HttpHeaders.createOptimized("X-Forwarded-For");

    private final Sources sources;
    private final Authentication authentication;
    private final Intake intake;
    private final EventReader reader;
    private final Deduplication deduplication;
    private final ContextEnrichment enrichment;
    private final TrustedProxies proxies;
    private final Map<String, Plan> plans = new HashMap<>();

    public Ingestion(
            Sources sources,
            EventReader reader,
            Deduplication deduplication,
            ContextEnrichment enrichment,
            TrustedProxies proxies,
            TrackingPlan plan,
            int maxRequestBytes) {
        this.sources = sources;
        this.authentication = new Authentication(sources);
        this.intake =
                new Intake(authentication, this::tellStranger, maxRequestBytes, enrichment.isSlow() || plan.size() > 0);
        this.reader = reader;
        this.deduplication = deduplication;
        this.enrichment = enrichment;
        this.proxies = proxies;
        sources.all().forEach(source -> plans.put(source.name(), plan.of(source.name(), source.plan())));
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
        return admit(exchange, read(exchange, type, bytes(exchange.getMessage()), false));
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
        List<String> authorizations = Authentication.authorizations(request);
        List<String> keys = authentication.keys(request);
        Sender sender;
        RequestBody body;
        try {
            boolean named = authentication.isNamed(authorizations, keys); // a wrong key is enough to know
            if (Intake.encoding(request) != null) {
                throw new IllegalStateException("a route that reads events has to be of group "
                        + EventLoopConsumer.GROUP + ", which has bodies decompressed");
            }
            body = reader.parse(json);
            if (!named && body.writeKey().isEmpty() && body.fault().isPresent()) {
                throw new MalformedRequestException(body.fault().get());
            }
            sender = authentication.authenticate(
                    authorizations, body.writeKey().map(key -> authentication.key(request, key)), keys);
        } catch (UnauthorizedException e) {
            tellStranger(request);
            throw e;
        }
        try {
            requireAllowed(request, sender);
            sender.counters().addBytes(json.length);
            sender.requireCredit();
            ReadResult result = body.read(arrival(request, sender.source(), type, ofBrowser));
            sender.spend(result.accepted().size());
            return Admission.of(
                    sender, result, deduplication.claim(result.accepted().events()));
        } catch (ForbiddenException | RateLimitedException | RequestTooLargeException e) {
            exchange.setProperty(Sender.PROPERTY, sender);
            throw e;
        }
    }

    private void tellStranger(HttpServerRequest request) {
        sources.refusals()
                .unknownKey(Authentication.REQUIRED, address(request), request.getHeader(HttpHeaders.USER_AGENT));
    }

    private static void requireAllowed(HttpServerRequest request, Sender sender) throws ForbiddenException {
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        if (origin != null && !sender.source().allowsOrigin(origin)) {
            throw new ForbiddenException("source " + sender + " takes no events from pages of this origin");
        }
    }

    private Arrival arrival(HttpServerRequest request, Source source, Optional<EventType> type, boolean ofBrowser) {
        String peer = peer(request);
        String ip = keepsAddress(request) ? address(request) : null;
        boolean trusted = proxies.contain(peer);
        return new Arrival(
                source.name(),
                source.ids(),
                type,
                ip,
                ofBrowser && source.kind() == SenderKind.UNKNOWN ? SenderKind.BROWSER : source.kind(),
                ofBrowser ? request.getHeader(HttpHeaders.USER_AGENT) : null,
                enrichment.with(ip, name -> trusted ? request.getHeader(name) : null, source.bots()),
                source.redaction(),
                plans.getOrDefault(source.name(), Plan.NONE));
    }

    /** Jitsu's SDK says what its page was told about addresses: {@code remove}, {@code stripLastOctet} or nothing. */
    private static boolean keepsAddress(HttpServerRequest request) {
        return !Authentication.isOfJitsu(request)
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

    Intake intake() {
        return intake;
    }

    @Override
    public void close() {
        intake.close();
    }

    /** Every source's counters, by its name. */
    public Map<String, SourceCounters> counters() {
        return sources.counters();
    }
}
