package com.evefan.destination.custom;

import com.evefan.counters.SafeText;
import com.evefan.delivery.Deliveries;
import com.evefan.delivery.Failures;
import com.evefan.delivery.PartialDeliveryException;
import com.evefan.delivery.Rejected;
import com.evefan.delivery.RejectedException;
import com.evefan.delivery.RetryAfter;
import com.evefan.delivery.RetryableException;
import com.evefan.event.Event;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.thisptr.jackson.jq.JsonQuery;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.Versions;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.Predicate;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.StreamCache;
import org.apache.camel.language.jq.JqExpression;
import org.apache.camel.support.ExpressionAdapter;
import org.apache.camel.support.ExpressionToPredicateAdapter;
import org.apache.camel.support.LanguageSupport;
import org.jspecify.annotations.Nullable;

/**
 * What an HTTP answer's items mean. The expression is jq, asked of the answer's body, with the status as {@code $status};
 * it names events as {@code {index, status, reason, wait}}: {@code index} is that in what was sent, or a list of such (null
 * for none; without the member, all); {@code status} one of HTTP's, or else the answer's own; {@code wait} seconds. A success takes whatever is not named; any other answer takes nothing, and what it
 * does not name is sent again at once. Bound as {@code answer}, for a {@code script} step after a call with {@code
 * throwExceptionOnFailure: false}.
 */
public final class Answer extends LanguageSupport {
    private static final int BAD_REQUEST = 400;
    private static final int ALL = -1;
    private static final long LARGEST = 32L << 20;

    @Override
    public Predicate createPredicate(String expression) {
        return ExpressionToPredicateAdapter.toPredicate(createExpression(expression));
    }

    @Override
    public Expression createExpression(String expression) {
        JqExpression jq = (JqExpression) getCamelContext().resolveLanguage("jq").createExpression(expression);
        try {
            return new Rule(JsonQuery.compile(expression, Versions.JQ_1_6), jq.getScope());
        } catch (JsonQueryException e) {
            throw new RuntimeCamelException(e);
        }
    }

    /** What an answer says of one event; without an index, of all that was sent. */
    private record Item(int index, int status, String reason, Duration pause) {
        boolean isTaken() {
            return status < 300;
        }
    }

    private static final class Rule extends ExpressionAdapter {
        private final JsonQuery query;
        private final Scope scope;

        Rule(JsonQuery query, Scope scope) {
            this.query = query;
            this.scope = scope;
        }

        @Override
        public @Nullable Object evaluate(Exchange exchange) {
            try {
                read(exchange);
                return null;
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new RuntimeCamelException(e);
            }
        }

        private void read(Exchange exchange) throws Exception {
            int status = exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, 200, Integer.class);
            String body = body(exchange, status);
            String quote = SafeText.quote(body);
            Duration wait = RetryAfter.of(exchange.getMessage().getHeader("Retry-After", String.class), Instant.now());
            boolean success = status < 300;
            Map<Integer, Item> items = new TreeMap<>();
            try {
                for (Item item : items(body, status, wait)) {
                    items.put(item.index(), item);
                }
            } catch (IOException e) {
                if (success) { // a proxy's page, say: nobody knows what became of the events
                    throw new RetryableException(
                            "the destination answered HTTP " + status + " and not what is expected: "
                                    + (e instanceof JsonProcessingException json
                                            ? json.getOriginalMessage()
                                            : e.getMessage())
                                    + "\n" + quote,
                            null,
                            wait);
                }
                items.clear();
            }
            items.values().removeIf(Item::isTaken);
            if (items.isEmpty() && success) {
                return;
            }
            Item ofAll = items.get(ALL);
            if (ofAll != null) {
                String answered = ofAll.status() == status ? quote : "it answered HTTP " + status + ": " + quote;
                throw Failures.ofStatus(ofAll.status(), answered, ofAll.pause(), null);
            }
            if (items.isEmpty()) {
                throw Failures.ofStatus(status, quote, wait, null);
            }
            tell(sent(exchange), items, success, exchange.getProperty(Deliveries.LEFT_OUT, 0, Integer.class));
        }

        /** As text; an answer without end is no answer. */
        private static String body(Exchange exchange, int status) throws RetryableException {
            Object body = exchange.getMessage().getBody();
            if (body instanceof StreamCache stream && stream.length() > LARGEST) {
                throw new RetryableException(
                        "the destination answered HTTP " + status + " with " + stream.length() + " bytes", null);
            }
            String text = exchange.getMessage().getBody(String.class);
            return text == null ? "" : text;
        }

        /** Never returns. */
        private static void tell(List<Event> sent, Map<Integer, Item> items, boolean success, int leftOut)
                throws Exception {
            List<Rejected> rejected = new ArrayList<>();
            List<Event> again = new ArrayList<>();
            List<Event> later = new ArrayList<>();
            Exception why = null;
            for (int i = 0; i < sent.size(); i++) {
                Item item = items.remove(i);
                if (item == null) {
                    if (!success) {
                        again.add(sent.get(i));
                    }
                    continue;
                }
                Exception failure = Failures.ofStatus(item.status(), SafeText.quote(item.reason()), item.pause(), null);
                if (failure instanceof RejectedException no) {
                    rejected.add(new Rejected(sent.get(i), String.valueOf(no.getMessage()), no.error()));
                } else {
                    later.add(sent.get(i));
                    why = why == null ? failure : why;
                }
            }
            if (!items.isEmpty()) {
                throw new RetryableException(
                        "the destination's answer names event "
                                + items.keySet().iterator().next() + " of " + sent.size(),
                        null);
            }
            throw new PartialDeliveryException(rejected, again, later, leftOut, why);
        }

        private static List<Event> sent(Exchange exchange) {
            List<Event> sent = OnEvents.sent(exchange);
            if (sent == null) {
                throw new IllegalStateException("nothing was sent that an answer could speak of: the step events.json,"
                        + " ndjson or object has to make the body");
            }
            return sent;
        }

        private List<Item> items(String body, int status, Duration wait) throws IOException, RetryableException {
            JsonNode json = body.isBlank() ? NullNode.getInstance() : EventJson.JSON.readTree(body);
            Scope inner = Scope.newChildScope(scope);
            inner.setValue("status", IntNode.valueOf(status));
            List<JsonNode> values = new ArrayList<>();
            try {
                query.apply(inner, json, values::add);
            } catch (JsonQueryException e) {
                throw new IOException(e.getMessage(), e);
            }
            List<Item> items = new ArrayList<>();
            for (JsonNode value : values) {
                JsonNode index = value.path("index");
                if (index.isArray()) {
                    for (JsonNode one : index) {
                        items.add(item(place(one), value, status, wait));
                    }
                } else if (value.isObject() && index.isMissingNode()) {
                    items.add(item(ALL, value, status, wait));
                } else if (value.isObject() && !index.isNull()) {
                    items.add(item(place(index), value, status, wait));
                }
            }
            return items;
        }

        /** A text or a fraction blames nobody: what is taken for another event would be lost or refused for it. */
        private static int place(JsonNode index) throws RetryableException {
            double number = index.asDouble(-1);
            if (!index.isNumber() || number < 0 || number > Integer.MAX_VALUE || number != Math.rint(number)) {
                throw new RetryableException(
                        "the destination's answer names event " + SafeText.quote(index.toString())
                                + ", which is no place in what was sent",
                        null);
            }
            return (int) number;
        }

        private static Item item(int index, JsonNode item, int status, Duration pause) {
            JsonNode reason = item.path("reason");
            JsonNode seconds = item.path("wait");
            return new Item(
                    index,
                    item.path("status").asInt(status < 300 ? BAD_REQUEST : status),
                    reason.isTextual() ? reason.textValue() : reason.isNull() ? "" : reason.toString(),
                    seconds.isNumber() ? RetryAfter.of(seconds.asText(), Instant.EPOCH) : pause);
        }
    }
}
