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
        Rules defaults = MixpanelEvents.rules(IdentityMerge.SIMPLIFIED);
        Rules shop = new Rules(
                defaults.identityMerge(),
                defaults.groupKey(),
                defaults.groupKeys(),
                defaults.pageEvent(),
                defaults.screenEvent(),
                true,
                Revenue.TRANSACTIONS);
        route = new MixpanelRoute(mixpanel.url(), MixpanelEvents.settings(shop, new Limits(2, 1_900_000, 950_000)));
        // The revenue is the first request; the order and its two products are in the second and the third, which
        // fails.
        AtomicInteger requests = new AtomicInteger();
        mixpanel.fail(() -> requests.incrementAndGet() == 3 ? Fault.RESET : null);
        Event order = event("{\"event\":\"Order Completed\",\"properties\":{\"revenue\":5,\"products\":[{},{}]}}");

        // When
        PartialDeliveryException first = (PartialDeliveryException) route.deliver(order);
        Throwable second = route.deliver(first.again());

        // Then
        assertThat(first.getCause()).isInstanceOf(RetryableException.class);
        assertThat(second).isNull();
        assertThat(mixpanel.store.events).hasSize(3);
        assertThat(mixpanel.store.duplicates).hasValue(2);
        assertThat(mixpanel.seen("/engage")).as("revenue, once").hasSize(1);
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
