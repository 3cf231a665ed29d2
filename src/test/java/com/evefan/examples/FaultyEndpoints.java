package com.evefan.examples;

import com.evefan.delivery.RejectedException;
import com.evefan.event.EventBatch;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;

/**
 * Takes the place of every endpoint that leaves Evefan: down for its first calls, refuses whatever has a poisoned event
 * in it, keeps the users of all others. Camel makes it: {@code camel.beans.faults = #class:...}.
 */
public final class FaultyEndpoints implements CamelContextAware {
    static final String POISON = "c-007-";
    private static final int DOWN = 3;
    private static final Set<String> INSIDE =
            Set.of("direct", "journal", "activemq", "platform-http", "log", "bean", "controlbus", "rest-api");
    private static final Pattern USER = Pattern.compile("c-\\d{3}-[a-z]");

    /** By the id of the route that sent them: users in the order of their first arrival. */
    static final Map<String, Set<String>> RECEIVED = new ConcurrentHashMap<>();

    private static final Map<String, AtomicInteger> CALLS = new ConcurrentHashMap<>();

    private CamelContext camel;

    static void reset() {
        RECEIVED.clear();
        CALLS.clear();
    }

    @Override
    public CamelContext getCamelContext() {
        return camel;
    }

    @Override
    public void setCamelContext(CamelContext context) {
        camel = context;
        context.getCamelContextExtension().registerEndpointCallback((uri, endpoint) -> {
            String scheme = uri.substring(0, uri.indexOf(':'));
            return INSIDE.contains(scheme) ? endpoint : new Faulty(endpoint);
        });
    }

    private static final class Faulty extends DefaultEndpoint {
        Faulty(Endpoint real) {
            super(real.getEndpointUri(), real.getCamelContext().getComponent("direct"));
            setCamelContext(real.getCamelContext());
        }

        @Override
        protected void doInit() {
            // nothing: the component is not this endpoint's own
        }

        @Override
        public boolean isLenientProperties() {
            return true;
        }

        @Override
        public Producer createProducer() {
            return new DefaultProducer(this) {
                @Override
                public void process(Exchange exchange) throws Exception {
                    receive(exchange);
                }
            };
        }

        @Override
        public Consumer createConsumer(Processor processor) {
            throw new UnsupportedOperationException();
        }
    }

    private static void receive(Exchange exchange) throws Exception {
        if (exchange.getMessage().getHeader("CamelHttpPath") != null) {
            exchange.getMessage().setBody("{}"); // a look-up
            return;
        }
        String route = exchange.getFromRouteId();
        if (CALLS.computeIfAbsent(route, id -> new AtomicInteger()).incrementAndGet() <= DOWN) {
            throw new ConnectException("down");
        }
        String text = text(exchange.getMessage().getBody());
        if (text.contains(POISON)) {
            throw new RejectedException("a poisoned event", "poison", null);
        }
        Set<String> received = RECEIVED.computeIfAbsent(
                route, id -> java.util.Collections.synchronizedSet(new java.util.LinkedHashSet<>()));
        USER.matcher(text).results().forEach(user -> received.add(user.group()));
    }

    private static String text(Object body) throws IOException {
        if (body instanceof byte[] bytes) {
            boolean zipped = bytes.length > 2 && bytes[0] == 0x1f && bytes[1] == (byte) 0x8b;
            return new String(
                    zipped ? new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes() : bytes,
                    StandardCharsets.UTF_8);
        }
        if (body instanceof EventBatch batch) {
            return text(new com.evefan.delivery.EventConverters().toBytes(batch));
        }
        if (body instanceof List<?> elements) {
            List<String> texts = new ArrayList<>();
            for (Object element : elements) {
                texts.add(text(element instanceof Message message ? message.getBody() : element));
            }
            return String.join("\n", texts);
        }
        return String.valueOf(body);
    }
}
