package com.evefan.destination.custom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.evefan.delivery.PartialDeliveryException;
import com.evefan.delivery.Rejected;
import com.evefan.delivery.RejectedException;
import com.evefan.delivery.RetryableException;
import com.evefan.delivery.SetUpException;
import com.evefan.event.Event;
import com.evefan.event.EventBatch;
import com.evefan.event.EventType;
import com.evefan.event.Integrations;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** jq on whole batches, and what an answer means, as the languages of a running Camel. */
class AnswerTest {
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00.123Z");
    private static final String ITEMS = ".items[]?";

    private static DefaultCamelContext camel;

    @BeforeAll
    static void start() {
        camel = new DefaultCamelContext();
        camel.getRegistry().bind("jq", new OnEvents());
        camel.getRegistry().bind("answer", new Answer());
        camel.start();
    }

    @AfterAll
    static void stop() {
        camel.stop();
    }

    private static EventBatch batch(String... events) {
        List<Event> all = new ArrayList<>();
        for (int i = 0; i < events.length; i++) {
            byte[] json = events[i].getBytes(StandardCharsets.UTF_8);
            all.add(new Event(EventType.TRACK, "m" + i, "web", NOW, NOW, Integrations.ALL, json));
        }
        return EventBatch.of(all);
    }

    private static Exchange exchange(EventBatch batch) {
        Exchange exchange = new DefaultExchange(camel);
        exchange.getMessage().setBody(batch);
        return exchange;
    }

    private static void jq(Exchange exchange, String expression) {
        Object body = camel.resolveLanguage("jq").createExpression(expression).evaluate(exchange, Object.class);
        exchange.getMessage().setBody(body);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "[-1]", "[0, null]", "\"0\"", "[\"x\"]", "0.5", "4294967296", "true", "{}"})
    void aPlaceThatIsNoneBlamesNobody(String index) {
        for (int status : new int[] {200, 400}) {
            assertThat(answered(status, "{\"items\":[{\"index\":" + index + ",\"status\":400}]}", ITEMS))
                    .isInstanceOf(RetryableException.class)
                    .hasMessageContaining("which is no place in what was sent");
        }
    }

    @Test
    void saysWhatIsWrongWithAnAnswerInTheSendersWords() {
        assertThat(answered(200, "<html>", ITEMS))
                .hasMessageContaining("HTTP 200 and not what is expected: Unexpected character ('<'")
                .hasMessageContaining("<html>")
                .hasMessageNotContaining("StreamReadFeature");
    }

    /** What became of four events, of which the second is left out, after an answer. */
    private static @Nullable Throwable answered(int status, String body, String rule) {
        Exchange exchange = exchange(batch("{\"n\":0}", "{\"n\":1}", "{\"n\":2}", "{\"n\":3}"));
        jq(exchange, "select(.n != 1) | {x: .n}");
        new Events().json((EventBatch) exchange.getMessage().getBody(), exchange);
        exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, status);
        exchange.getMessage().setBody(body);
        try {
            camel.resolveLanguage("answer").createExpression(rule).evaluate(exchange, Object.class);
            return null;
        } catch (RuntimeException e) {
            return e.getCause() == null ? e : e.getCause();
        }
    }

    private static List<String> ids(List<Event> events) {
        return events.stream().map(Event::messageId).toList();
    }

    @Test
    void anExpressionThatFailsNamesItsStep() {
        Exchange exchange = exchange(batch("{\"n\":\"x\"}"));
        exchange.getExchangeExtension().setHistoryNodeId("crm-large");

        assertThatThrownBy(() -> jq(exchange, "{n: (.n | tonumber)}"))
                .hasRootCauseMessage("For input string: \"x\"")
                .cause()
                .isInstanceOf(JsonQueryException.class)
                .hasMessageEndingWith(", in the step crm-large");
    }

    @Test
    void aSuccessTakesWhatItDoesNotName() {
        assertThat(answered(200, "{\"items\":[]}", ITEMS)).isNull();
        assertThat(answered(200, "{\"items\":[{\"index\":0,\"status\":201}]}", ITEMS))
                .isNull();

        PartialDeliveryException partial = (PartialDeliveryException) answered(
                200,
                "{\"items\":[{\"index\":1,\"status\":400,\"reason\":{\"type\":\"bad\"}},{\"index\":2,\"status\":429}]}",
                ITEMS);

        assertThat(partial.rejected()).singleElement().satisfies(one -> {
            assertThat(one.event().messageId()).isEqualTo("m2");
            assertThat(one.event().json()).as("as accepted").asString().isEqualTo("{\"n\":2}");
            assertThat(one.reason()).isEqualTo("the destination answered HTTP 400\n{\"type\":\"bad\"}");
            assertThat(one.error()).isEqualTo("HTTP 400");
        });
        assertThat(ids(partial.later())).containsExactly("m3");
        assertThat(partial.again()).isEmpty();
        assertThat(partial).hasCauseInstanceOf(RetryableException.class);
    }

    @Test
    void anotherAnswerTakesNothingAndTheOthersGoAtOnce() {
        PartialDeliveryException refused =
                (PartialDeliveryException) answered(400, "{\"items\":[{\"index\":[0,2]}]}", ITEMS);
        assertThat(refused.rejected()).extracting(Rejected::error).containsExactly("HTTP 400", "HTTP 400");
        assertThat(ids(refused.again())).containsExactly("m2");
        assertThat(refused).hasNoCause();

        PartialDeliveryException throttled =
                (PartialDeliveryException) answered(429, "{\"items\":[{\"index\":[1],\"wait\":30}]}", ITEMS);
        assertThat(ids(throttled.again())).containsExactly("m0", "m3");
        assertThat(ids(throttled.later())).containsExactly("m2");
        assertThat(throttled.getCause())
                .isInstanceOfSatisfying(
                        RetryableException.class,
                        e -> assertThat(e.retryAfter()).isEqualTo(Duration.ofSeconds(30)));
    }

    @Test
    void whatNamesNoEventIsAnAnswerToAll() {
        assertThat(answered(413, "<html>too large", ITEMS)).isInstanceOf(RejectedException.class);
        assertThat(answered(503, "", ITEMS)).isInstanceOf(RetryableException.class);
        assertThat(answered(401, "{}", ITEMS)).isInstanceOf(SetUpException.class);
        assertThat(answered(400, "{\"error\":\"Invalid API key\"}", "{status: 401}"))
                .isInstanceOf(SetUpException.class);
        assertThat(answered(200, "{\"ok\":false}", "select(.ok == false) | {status: 503}"))
                .isInstanceOf(RetryableException.class);
    }

    @Test
    void aSuccessThatCannotBeReadIsNone() {
        assertThat(answered(200, "<html>welcome to the proxy", ITEMS))
                .isInstanceOf(RetryableException.class)
                .hasMessageContaining("not what is expected");
        assertThat(answered(200, "{}", ".items[]")).isInstanceOf(RetryableException.class);
        assertThat(answered(200, "{\"items\":[{\"index\":3,\"status\":400}]}", ITEMS))
                .isInstanceOf(RetryableException.class)
                .hasMessageContaining("names event 3 of 3");
        assertThat(answered(400, "{\"items\":[{\"index\":-7}]}", ITEMS)).isInstanceOf(RetryableException.class);
        assertThat(answered(200, "{\"items\":[{\"index\":null}]}", ITEMS)).isNull();
        assertThat(answered(204, "", ITEMS)).isNull();
    }

    @Test
    void jqOnABatchLeavesOutChangesAndKeepsIdentities() {
        Exchange exchange = exchange(batch("{\"n\":0}", "{\"n\":1}", "{\"n\":2}"));

        jq(exchange, "select(.n != 1)");
        jq(exchange, "select(.n != 0)");
        jq(exchange, "{a: .n}, {b: .n}");

        EventBatch body = exchange.getMessage().getBody(EventBatch.class);
        assertThat(ids(body.events())).containsExactly("m2");
        assertThat(exchange.getProperty("leftOut")).isEqualTo(2);
        assertThat(new Events().lines(body)).asString().isEqualTo("{\"a\":2}\n{\"b\":2}\n");
        assertThat(new Events().array(body)).asString().isEqualTo("[{\"a\":2},{\"b\":2}]");
        assertThat(exchange.isRouteStop()).isFalse();

        jq(exchange, "empty");
        assertThat(exchange.isRouteStop()).isTrue();
        assertThat(exchange.getProperty("leftOut")).isEqualTo(3);
    }

    @Test
    void aConditionOnAWholeBatchSaysWhatToWrite() {
        assertThatThrownBy(() ->
                        camel.resolveLanguage("jq").createPredicate(".n == 1").matches(exchange(batch("{}"))))
                .hasRootCauseInstanceOf(SetUpException.class)
                .hasStackTraceContaining("setBody with select(.n == 1)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"2026-11-01T10:00:00.123Z\" | epoch_s | 1793527200",
                "\"2026-11-01T10:00:00.123Z\" | epoch_ms | 1793527200123",
                "\"2026-11-01T10:00:00.123Z\" | epoch_us | 1793527200123000",
                "1793527200 | iso | \"2026-11-01T10:00:00.000Z\"",
                "1793527200123 | iso | \"2026-11-01T10:00:00.123Z\"",
                "null | iso | null",
                "\"a@b.c\" | sha256 | \"d648b243a3e817eaa3309e00e183483f2867baadf522099f0c2121770536b25a\"",
                "\"Order Completed\" | snake_case | \"order_completed\"",
                "\"orderID\" | snake_case | \"order_id\"",
                "\"HTTPServer 2\" | snake_case | \"http_server_2\"",
                "\"Order Completed\" | camel_case | \"orderCompleted\"",
                "{\"a\":{\"b\":1,\"c\":[2]},\"d\":null} | flat | {\"a_b\":1,\"d\":null}",
                "{\"messageId\":\"m\",\"evefan.id\":\"web:m\"} | event_id | \"web:m\"",
                "{\"messageId\":\"m\"} | event_id | \"m\"",
                "{\"a\":null,\"b\":{\"c\":null}} | compact | {\"b\":{\"c\":null}}",
                "{\"userId\":\"u\"} | sampled(100) | true",
                "{\"userId\":\"u\"} | sampled(0) | false"
            })
    void functionsOfEvents(String input, String expression, String expected) {
        Exchange exchange = new DefaultExchange(camel);
        exchange.getMessage().setBody(input.getBytes(StandardCharsets.UTF_8));

        jq(exchange, expression);

        assertThat(String.valueOf(exchange.getMessage().getBody())).isEqualTo(expected);
    }

    @Test
    void whatIsNoTimeIsTheEventsFault() {
        assertThatThrownBy(() -> jq(exchange(batch("{\"t\":\"soon\"}")), ".t | epoch_ms"))
                .hasStackTraceContaining("'soon' is no time");
    }
}
