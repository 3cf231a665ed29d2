package com.evefan.destination.mixpanel;

import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.destination.mixpanel.EventMapper.Call;
import com.evefan.destination.mixpanel.EventMapper.Unmappable;
import com.evefan.destination.mixpanel.MixpanelSettings.IdentityMerge;
import com.evefan.destination.mixpanel.OracleDifference.Member;
import com.evefan.event.Event;
import com.evefan.event.EventLimits;
import com.evefan.event.EventReader;
import com.evefan.event.EventType;
import com.evefan.useragent.UapUserAgents;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * What the original sent to Mixpanel for recorded requests, against what we send: every difference needs a rule, and
 * every rule a difference. The clock stands at the requests' {@code sentAt}, so that times need no correction.
 */
class MixpanelOracleTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-04-01T12:00:00.500Z"), ZoneOffset.UTC);

    /** What ingestion or Mixpanel's own rules refuse; the original sent it. */
    private static final Map<String, String> REFUSED = Map.of(
            "ev-empty", "a track needs an event",
            "both-ids-missing", "an event needs a userId or an anonymousId",
            "both-ids-missing-identify", "an event needs a userId or an anonymousId",
            "group-id-empty", "a group needs a groupId",
            "alias-empty-user", "an alias needs a userId",
            "batch-item-ctx-string", "context must be an object",
            "batch-no-ids-no-ts", "an event needs a userId or an anonymousId");

    /** An event of 2015 among new ones: the original skipped what was older than five years, we send it. */
    private static final Set<String> OLD_EVENTS = Set.of("batch-old-and-new");

    private static final Map<String, String> SHORT =
            Map.of("t", "track", "p", "page", "s", "screen", "i", "identify", "g", "group", "a", "alias");

    private final EventReader reader =
            new EventReader(EventLimits.DEFAULT, CLOCK, () -> UUID.randomUUID().toString());
    private final List<String> unexplained = new ArrayList<>();
    private final EnumSet<OracleDifference> used = EnumSet.noneOf(OracleDifference.class);
    private final Set<String> refused = new LinkedHashSet<>();

    @Test
    void sendsWhatTheOriginalSentApartFromTheDifferencesInTheList() throws Exception {
        // When
        for (IdentityMerge merge : IdentityMerge.values()) {
            Mapping mapping = Mapping.shipped();
            EventMapper mapper = new EventMapper(
                    new MixpanelSettings(
                            "mp_token_oracle",
                            "424242",
                            "",
                            true,
                            MixpanelEvents.rules(merge),
                            new MixpanelSettings.Limits(2_000, 1_900_000, 950_000)),
                    mapping,
                    new UapUserAgents(mapping.browserNames(), 100, false),
                    CLOCK,
                    new Meters(new SimpleMeterRegistry()));
            for (JsonNode record : records()) {
                compare(record, record.get(merge == IdentityMerge.SIMPLIFIED ? "simplified" : "original"), mapper);
            }
        }

        // Then
        assertThat(unexplained).isEmpty();
        assertThat(used).containsExactlyInAnyOrder(OracleDifference.values());
        assertThat(refused).containsExactlyInAnyOrderElementsOf(REFUSED.keySet());
    }

    private void compare(JsonNode record, JsonNode theirs, EventMapper mapper) throws Exception {
        String id = record.get("id").asText();
        List<Sent> ours = ours(id, record, mapper);
        for (Endpoint endpoint : EnumSet.complementOf(EnumSet.of(Endpoint.REVENUE))) {
            List<JsonNode> expected = new ArrayList<>();
            for (JsonNode request : theirs) {
                if (request.get("url").asText().startsWith(endpoint.path())) {
                    request.get("body").forEach(expected::add);
                }
            }
            expected.removeIf(MixpanelOracleTest::mergesNothing);
            List<Sent> actual = new ArrayList<>(ours);
            actual.removeIf(sent -> sent.endpoint() != endpoint || joinsAtOnce(sent));
            if (expected.size() > actual.size()) {
                expected.removeIf(MixpanelOracleTest::setsNothing);
            }
            if (refused.contains(id)) {
                continue;
            }
            if (OLD_EVENTS.contains(id)) {
                continue;
            }
            if (expected.size() != actual.size()) {
                unexplained.add(id + " " + endpoint + ": " + expected.size() + " became " + actual.size());
                continue;
            }
            for (int i = 0; i < actual.size(); i++) {
                object(
                        id,
                        false,
                        expected.get(i),
                        actual.get(i).body(),
                        actual.get(i).event());
            }
        }
    }

    /** The original merged an id with none. */
    private static boolean mergesNothing(JsonNode event) {
        JsonNode ids = event.path("properties").path("$distinct_ids");
        return ids.isArray() && (ids.get(0).isNull() || ids.get(1).isNull());
    }

    /** The original made an update of nothing, but for a place that it did not know, where there were no traits. */
    private static boolean setsNothing(JsonNode update) {
        return update.path("$set").isObject()
                && update.path("$set").properties().stream()
                        .allMatch(member -> member.getValue().asInt() == -1);
    }

    /** The original left it to the next event to join the device and the user of an identify. */
    private static boolean joinsAtOnce(Sent sent) {
        JsonNode properties = sent.body().path("properties");
        return sent.body().path("event").asText().equals("$identify")
                && sent.event().path("type").asText().equals("identify")
                && properties.path("$user_id").equals(sent.event().path("userId"))
                && properties.path("$device_id").equals(sent.event().path("anonymousId"));
    }

    private void object(String id, boolean inProfile, JsonNode theirs, JsonNode ours, JsonNode event) {
        Set<String> names = new LinkedHashSet<>();
        theirs.fieldNames().forEachRemaining(names::add);
        ours.fieldNames().forEachRemaining(names::add);
        for (String name : names) {
            JsonNode left = theirs.get(name);
            JsonNode right = ours.get(name);
            boolean same = left != null && left.equals(right);
            if (!same && (name.equals("properties") || name.equals("$set")) && left != null && right != null) {
                object(id, name.equals("$set"), left, right, event);
            } else if (!same) {
                explain(new Member(id, inProfile, name, left, right, event));
            }
        }
    }

    private void explain(Member member) {
        for (OracleDifference difference : OracleDifference.values()) {
            if (difference.explains(member)) {
                used.add(difference);
                return;
            }
        }
        unexplained.add(member.record() + " " + member.name() + ": " + member.theirs() + " became " + member.ours());
    }

    private record Sent(Endpoint endpoint, JsonNode body, JsonNode event) {}

    private List<Sent> ours(String id, JsonNode record, EventMapper mapper) throws Exception {
        byte[] body = record.has("body_b64")
                ? Base64.getDecoder().decode(record.get("body_b64").asText())
                : record.get("body").asText().getBytes(StandardCharsets.UTF_8);
        String path = record.get("path").asText().replaceFirst("\\?.*", "");
        String call = path.substring(path.lastIndexOf('/') + 1);
        Optional<EventType> type = EventType.of(call).or(() -> EventType.of(SHORT.getOrDefault(call, "")));
        var result = reader.parse(body).read("oracle", type, Optional.empty());
        if (!result.invalid().isEmpty()) {
            refused.add(id);
        }
        List<Sent> sent = new ArrayList<>();
        for (Event event : result.accepted().events()) {
            JsonNode json = MixpanelEvents.JSON.readTree(event.json());
            try {
                for (Call one : mapper.calls(event, Json.read(event.json()))) {
                    ObjectNode written = (ObjectNode) MixpanelEvents.JSON.readTree(Json.write(one.body()));
                    sent.add(new Sent(one.endpoint(), written, json));
                }
            } catch (Unmappable e) {
                refused.add(id);
            }
        }
        return sent;
    }

    private static List<JsonNode> records() throws IOException {
        List<JsonNode> records = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                MixpanelOracleTest.class.getResourceAsStream("oracle.jsonl"), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                records.add(MixpanelEvents.JSON.readTree(line));
            }
        }
        return records;
    }
}
