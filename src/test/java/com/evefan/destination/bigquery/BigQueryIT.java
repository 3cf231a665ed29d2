package com.evefan.destination.bigquery;

import static com.evefan.warehouse.Events.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.evefan.delivery.PartialDeliveryException;
import com.evefan.delivery.RetryableException;
import com.evefan.delivery.SetUpException;
import com.evefan.destination.bigquery.BigQuerySettings.Request;
import com.evefan.event.Event;
import com.evefan.event.EventType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BigQueryIT {
    private BigQueryRoutes routes;
    private BigQueryServer server;

    @BeforeEach
    void start() throws Exception {
        routes = new BigQueryRoutes();
        server = routes.server;
    }

    @AfterEach
    void stop() {
        routes.close();
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "RATE_LIMITED",
                "QUOTA",
                "TOO_MANY",
                "INTERNAL",
                "UNAVAILABLE",
                "RESET_BEFORE",
                "RESET_AFTER",
                "SLOW"
            })
    void failsRetryablyAndIsOnceInEffect(Fault fault) {
        // Given
        server.fail(Fault.NONE, fault, fault); // the JDK's HTTP client repeats a request once by itself

        // When
        Exception before = routes.deliver(track("before", ""));
        Exception error = routes.deliver(track("a", ""), track("b", ""));
        Exception retry = routes.deliver(track("a", ""), track("b", ""));
        Exception last = routes.deliver(track("a", ""), track("b", ""));

        // Then
        assertThat(before).isNull();
        assertThat(error).isInstanceOf(RetryableException.class);
        assertThat(last).isNull();
        assertThat(server.table("tracks").rows.keySet()).containsExactly("before", "a", "b");
        assertThat(server.table("tracks").changed).isEmpty();
        assertThat(retry == null || retry instanceof RetryableException).isTrue();
    }

    @Test
    void passesOnHowLongBigQueryWantsToBeLeftAlone() {
        // Given
        server.fail(Fault.UNAVAILABLE, Fault.QUOTA);

        // When
        Exception unavailable = routes.deliver(track("a", ""));
        Exception quota = routes.deliver(track("a", ""));

        // Then
        assertThat(((RetryableException) unavailable).retryAfter()).isEqualTo(Duration.ofSeconds(7));
        assertThat(((RetryableException) quota).retryAfter()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void splitsARequestThatIsRefusedAsAWholeUntilTheGuiltyRowStandsAlone() {
        // Given
        List<Event> events = tracks(10);
        events.set(6, track("poison", ""));

        // When
        Exception error = routes.deliver(events);

        // Then
        assertThat(((PartialDeliveryException) error).rejected())
                .singleElement()
                .satisfies(rejected -> assertThat(rejected.event().messageId()).isEqualTo("poison"));
        assertThat(((PartialDeliveryException) error).again()).isEmpty();
        assertThat(server.table("tracks").rows).hasSize(9);
    }

    @Test
    void blamesNoRowWhenEveryOneIsRefused() {
        // Given
        server.refusesEveryRow = true;

        // When
        Exception error = routes.deliver(tracks(200));

        // Then
        assertThat(error)
                .asInstanceOf(type(PartialDeliveryException.class))
                .satisfies(partial -> assertThat(partial.again()).hasSizeGreaterThan(170))
                .extracting(Throwable::getCause)
                .isInstanceOf(SetUpException.class);
        assertThat(server.inserts.get()).isLessThan(80);
    }

    @Test
    void halvesWhatIsTooLargeForBigQuery() {
        // Given
        server.maxRequestBytes = 2_000;

        // When
        Exception error = routes.deliver(tracks(20));

        // Then
        assertThat(error).isNull();
        assertThat(server.table("tracks").rows).hasSize(20);
    }

    @Test
    void keepsTheOutcomeOfEachRequestOnItsOwn() throws Exception {
        try (BigQueryRoutes small = new BigQueryRoutes(new Request(10, 1 << 20))) {
            // Given
            small.deliver(track("before", ""));
            small.server.fail(Fault.NONE, Fault.UNAVAILABLE);

            // When
            Exception error = small.deliver(tracks(50));

            // Then
            assertThat(error).isInstanceOf(PartialDeliveryException.class).hasCauseInstanceOf(RetryableException.class);
            assertThat(((PartialDeliveryException) error).again()).hasSize(10);
            assertThat(small.server.table("tracks").rows).hasSize(41);
            assertThat(small.server.mostParallel.get()).isBetween(1, 4);
        }
    }

    @Test
    void countsBytesAsTheClientEncodesThem() {
        // Given
        Event event = track(
                "ä\\u2028\\\"\\\\",
                "\"userId\":\"\\u0001\\t\\ud83d\\ude00é€<>&'=\\u007f\",\"event\":\"e\",\"context\":{\"userAgentData\":{\"mobile\":true}}");
        routes.deliver(track("first", ""));

        // When
        routes.deliver(event, event, event);

        // Then
        long body = server.calls("POST", "/insertAll").get(1).bytes();
        long around = body - 3 * RowEncoder.encode(event, RowEncoder.rows(null)).bytes();
        assertThat(around).isBetween(-15L, 128L);
        assertThat(server.table("tracks").rows).hasSize(2);
    }

    private static Event track(String messageId, String members) {
        return event(EventType.TRACK, messageId, members);
    }

    private static List<Event> tracks(int count) {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            events.add(track("m" + i, ""));
        }
        return events;
    }
}
