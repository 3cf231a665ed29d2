package com.evefan.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.evefan.counters.Counters;
import com.evefan.event.Consent;
import com.evefan.event.Event;
import com.evefan.event.EventBatch;
import com.evefan.event.EventCodec;
import com.evefan.examples.LogLines;
import com.evefan.journal.Place;
import com.evefan.journal.Place.Tally;
import com.evefan.journal.Start;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the steps of a delivery make of what a destination's route does. */
class DeliveriesTest {
    private static final RetrySettings RETRY = new RetrySettings(
            3,
            Duration.ofMillis(1),
            Duration.ofMillis(1),
            Duration.ofMillis(1),
            Duration.ofMillis(1),
            Duration.ofDays(4));

    private final CamelContext camel = new DefaultCamelContext();
    private final MemoryPlace place = new MemoryPlace();
    private final List<String> acknowledged = new ArrayList<>();
    private Processor route = exchange -> {};
    private Counters counters;
    private Destination destination;
    private Deliveries deliveries;

    @TempDir
    Path directory;

    @BeforeEach
    void start() throws Exception {
        counters = Counters.open(directory.resolve("counters.json"), Duration.ofHours(1), Clock.systemUTC());
        Destinations destinations = new Destinations(
                () -> {
                    throw new IllegalStateException("no journal");
                },
                counters,
                RETRY,
                Clock.systemUTC());
        destination = destinations.known("crm");
        destination.started(place, new BatchSettings(5, 500, 1_000, true, true, 1, Start.END, Consent.NOT_NEEDED));
        destination.openIfDue();
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from("direct:crm").process(exchange -> route.process(exchange));
            }
        });
        camel.start();
        deliveries =
                new Deliveries(camel.createProducerTemplate(), destinations, DeliveryObserver.NONE, Clock.systemUTC());
    }

    @AfterEach
    void stop() throws Exception {
        camel.stop();
        counters.close();
    }

    private Delivery delivery(Event... events) {
        return new Delivery(
                destination, destination.turn(), new EventBatch(List.of(events), List.of(acknowledged::add)));
    }

    private static Event event(String id, Duration age) {
        Instant received = Instant.now().minus(age);
        String json = "{\"type\":\"track\",\"messageId\":\"" + id + "\",\"source\":\"dev\",\"timestamp\":\"" + received
                + "\",\"receivedAt\":\"" + received + "\"}\n";
        return EventCodec.decode(json.getBytes(StandardCharsets.UTF_8)).get(0);
    }

    private static List<String> ids(List<Event> events) {
        return events.stream().map(Event::messageId).toList();
    }

    @Test
    void expiresWhatFailsAndIsTooOldEventByEvent() throws Exception {
        route = exchange -> {
            throw new RetryableException("busy", null);
        };
        Delivery delivery = delivery(event("old", Duration.ofDays(5)), event("young", Duration.ofDays(1)));

        Attempt attempt = deliveries.deliver(delivery);

        assertThat(attempt.rejected()).singleElement().satisfies(dead -> {
            assertThat(dead.event().messageId()).isEqualTo("old");
            assertThat(dead.error()).isEqualTo("expired");
            assertThat(dead.reason()).isEqualTo("not delivered within 96 hours: busy");
        });
        assertThat(ids(attempt.remaining())).containsExactly("young");
        assertThatThrownBy(() -> deliveries.settle(attempt, delivery)).hasMessage("busy");
        assertThat(place.counted).isEqualTo(new Tally(0, 0, 1, 0));
        assertThat(acknowledged).isEmpty();
    }

    @Test
    void keepsWhatTheJournalIsAboutToDeleteAlsoForAWrongSetUp() {
        route = exchange -> {
            throw new SetUpException("wrong password", null);
        };
        place.keptFrom = Instant.now().minus(Duration.ofDays(6));
        Delivery delivery = delivery(event("vanishing", Duration.ofDays(7)), event("old", Duration.ofDays(5)));

        Attempt attempt = deliveries.deliver(delivery);

        assertThat(attempt.rejected()).singleElement().satisfies(dead -> {
            assertThat(dead.event().messageId()).isEqualTo("vanishing");
            assertThat(dead.reason()).isEqualTo("not delivered before the journal deletes it: wrong password");
        });
        assertThat(ids(attempt.remaining())).containsExactly("old");
    }

    @Test
    void dropsABatchWhoseEventsAnotherNodeHas() throws Exception {
        Delivery delivery = delivery(event("a", Duration.ZERO));
        place.term++;

        assertThat(delivery.awaitTurn()).isFalse();
        delivery.end(null);

        assertThat(place.opened).isEqualTo(1);
        destination.openIfDue();
        assertThat(place.opened).isEqualTo(2);
        assertThat(delivery(event("a", Duration.ZERO)).awaitTurn()).isTrue();
    }

    @Test
    void handsOutNothingWhileNoNodeMayDeliver() throws Exception {
        place.term = -1;

        assertThat(delivery(event("a", Duration.ZERO)).awaitTurn()).isFalse();
        destination.openIfDue();

        assertThat(place.opened).isEqualTo(1);
        assertThat(place.state).isEqualTo(Place.State.CLOSED);
    }

    @Test
    void expiresNothingForAWrongSetUp() {
        route = exchange -> {
            throw new SetUpException("wrong password", null);
        };

        Attempt attempt = deliveries.deliver(delivery(event("old", Duration.ofDays(5))));

        assertThat(attempt.rejected()).isEmpty();
        assertThat(ids(attempt.remaining())).containsExactly("old");
    }

    @Test
    void triesOnlyWhatIsLeftAndCountsEverythingOnce() throws Exception {
        List<List<String>> calls = new ArrayList<>();
        route = exchange -> {
            List<Event> events = exchange.getMessage().getBody(EventBatch.class).events();
            calls.add(ids(events));
            if (calls.size() == 1) {
                throw new PartialDeliveryException(
                        List.of(new Rejected(events.get(1), "bad", "E1")),
                        events.subList(2, 3),
                        new RetryableException("busy", null));
            }
            exchange.setProperty(Deliveries.LEFT_OUT, 1);
        };
        Delivery delivery = delivery(event("a", Duration.ZERO), event("b", Duration.ZERO), event("c", Duration.ZERO));

        Attempt first = deliveries.deliver(delivery);
        assertThatThrownBy(() -> deliveries.settle(first, delivery)).hasMessage("busy");
        Attempt second = deliveries.deliver(delivery);
        deliveries.settle(second, delivery);
        deliveries.acknowledge(delivery);

        assertThat(calls).containsExactly(List.of("a", "b", "c"), List.of("c"));
        assertThat(place.counted).isEqualTo(new Tally(1, 1, 0, 1));
        assertThat(acknowledged).containsExactly("crm");
        assertThat(destination.status()).isEqualTo(Destination.Status.UP);
    }

    @Test
    void anErrorOfARouteIsAFailureLikeAnyOther() {
        route = exchange -> {
            throw new StackOverflowError();
        };

        Attempt attempt = deliveries.deliver(delivery(event("a", Duration.ZERO)));

        assertThat(ids(attempt.remaining())).containsExactly("a");
        assertThat(destination.status()).isEqualTo(Destination.Status.RETRYING);
    }

    @Test
    void rejectedEventsThatCannotBeKeptAreTriedAgainAndNotSentAgain() throws Exception {
        List<Exchange> calls = new ArrayList<>();
        route = exchange -> {
            calls.add(exchange);
            throw new RejectedException("never", "E1", null);
        };
        Delivery delivery = delivery(event("a", Duration.ZERO));
        deliveries.deliver(delivery);

        boolean again = deliveries.isTriedAgain(delivery, new IllegalStateException("the broker is away"));
        Attempt attempt = deliveries.deliver(delivery);

        assertThat(again).isTrue();
        assertThat(destination.message()).startsWith("1 rejected events wait for the broker: the broker is away");
        assertThat(calls).hasSize(1);
        assertThat(attempt.rejected()).hasSize(1);
        deliveries.settle(attempt, delivery);
        assertThat(place.counted).isEqualTo(new Tally(0, 1, 0, 0));
        assertThat(destination.status()).isEqualTo(Destination.Status.UP);
    }

    @Test
    void whatIsRefusedMakesItRejectingAndWhatAReplayDeliversMakesItUpAgain() throws Exception {
        Event[] ten = IntStream.range(0, 10)
                .mapToObj(i -> event("bad" + i, Duration.ZERO))
                .toArray(Event[]::new);
        route = exchange -> {
            throw new RejectedException("no such column", "42703", null);
        };
        Delivery delivery = delivery(ten);

        try (LogLines log = LogLines.of(Destination.class.getName(), Level.WARN)) {
            deliveries.settle(deliveries.deliver(delivery), delivery);

            assertThat(log.lines())
                    .containsExactly(
                            "Destination crm has refused 10 of the last 10 events, the last with 42703 (no such column)",
                            "Destination crm has its first dead letter for 42703 (no such column);"
                                    + " show them: dead-letters show crm --error '42703'");
        }
        assertThat(destination.status()).isEqualTo(Destination.Status.REJECTING);

        route = exchange -> {};
        deliveries.attempt(EventBatch.of(List.of(ten)), "crm");
        assertThat(destination.status()).isEqualTo(Destination.Status.UP);
    }
}
