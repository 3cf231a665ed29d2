package com.evefan.destination.mixpanel;

import static com.evefan.destination.mixpanel.MixpanelEvents.event;
import static com.evefan.destination.mixpanel.MixpanelEvents.group;
import static com.evefan.destination.mixpanel.MixpanelEvents.identify;
import static com.evefan.destination.mixpanel.MixpanelEvents.track;
import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.delivery.PartialDeliveryException;
import com.evefan.delivery.RetryableException;
import com.evefan.delivery.SetUpException;
import com.evefan.destination.mixpanel.MixpanelServer.Fault;
import com.evefan.destination.mixpanel.MixpanelServer.Seen;
import com.evefan.event.Event;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The shipped route against a stand-in that answers as Mixpanel's documentation says. */
class DeliverMixpanelIT {
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
    void sendsEachEndpointItsPart() {
        // When
        Throwable end = route.deliver(track("t"), identify("i"), group("g"));

        // Then
        assertThat(end).isNull();
        assertThat(mixpanel.seen).extracting(Seen::path).containsExactly("/engage", "/groups", "/import");
        assertThat(mixpanel.seen)
                .extracting(Seen::query)
                .containsExactly("verbose=1", "verbose=1", "strict=1&project_id=424242");
        assertThat(mixpanel.seen).extracting(Seen::encoding).containsExactly("null", "null", "gzip");
        assertThat(mixpanel.seen)
                .extracting(Seen::authorization)
                .containsExactly("null", "null", "Basic dGhlLXRva2VuOg==");
        assertThat(mixpanel.store.events).hasSize(1);
        assertThat(mixpanel.store.users).hasSize(2);
        assertThat(mixpanel.store.groups).hasSize(1);
    }

    @Test
    void makesNoRequestForAnAliasInASimplifiedProject() {
        // When
        Throwable end = route.deliver(event("{\"type\":\"alias\",\"previousId\":\"old\"}"));

        // Then
        assertThat(end).isNull();
        assertThat(mixpanel.seen).isEmpty();
    }

    @Test
    void authenticatesWithTheServiceAccount() throws Exception {
        // Given
        route.close();
        route = new MixpanelRoute(
                mixpanel.url(),
                new MixpanelSettings(
                        "the-token",
                        "424242",
                        "robot.1:secret",
                        IdentityMerge.SIMPLIFIED,
                        true,
                        "groupId",
                        2_000,
                        1_900_000,
                        950_000));

        // When
        Throwable end = route.deliver(track("t"));

        // Then
        assertThat(end).isNull();
        assertThat(mixpanel.seen.get(0).authorization()).isEqualTo(MixpanelServer.basic("robot.1:secret"));
    }

    @ParameterizedTest
    @EnumSource(names = {"UNAUTHORIZED", "FORBIDDEN", "NOT_FOUND", "REDIRECT"})
    void asksTheOperatorWhenTheSetUpIsWrong(Fault fault) {
        // Given
        mixpanel.fail("/import", fault);

        // When
        Throwable end = route.deliver(track("t"));

        // Then
        assertThat(end).isInstanceOf(SetUpException.class).hasMessageContaining("evefan.mixpanel.");
        assertThat(end.getMessage()).doesNotContain("the-token");
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "RATE_LIMITED",
                "ERROR",
                "UNAVAILABLE",
                "HANG",
                "RESET",
                "TAKE_AND_RESET",
                "GARBAGE",
                "EMPTY",
                "SHORT_COUNT",
                "WITHOUT_CODE",
                "INDEX_OUT_OF_RANGE"
            })
    void sendsTheSameBytesAgainAfterAPassingFault(Fault fault) {
        // Given
        mixpanel.fail("/import", fault);
        Event[] events = {track("a"), track("b")};

        // When
        Throwable first = route.deliver(events);
        Throwable second = route.deliver(events);

        // Then
        assertThat(first).isInstanceOf(RetryableException.class);
        assertThat(second).isNull();
        assertThat(mixpanel.seen.get(1).body()).isEqualTo(mixpanel.seen.get(0).body());
        assertThat(mixpanel.store.events).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(names = {"RATE_LIMITED", "ERROR", "RESET", "GARBAGE", "EMPTY", "WITHOUT_CODE", "SHORT_COUNT"})
    void takesNoUnknownAnswerOfAProfileEndpointForSuccess(Fault fault) {
        // Given
        mixpanel.fail("/engage", fault);

        // When
        Throwable end = route.deliver(identify("i"));

        // Then
        assertThat(end).isInstanceOf(RetryableException.class);
    }

    @Test
    void waitsAsLongAsItIsAsked() {
        // Given
        mixpanel.fail("/import", Fault.RATE_LIMITED_BY_PROXY, Fault.RATE_LIMITED);

        // When
        RetryableException asked = (RetryableException) route.deliver(track("t"));
        RetryableException unasked = (RetryableException) route.deliver(track("t"));

        // Then
        assertThat(asked.retryAfter()).hasSeconds(17);
        assertThat(unasked.retryAfter()).isBetween(java.time.Duration.ofSeconds(5), java.time.Duration.ofSeconds(9));
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
    void stopsAskingAnEndpointThatFailedAndKeepsTheOrderOfUpdates() throws Exception {
        // Given
        route.close();
        route = new MixpanelRoute(
                mixpanel.url(),
                new MixpanelSettings(
                        "the-token", "424242", "", IdentityMerge.SIMPLIFIED, true, "groupId", 2, 1_900_000, 950_000));
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
