package com.evefan.destination.mixpanel;

import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.WholeRun;
import com.evefan.destination.mixpanel.MixpanelServer.Fault;
import com.evefan.destination.postgres.PostgresExtension;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The whole of Evefan against a Mixpanel that fails every third request on each endpoint, killed in the middle. */
class MixpanelWholeRunIT {
    private static final int ONE_BAD_IN = 500;
    /** Bad events to one refused profile update: profile endpoints take all or nothing, so each costs many requests. */
    private static final int PROFILES = 20;

    private static final Fault[] FAULTS = {
        Fault.RATE_LIMITED,
        Fault.ERROR,
        Fault.UNAVAILABLE,
        Fault.RESET,
        Fault.TAKE_AND_RESET,
        Fault.GARBAGE,
        Fault.EMPTY,
        Fault.SHORT_COUNT,
        Fault.WITHOUT_CODE,
        Fault.UNAUTHORIZED,
        Fault.TOO_LARGE,
        Fault.HANG
    };

    /** What is wrong with a bad event: the field that its dead letter has to name. */
    private static final List<String> WRONGS = List.of("time", "userId", "properties");

    @RegisterExtension
    static final PostgresExtension POSTGRES = PostgresExtension.embedded();

    @TempDir
    Path directory;

    @Test
    void bringsEveryGoodEventOnceAndKeepsEveryBadOneWithItsReason() throws Exception {
        // Given
        Random random = new Random(7);
        try (MixpanelServer server = new MixpanelServer("the-token")) {
            server.fail("/import", Fault.UNAUTHORIZED);
            server.fail(() -> random.nextInt(3) == 0 ? FAULTS[random.nextInt(FAULTS.length)] : null);
            Map<String, String> properties = Map.of(
                    "evefan.mixpanel.token", "the-token",
                    "evefan.mixpanel.base-url", server.url(),
                    "evefan.mixpanel.batch.max-events", "1000",
                    "evefan.mixpanel.response-timeout-ms", "2000");
            try (WholeRun run = WholeRun.start(directory, POSTGRES, properties)) {
                assertThat(run.awaitStatus("mixpanel", "set-up error"))
                        .as("what the check at the start has found")
                        .contains("401", "Invalid credentials", "evefan.mixpanel.token");

                // When
                run.send(MixpanelWholeRunIT::event);

                // Then
                Map<String, String> letters = run.deadLetters("mixpanel");
                assertThat(letters.keySet()).isEqualTo(ids("bad"));
                assertThat(letters)
                        .allSatisfy((id, reason) -> assertThat(reason).contains(wrong(number(id))));
                Set<String> events = ids("track", "page");
                assertThat(server.store.events).hasSize(events.size());
                assertThat(server.store.events.values().stream()
                                .map(event -> event.at("/properties/id").asText())
                                .collect(Collectors.toSet()))
                        .isEqualTo(events);
                assertThat(profiles(server.store.users)).isEqualTo(ids("identify"));
                assertThat(profiles(server.store.groups)).isEqualTo(ids("group"));
            }
        }
    }

    private static String event(int i) {
        String id = id(i);
        String wrong = kind(i).equals("bad") ? wrong(i) : "";
        ObjectNode event = MixpanelEvents.JSON.createObjectNode();
        event.put("type", type(i)).put("messageId", id);
        event.put("userId", wrong.equals("userId") ? "undefined" : "u-" + i);
        event.putObject("properties").put("id", id);
        switch (event.get("type").asText()) {
            case "identify" -> event.putObject("traits").put("id", id).put(wrong.isEmpty() ? "plan" : "refuse me", 1);
            case "group" -> event.put("groupId", "g-" + i).putObject("traits").put("id", id);
            default -> event.put("event", "Order Completed");
        }
        if (wrong.equals("time")) {
            event.put("timestamp", "1960-01-01T00:00:00Z");
        } else if (wrong.equals("properties")) {
            IntStream.range(0, 300).forEach(n -> event.withObject("/properties").put("p" + n, n));
        }
        return event.toString();
    }

    private static String type(int i) {
        String kind = kind(i);
        return !kind.equals("bad") ? kind : wrong(i).equals("$set") ? "identify" : "track";
    }

    private static String kind(int i) {
        if (i % ONE_BAD_IN == 250) {
            return "bad";
        }
        return switch (i % 10) {
            case 3 -> "identify";
            case 5 -> "group";
            case 7 -> "page";
            default -> "track";
        };
    }

    private static String id(int i) {
        return kind(i) + "-" + i;
    }

    private static int number(String id) {
        return Integer.parseInt(id.substring(id.indexOf('-') + 1));
    }

    private static String wrong(int i) {
        int bad = i / ONE_BAD_IN;
        return bad % PROFILES == 7 ? "$set" : WRONGS.get(bad % WRONGS.size());
    }

    /** The ids of all events of these kinds. */
    private static Set<String> ids(String... kinds) {
        return IntStream.range(0, WholeRun.EVENTS)
                .filter(i -> List.of(kinds).contains(kind(i)))
                .mapToObj(MixpanelWholeRunIT::id)
                .collect(Collectors.toSet());
    }

    /** Whose profiles were set: an update that was sent again after the kill sets what is set already. */
    private static Set<String> profiles(List<JsonNode> updates) {
        return updates.stream()
                .map(update -> update.at("/$set/id").asText())
                .filter(id -> !id.isEmpty())
                .collect(Collectors.toSet());
    }
}
