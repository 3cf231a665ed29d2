package com.evefan.destination.custom;

import com.evefan.delivery.Deliveries;
import com.evefan.delivery.RejectedException;
import com.evefan.delivery.SetUpException;
import com.evefan.event.Event;
import com.evefan.event.EventBatch;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import net.thisptr.jackson.jq.BuiltinFunctionLoader;
import net.thisptr.jackson.jq.JsonQuery;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.Versions;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.language.jq.JqExpression;
import org.apache.camel.language.jq.JqFunctions;
import org.apache.camel.language.jq.JqLanguage;
import org.jspecify.annotations.Nullable;

/**
 * Camel's jq, on whole batches too: there it is asked of each event by itself, and what it makes of the events is a batch
 * again, of the same identities. An event of which it makes nothing, or null, is left out; where none is left, the rest
 * of the route is skipped. What it makes of one event may be several values: these stay together, and stand on a line
 * each. Bound as {@code jq}.
 */
public final class OnEvents extends JqLanguage {
    /** The accepted events that stand behind the batch as it is now, in the same order. */
    private static final String ACCEPTED = "evefan.accepted";

    /** jq's own functions and Evefan's. */
    public static Scope functions() {
        Scope scope = Scope.newEmptyScope();
        BuiltinFunctionLoader.getInstance().loadFunctions(Versions.JQ_1_6, scope);
        EventFunctions.addTo(scope);
        return scope;
    }

    @Override
    public void init() {
        super.init();
        EventFunctions.addTo(getRootScope());
    }

    @Override
    public Expression createExpression(@Nullable Expression source, String expression, Object @Nullable [] properties) {
        OnEach each = new OnEach(Scope.newChildScope(getRootScope()), expression);
        each.setResultType(property(Class.class, properties, 0, null));
        each.setSource(source);
        if (getCamelContext() != null) {
            each.init(getCamelContext());
        }
        return each;
    }

    /** The accepted events behind {@code batch}: those of which it has been made. */
    static List<Event> accepted(Exchange exchange, EventBatch batch) {
        List<Event> sent = sent(exchange);
        return sent == null || sent.size() != batch.size() ? batch.events() : sent;
    }

    /** What is sent now, for {@link #sent}. */
    static void sending(Exchange exchange, EventBatch batch, String type) {
        exchange.setProperty(ACCEPTED, accepted(exchange, batch));
        exchange.getMessage().setHeader("Content-Type", type);
    }

    /** The accepted events behind what was sent, in the same order; null where that was no batch. */
    static @Nullable List<Event> sent(Exchange exchange) {
        List<?> accepted = exchange.getProperty(ACCEPTED, List.class);
        return accepted == null
                ? null
                : accepted.stream().map(Event.class::cast).toList();
    }

    /**
     * Keeps which of a batch's events are still wanted, and counts the others as left out.
     *
     * @param before has what was kept before; may be {@code after}
     * @param batch as it was before
     */
    static void remember(Exchange before, Exchange after, EventBatch batch, List<Integer> wanted) {
        List<Event> accepted = accepted(before, batch);
        after.setProperty(ACCEPTED, wanted.stream().map(accepted::get).toList());
        int already = before.getProperty(Deliveries.LEFT_OUT, 0, Integer.class);
        after.setProperty(Deliveries.LEFT_OUT, already + batch.size() - wanted.size());
        after.setRouteStop(wanted.isEmpty());
    }

    /** Several values of one event as elements of a list: their JSON has no line break but those between them. */
    static byte[] withCommas(byte[] lines) {
        byte[] commas = null;
        for (int i = 0; i < lines.length; i++) {
            if (lines[i] == '\n') {
                commas = commas == null ? lines.clone() : commas;
                commas[i] = ',';
            }
        }
        return commas == null ? lines : commas;
    }

    private static final class OnEach extends JqExpression {
        private @Nullable JsonQuery query;

        OnEach(Scope scope, String expression) {
            super(scope, expression);
        }

        @Override
        public void init(CamelContext context) {
            super.init(context);
            try {
                query = JsonQuery.compile(getExpressionText(), Versions.JQ_1_6);
            } catch (JsonQueryException e) {
                throw new RuntimeCamelException(e);
            }
        }

        @Override
        public boolean matches(Exchange exchange) {
            if (isOnBatch(exchange)) {
                throw new RuntimeCamelException(new SetUpException(
                        "a condition in jq sees one event, and here is a whole batch: to leave events out of it, setBody"
                                + " with select(" + getExpressionText() + ")",
                        null));
            }
            return super.matches(exchange);
        }

        @Override
        public @Nullable Object evaluate(Exchange exchange) {
            if (!isOnBatch(exchange)) {
                return super.evaluate(exchange);
            }
            JqFunctions.EXCHANGE_LOCAL.set(exchange);
            try {
                return onEach(exchange, exchange.getMessage().getBody(EventBatch.class));
            } catch (JsonQueryException e) {
                String step = exchange.getExchangeExtension().getHistoryNodeId();
                throw new RuntimeCamelException(
                        step == null ? e : new JsonQueryException(e.getMessage() + ", in the step " + step, e));
            } catch (RejectedException e) {
                throw new RuntimeCamelException(e);
            } finally {
                JqFunctions.EXCHANGE_LOCAL.remove();
            }
        }

        private boolean isOnBatch(Exchange exchange) {
            Object input = getSource() == null
                    ? exchange.getMessage().getBody()
                    : getSource().evaluate(exchange, Object.class);
            return input instanceof EventBatch && input == exchange.getMessage().getBody();
        }

        private EventBatch onEach(Exchange exchange, EventBatch batch) throws JsonQueryException, RejectedException {
            List<Event> made = new ArrayList<>(batch.size());
            List<Integer> wanted = new ArrayList<>(batch.size());
            for (int i = 0; i < batch.size(); i++) {
                Event event = batch.events().get(i);
                byte[] json = apply(event);
                if (json.length > 0) {
                    made.add(event.withJson(json));
                    wanted.add(i);
                }
            }
            remember(exchange, exchange, batch, wanted);
            return EventBatch.of(made);
        }

        private byte[] apply(Event event) throws JsonQueryException, RejectedException {
            List<JsonNode> values = new ArrayList<>(1);
            try {
                if (query != null) {
                    query.apply(Scope.newChildScope(getScope()), EventJson.read(event.json()), values::add);
                }
            } catch (StackOverflowError e) { // "..", of an event that is nested as deep as an event may be
                throw new RejectedException("the event is nested too deep for the expression", "jq", e);
            }
            ByteArrayOutputStream lines = new ByteArrayOutputStream();
            for (JsonNode value : values) {
                if (!value.isNull()) {
                    if (lines.size() > 0) {
                        lines.write('\n');
                    }
                    lines.writeBytes(EventJson.write(value));
                }
            }
            return lines.toByteArray();
        }
    }
}
