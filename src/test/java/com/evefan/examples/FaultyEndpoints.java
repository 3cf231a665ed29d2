package com.evefan.examples;

import com.evefan.delivery.RejectedException;
import com.evefan.event.EventBatch;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
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
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;

/**
 * Takes the place of every endpoint that leaves Evefan: its first calls fail, each in another way; then it refuses
 * whatever has a poisoned event in it, and keeps the users of all others. Camel makes it: {@code camel.beans.faults = #class:...}.
 */
public final class FaultyEndpoints implements CamelContextAware {
    static final String POISON = "c-007-";
    /** The number of faults in {@link #fail}. */
    static final int FAULTS = 5;

    private static final Set<String> INSIDE = Set.of(
            "direct", "journal", "activemq", "platform-http", "management", "log", "bean", "controlbus", "rest-api");
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
                    receive(exchange, getEndpoint().getEndpointUri());
                }
            };
        }

        @Override
        public Consumer createConsumer(Processor processor) {
            throw new UnsupportedOperationException();
        }
    }

    /** The faults of a destination's first calls, one after the other; then it works. */
    private static void fail(int call, Runnable take) throws Exception {
        switch (call) {
            case 1 -> throw new ConnectException("down");
            case 2 ->
                throw new HttpOperationFailedException(
                        "http://faulty", 503, "busy", null, Map.of("Retry-After", "1"), null);
            case 3 -> {
                take.run();
                throw new SocketTimeoutException("it has the batch, and its answer is lost");
            }
            case 4 -> throw new HttpOperationFailedException("http://faulty", 429, "slow down", null, Map.of(), null);
            case 5 -> throw new IllegalStateException("something nobody thought of");
            default -> {}
        }
    }

    private static void receive(Exchange exchange, String real) throws Exception {
        Message message = exchange.getMessage();
        if (real.contains("httpMethod=GET")) {
            message.setBody("{}"); // a look-up
            return;
        }
        String text = text(message.getBody());
        if (real.contains("throwExceptionOnFailure=false")) {
            answer(message, exchange.getFromRouteId(), text);
        } else {
            receive(exchange.getFromRouteId(), text);
        }
    }

    /**
     * As Mixpanel does: the good events are taken, the bad ones named by their index. What else answers are read by finds
     * nothing in it, but the status: that has the batch halved.
     */
    private static void answer(Message message, String route, String text) throws Exception {
        if (!text.startsWith("[")) {
            answerWhole(message, route, text);
            return;
        }
        ArrayNode failed = JsonNodeFactory.instance.arrayNode();
        StringBuilder good = new StringBuilder();
        int index = 0;
        for (JsonNode event : new JsonMapper().readTree(text)) {
            if (event.toString().contains(POISON)) {
                failed.addObject().put("index", index).put("field", "event").put("message", "a poisoned event");
            } else {
                good.append(event).append('\n');
            }
            index++;
        }
        receive(route, good.toString());
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.put("code", failed.isEmpty() ? 200 : 400).put("num_records_imported", index - failed.size());
        answer.set("failed_records", failed);
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, answer.path("code").asInt());
        message.setBody(answer.toString());
    }

    private static void answerWhole(Message message, String route, String text) throws Exception {
        int status = 200;
        try {
            receive(route, text);
        } catch (RejectedException e) {
            status = 400;
        } catch (HttpOperationFailedException e) {
            status = e.getStatusCode();
        }
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
        message.setBody("{\"items\":[],\"errors\":[]}");
    }

    private static void receive(String route, String text) throws Exception {
        Set<String> received = RECEIVED.computeIfAbsent(
                route, id -> java.util.Collections.synchronizedSet(new java.util.LinkedHashSet<>()));
        Runnable take = () -> USER.matcher(text).results().forEach(user -> received.add(user.group()));
        boolean poisoned = text.contains(POISON);
        fail(CALLS.computeIfAbsent(route, id -> new AtomicInteger()).incrementAndGet(), poisoned ? () -> {} : take);
        if (poisoned) {
            throw new RejectedException("a poisoned event", "poison", null);
        }
        take.run();
    }

    /** How many faults {@code route} has met. */
    static int faults(String route) {
        AtomicInteger calls = CALLS.get(route);
        return calls == null ? 0 : Math.min(FAULTS, calls.get());
    }

    /** In place of a bean that writes by itself; {@code camel.beans.faultyWriter = #class:...}. */
    public static final class Writer {
        public void write(EventBatch batch, Exchange exchange) throws Exception {
            receive(exchange.getFromRouteId(), text(batch));
        }
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
