package com.evefan.destination.mixpanel;

import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.delivery.PartialDeliveryException;
import com.evefan.delivery.Rejected;
import com.evefan.delivery.RetryableException;
import com.evefan.delivery.SetUpException;
import com.evefan.destination.mixpanel.MixpanelServer.Fault;
import com.evefan.destination.mixpanel.MixpanelSettings.IdentityMerge;
import com.evefan.destination.mixpanel.MixpanelSettings.Limits;
import com.evefan.event.Event;
import com.evefan.event.EventCodec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Thousands of events, good and bad, through the shipped route while the stand-in misbehaves on all endpoints. */
class MixpanelFaultRunIT {
    private static final int EVENTS = 3_000;
    private static final int BATCH = 250;
    private static final Fault[] PASSING = {
        Fault.RATE_LIMITED,
        Fault.ERROR,
        Fault.UNAVAILABLE,
        Fault.RESET,
        Fault.GARBAGE,
        Fault.EMPTY,
        Fault.SHORT_COUNT,
        Fault.WITHOUT_CODE,
        Fault.UNAUTHORIZED,
        Fault.TOO_LARGE
    };

    private final List<Rejected> rejected = new ArrayList<>();
    private int attempts;

    @Test
    void deliversEveryGoodEventOnceAndReportsEachBadOne() throws Exception {
        // Given
        Random random = new Random(5);
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            events.add(event(i));
        }
        try (MixpanelServer mixpanel = new MixpanelServer("the-token");
                MixpanelRoute route = new MixpanelRoute(
                        mixpanel.url(),
                        MixpanelEvents.settings(
                                MixpanelEvents.rules(IdentityMerge.SIMPLIFIED), new Limits(100, 1_900_000, 950_000)))) {
            // When
            for (int start = 0; start < EVENTS; start += BATCH) {
                for (String path : List.of("/import", "/engage", "/groups")) {
                    if (random.nextInt(3) > 0) {
                        mixpanel.fail(path, PASSING[random.nextInt(PASSING.length)]);
                    }
                }
                mixpanel.fail("/import", start % 1_000 == 0 ? Fault.TAKE_AND_RESET : Fault.ERROR);
                deliver(route, events.subList(start, start + BATCH));
            }

            // Then
            Map<String, Long> expected =
                    events.stream().collect(Collectors.groupingBy(MixpanelFaultRunIT::kind, Collectors.counting()));
            assertThat(mixpanel.store.events).hasSize(expected.get("track").intValue());
            assertThat(times(mixpanel.store.users))
                    .hasSize(expected.get("identify").intValue())
                    .containsValue(1)
                    .doesNotContainValue(2);
            assertThat(times(mixpanel.store.groups))
                    .hasSize(expected.get("group").intValue())
                    .doesNotContainValue(2);
            assertThat(rejected)
                    .extracting(Rejected::event)
                    .extracting(Event::messageId)
                    .doesNotHaveDuplicates()
                    .hasSize(expected.get("bad").intValue());
            assertThat(attempts).isGreaterThan(EVENTS / BATCH);
        }
    }

    /** As the shell does: rejected events are kept, the others go again, by way of the retry queue's form. */
    private void deliver(MixpanelRoute route, List<Event> batch) {
        List<Event> left = batch;
        while (!left.isEmpty()) {
            attempts++;
            Throwable end = route.deliver(left);
            if (end instanceof PartialDeliveryException partial) {
                rejected.addAll(partial.rejected());
                left = EventCodec.decode(EventCodec.encode(partial.again()));
            } else if (end == null) {
                return;
            } else {
                assertThat(end).isInstanceOfAny(RetryableException.class, SetUpException.class);
            }
        }
    }

    /** How often each profile was set by an identify or a group call, by the message that did. */
    private static Map<String, Integer> times(List<com.fasterxml.jackson.databind.JsonNode> updates) {
        Map<String, Integer> times = new HashMap<>();
        for (var update : updates) {
            if (update.path("$set").has("m")) {
                times.merge(update.get("$set").get("m").asText(), 1, Integer::sum);
            }
        }
        return times;
    }

    private static String kind(Event event) {
        return event.messageId().substring(0, event.messageId().indexOf('-'));
    }

    private static Event event(int i) {
        return switch (i % 50) {
            case 7 ->
                MixpanelEvents.event(
                        "{\"messageId\":\"bad-" + i + "\",\"event\":\"e\",\"timestamp\":\"1960-01-01T00:00:00Z\"}");
            case 13 ->
                MixpanelEvents.event("{\"messageId\":\"bad-" + i + "\",\"event\":\"e\",\"userId\":\"undefined\"}");
            case 21 -> MixpanelEvents.event("{\"messageId\":\"bad-" + i + "\",\"event\":\"\"}");
            case 33 ->
                MixpanelEvents.event(
                        "{\"type\":\"identify\",\"messageId\":\"bad-" + i + "\",\"traits\":{\"refuse me\":1}}");
            case 5, 15, 25, 35, 45 -> MixpanelEvents.group("group-" + i);
            case 3, 10, 20, 30, 40 -> MixpanelEvents.identify("identify-" + i);
            default -> MixpanelEvents.track("track-" + i);
        };
    }
}
