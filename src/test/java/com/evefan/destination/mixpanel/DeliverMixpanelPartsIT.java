package com.evefan.destination.mixpanel;

import static com.evefan.destination.mixpanel.MixpanelEvents.event;
import static com.evefan.destination.mixpanel.MixpanelEvents.group;
import static com.evefan.destination.mixpanel.MixpanelEvents.identify;
import static com.evefan.destination.mixpanel.MixpanelEvents.track;
import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.delivery.PartialDeliveryException;
import com.evefan.delivery.RetryableException;
import com.evefan.destination.mixpanel.MixpanelServer.Fault;
import com.evefan.destination.mixpanel.MixpanelSettings.IdentityMerge;
import com.evefan.destination.mixpanel.MixpanelSettings.Limits;
import com.evefan.destination.mixpanel.MixpanelSettings.Revenue;
import com.evefan.destination.mixpanel.MixpanelSettings.Rules;
import com.evefan.event.Event;
import com.evefan.event.EventType;
import com.evefan.event.Integrations;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** The shipped route when Mixpanel takes only a part of a batch. */
class DeliverMixpanelPartsIT {
    private MixpanelServer mixpanel;
    private MixpanelRoute route;

    @BeforeEach
    void start() throws Exception {
        mixpanel = new MixpanelServer("the-token");
        route = new MixpanelRoute(mixpanel.url(), MixpanelEvents.settings(IdentityMerge.SIMPLIFIED));
    }

    @AfterEach
    void stop() {
        route.close();
        mixpanel.close();
    }

    @Test
    void halvesWhatIsTooLargeUntilItFits() {
        // Given
        mixpanel.maxBytes = 800;
        Event[] events = new Event[16];
        java.util.Arrays.setAll(events, i -> track("m-" + i));

        // When
        Throwable end = route.deliver(events);

        // Then
        assertThat(end).isNull();
        assertThat(mixpanel.store.events).hasSize(16);
        assertThat(mixpanel.store.duplicates).hasValue(0);
    }

    @Test
    void rejectsTheOneEventThatIsTooLarge() {
        // Given
        mixpanel.maxBytes = 800;
        Event large = event("{\"event\":\"large\",\"properties\":{\"x\":\"" + "x".repeat(900) + "\"}}");

        // When
        Throwable end = route.deliver(track("a"), large, track("b"));

        // Then
        PartialDeliveryException partial = (PartialDeliveryException) end;
        assertThat(partial.again()).isEmpty();
        assertThat(partial.rejected()).singleElement().satisfies(rejected -> {
            assertThat(rejected.event()).isSameAs(large);
            assertThat(rejected.error()).isEqualTo("413");
        });
        assertThat(mixpanel.store.events).hasSize(2);
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.ValueSource(booleans = {false, true})
    void rejectsTheFailedRecordsByIndex(boolean otherShape) {
        // Given
        mixpanel.otherShape = otherShape;
        StringBuilder many = new StringBuilder("{\"messageId\":\"same\",\"event\":\"many\",\"properties\":{");
        for (int i = 0; i < 300; i++) {
            many.append("\"p").append(i).append("\":1,");
        }
        Event bad = event(many.append("\"z\":1}}").toString());

        // When
        Throwable end = route.deliver(track("a"), bad, track("same"), track("b"));

        // Then
        PartialDeliveryException partial = (PartialDeliveryException) end;
        assertThat(partial.again()).isEmpty();
        assertThat(partial.rejected()).singleElement().satisfies(rejected -> {
            assertThat(rejected.event()).isSameAs(bad);
            assertThat(rejected.error()).isEqualTo("properties");
            assertThat(rejected.reason()).isEqualTo("'properties' is invalid");
        });
        assertThat(mixpanel.store.events).hasSize(3);
        assertThat(mixpanel.seen).hasSize(1);
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.ValueSource(booleans = {false, true})
    void findsTheUpdateThatAProfileEndpointRefuses(boolean otherShape) {
        // Given
        mixpanel.otherShape = otherShape;
        Event bad = event("{\"type\":\"identify\",\"traits\":{\"refuse me\":1}}");

        // When
        Throwable end = route.deliver(identify("a"), identify("b"), bad, identify("c"), identify("d"));

        // Then
        PartialDeliveryException partial = (PartialDeliveryException) end;
        assertThat(partial.rejected())
                .singleElement()
                .satisfies(r -> assertThat(r.event()).isSameAs(bad));
        assertThat(partial.again()).isEmpty();
        assertThat(mixpanel.store.users).hasSize(4);
    }

    @Test
    void rejectsWhatAnUnexplainedBadRequestNarrowsDownTo() {
        // Given
        mixpanel.fail("/import", Fault.BAD_REQUEST_WITHOUT_RECORDS, Fault.BAD_REQUEST_WITHOUT_RECORDS);

        // When
        Throwable end = route.deliver(track("a"), track("b"));

        // Then
        PartialDeliveryException partial = (PartialDeliveryException) end;
        assertThat(partial.rejected()).extracting(r -> r.event().messageId()).containsExactly("a");
        assertThat(mixpanel.store.events).hasSize(1);
    }

    @Test
    void sendsNothingAgainToAnEndpointThatHasItsPart() {
        // Given
        mixpanel.fail("/groups", Fault.ERROR, Fault.RESET);

        // When
        PartialDeliveryException first =
                (PartialDeliveryException) route.deliver(track("t"), group("g"), identify("i"));
        RetryableException second = (RetryableException) route.deliver(first.again());
        Throwable third = route.deliver(first.again());

        // Then
        assertThat(first.getCause()).isInstanceOf(RetryableException.class);
        assertThat(first.again()).extracting(Event::messageId).containsExactly("g");
        assertThat(second).isNotNull();
        assertThat(third).isNull();
        assertThat(mixpanel.seen("/engage")).hasSize(1);
        assertThat(mixpanel.seen("/import")).hasSize(1);
        assertThat(mixpanel.seen("/groups")).hasSize(3);
        assertThat(mixpanel.store.groups).hasSize(1);
    }

    @Test
    void keepsWhatWasTakenOnARefusedEventToo() {
        // Given
        Event bad = event("{\"type\":\"group\",\"groupId\":\"g\",\"traits\":{\"refuse me\":1}}");

        // When
        PartialDeliveryException end = (PartialDeliveryException) route.deliver(bad);
        route.deliver(List.of(end.rejected().get(0).event()));

        // Then
        assertThat(mixpanel.seen("/engage")).hasSize(1);
        assertThat(mixpanel.seen("/groups")).hasSize(2);
    }

    @Test
    void sendsAllOfAnOrderAgainWhenOnlyAPartOfItCameThrough() throws Exception {
        // Given
        route.close();
        route = new MixpanelRoute(
                mixpanel.url(), MixpanelEvents.settings(selling(), new Limits(2, 1_900_000, 950_000)));
        // The order and its two products are in the first request and the second, which fails; the revenue comes last.
        AtomicInteger requests = new AtomicInteger();
        mixpanel.fail(() -> requests.incrementAndGet() == 2 ? Fault.RESET : null);
        Event order = event("{\"event\":\"Order Completed\",\"properties\":{\"revenue\":5,\"products\":[{},{}]}}");

        // When
        Throwable first = route.deliver(order);
        Throwable second = route.deliver(order);

        // Then
        assertThat(first).isInstanceOf(RetryableException.class);
        assertThat(second).isNull();
        assertThat(mixpanel.store.events).hasSize(3);
        assertThat(mixpanel.store.duplicates).hasValue(2);
        assertThat(mixpanel.seen("/engage")).as("revenue, once").hasSize(1);
    }

    @Test
    void tellsOfNoRevenueWhileAnythingOfTheBatchCanBeSentAgain() throws Exception {
        // Given
        route.close();
        route = new MixpanelRoute(
                mixpanel.url(), MixpanelEvents.settings(selling(), new Limits(2_000, 1_900_000, 950_000)));
        mixpanel.fail("/engage", Fault.ERROR);
        Event[] batch = {event("{\"event\":\"Order Completed\",\"properties\":{\"revenue\":5}}"), identify("somebody")};

        // When
        PartialDeliveryException first = (PartialDeliveryException) route.deliver(batch);
        Throwable afterARestart = route.deliver(batch); // what it had is known to Mixpanel alone

        // Then
        assertThat(first.again()).hasSize(2);
        assertThat(afterARestart).isNull();
        assertThat(mixpanel.seen)
                .extracting(MixpanelServer.Seen::path)
                .containsExactly("/engage", "/import", "/engage", "/import", "/engage");
        assertThat(mixpanel.seen("/engage").get(2).body()).contains("$append");
        assertThat(mixpanel.store.events).hasSize(1);
    }

    @Test
    void takesOrdersOfManyProductsInPartsThatFitIntoMemory() throws Exception {
        // Given
        route.close();
        route = new MixpanelRoute(
                mixpanel.url(), MixpanelEvents.settings(selling(), new Limits(2_000, 1_900_000, 950_000)));
        String note = "x".repeat(3_000);
        String order = "{\"messageId\":\"o-%d\",\"event\":\"Order Completed\",\"properties\":{\"note\":\"" + note
                + "\",\"products\":[" + "{},".repeat(24) + "{}]}}";
        List<Event> left = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            left.add(event(order.formatted(i)));
        }

        // When
        int most = 0;
        int rounds = 0;
        while (!left.isEmpty()) {
            int before = mixpanel.seen.size();
            PartialDeliveryException end = (PartialDeliveryException) route.deliver(left);
            int bytes = mixpanel.seen.subList(before, mixpanel.seen.size()).stream()
                    .mapToInt(request -> request.body().length())
                    .sum();
            most = Math.max(most, bytes);
            rounds++;
            left = end == null ? List.of() : end.again();
            assertThat(end == null ? null : end.getCause()).isNull();
        }

        // Then
        assertThat(rounds).isGreaterThan(1);
        assertThat(most).isLessThan(11_000_000);
        assertThat(mixpanel.store.events).hasSize(300 * 26);
        assertThat(mixpanel.store.duplicates).hasValue(0);
    }

    @Test
    void rejectsAloneWhatCannotBeMapped() {
        // Given
        Event number = new Event(
                EventType.TRACK,
                "n",
                "test",
                MixpanelEvents.NOW,
                MixpanelEvents.NOW,
                Integrations.ALL,
                "{\"event\":\"e\",\"userId\":\"u\",\"properties\":{\"n\":1e99999999999}}"
                        .getBytes(StandardCharsets.UTF_8));
        Event deep = event("{\"event\":\"e\",\"properties\":{\"d\":" + "[".repeat(900) + "]".repeat(900) + "}}");

        // When
        PartialDeliveryException end = (PartialDeliveryException) route.deliver(track("a"), number, deep, track("b"));

        // Then
        assertThat(end.again()).isEmpty();
        assertThat(end.rejected()).singleElement().satisfies(rejected -> {
            assertThat(rejected.event()).isSameAs(number);
            assertThat(rejected.error()).isEqualTo("json");
            assertThat(rejected.reason()).contains("1e99999999999");
        });
        assertThat(mixpanel.store.events).hasSize(3);
    }

    private static Rules selling() {
        Rules defaults = MixpanelEvents.rules(IdentityMerge.SIMPLIFIED);
        return new Rules(
                defaults.identityMerge(),
                defaults.groupKey(),
                defaults.groupKeys(),
                defaults.pageEvent(),
                defaults.screenEvent(),
                true,
                Revenue.TRANSACTIONS);
    }

    @Test
    void stopsAskingAnEndpointThatFailedAndKeepsTheOrderOfUpdates() throws Exception {
        // Given
        route.close();
        route = new MixpanelRoute(
                mixpanel.url(),
                MixpanelEvents.settings(
                        MixpanelEvents.rules(IdentityMerge.SIMPLIFIED), new Limits(2, 1_900_000, 950_000)));
        mixpanel.fail("/engage", Fault.UNAVAILABLE);

        // When
        Throwable end = route.deliver(identify("1"), identify("2"), identify("3"), track("t"));

        // Then
        assertThat(((PartialDeliveryException) end).again())
                .extracting(Event::messageId)
                .containsExactly("1", "2", "3");
        assertThat(mixpanel.seen("/engage")).hasSize(1);
    }
}
