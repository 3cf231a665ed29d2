package com.evefan.destination.mixpanel;

import static com.evefan.destination.mixpanel.MixpanelEvents.event;
import static com.evefan.destination.mixpanel.MixpanelEvents.group;
import static com.evefan.destination.mixpanel.MixpanelEvents.identify;
import static com.evefan.destination.mixpanel.MixpanelEvents.track;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.evefan.delivery.RetryableException;
import com.evefan.delivery.SetUpException;
import com.evefan.destination.mixpanel.MixpanelServer.Fault;
import com.evefan.destination.mixpanel.MixpanelServer.Seen;
import com.evefan.destination.mixpanel.MixpanelSettings.IdentityMerge;
import com.evefan.destination.mixpanel.MixpanelSettings.Limits;
import com.evefan.event.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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
                        true,
                        MixpanelEvents.rules(IdentityMerge.SIMPLIFIED),
                        new Limits(2_000, 1_900_000, 950_000)));

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
    void asksWithNoEventsWhetherTheCredentialsAreGood() {
        // When
        Throwable end = route.deliver();

        // Then
        assertThat(end).isNull();
        assertThat(mixpanel.seen).extracting(Seen::path).containsExactly("/import");
        assertThat(mixpanel.seen.get(0).body()).isEqualTo("[]");
        assertThat(mixpanel.seen.get(0).authorization()).isEqualTo("Basic dGhlLXRva2VuOg==");
    }

    @ParameterizedTest
    @EnumSource(names = {"UNAUTHORIZED", "FORBIDDEN", "NOT_FOUND", "REDIRECT"})
    void saysWithoutAnyEventsThatTheSetUpIsWrong(Fault fault) {
        // Given
        mixpanel.fail("/import", fault);

        // Then
        assertThat(route.deliver()).isInstanceOf(SetUpException.class).hasMessageContaining("evefan.mixpanel.");
    }

    @ParameterizedTest
    @EnumSource(names = {"BAD_REQUEST_WITHOUT_RECORDS", "TOO_LARGE", "GARBAGE", "EMPTY"})
    void blamesNobodyForWhatMixpanelThinksOfAnEmptyList(Fault fault) {
        // Given
        mixpanel.fail("/import", fault);

        // Then
        assertThat(route.deliver()).isNull();
        assertThat(mixpanel.seen).hasSize(1);
    }

    @Test
    void tellsBesideTheStartWhatIsWrong() throws Exception {
        // Given
        mixpanel.fail("/import", Fault.ERROR, Fault.UNAUTHORIZED);
        List<String> told = new ArrayList<>();
        Consumer<SetUpException> tells = wrong -> told.add(wrong == null ? "nothing" : wrong.getMessage());

        // When
        for (int check = 0; check < 3; check++) {
            route.startCheck(tells).get(10, TimeUnit.SECONDS);
        }

        // Then
        assertThat(told).hasSize(2);
        assertThat(told.get(0)).contains("401", "Invalid credentials", "evefan.mixpanel.token");
        assertThat(told.get(1)).isEqualTo("nothing");
    }

    @Test
    void stopsWhileTheCheckOfTheStartHasNoAnswer() {
        // Given
        mixpanel.fail("/import", Fault.HANG);
        route.startCheck(wrong -> {});
        await().atMost(Duration.ofSeconds(10)).until(() -> !mixpanel.seen.isEmpty());

        // Then
        assertThat(route.stopsWithinASecond()).isTrue();
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
        assertThat(unasked.retryAfter()).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(9));
    }
}
