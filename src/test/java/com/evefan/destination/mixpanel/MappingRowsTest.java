package com.evefan.destination.mixpanel;

import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.destination.mixpanel.EventMapper.Call;
import com.evefan.destination.mixpanel.EventMapper.Unmappable;
import com.evefan.destination.mixpanel.MixpanelSettings.IdentityMerge;
import com.evefan.destination.mixpanel.MixpanelSettings.Revenue;
import com.evefan.destination.mixpanel.MixpanelSettings.Rules;
import com.evefan.event.Event;
import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What becomes of what, row by row: {@code rows.jsonl} has our own rules, {@code segment.jsonl} what Segment's
 * destination makes of the same events, with a rule for every difference; the body of a call that it does not make is
 * null.
 */
class MappingRowsTest {
    /** A line of a file, which shows as its name. */
    record Row(JsonNode json) {
        @Override
        public String toString() {
            return json.get("row").asText();
        }
    }

    static Stream<Row> rows() {
        return lines("rows.jsonl");
    }

    static Stream<Row> segment() {
        return lines("segment.jsonl");
    }

    private static Stream<Row> lines(String file) {
        try (var lines = MappingRowsTest.class.getResourceAsStream(file)) {
            List<Row> rows = new ArrayList<>();
            for (String line : new String(lines.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                rows.add(new Row(MixpanelEvents.JSON.readTree(line)));
            }
            return rows.stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every member of the row is there as it says, null means that there is none; other members are not looked at. */
    @ParameterizedTest
    @MethodSource("rows")
    void tellsMixpanelWhatTheRowSays(Row row) throws Exception {
        // Given
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        EventMapper mapper = MixpanelEvents.mapper(rules(row.json().path("with")), meters);
        Event event = MixpanelEvents.event(row.json().get("event").toString());

        // When
        List<Call> calls;
        try {
            calls = mapper.calls(event, Json.read(event.json()));
        } catch (Unmappable e) {
            assertThat(e.error() + ": " + e.getMessage())
                    .contains(row.json().path("rejected").asText("not at all"));
            return;
        }

        // Then
        JsonNode expected = row.json().path("calls");
        assertThat(calls).hasSize(expected.size());
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < calls.size(); i++) {
            assertThat(calls.get(i).endpoint().wireName())
                    .isEqualTo(expected.get(i).get("to").asText());
            compare("", expected.get(i).get("body"), written(calls.get(i)), wrong);
        }
        assertThat(wrong).isEmpty();
        row.json()
                .path("counted")
                .properties()
                .forEach(counter -> assertThat(meters.find("evefan.mixpanel.reserved.properties")
                                .tag("name", counter.getKey())
                                .counter()
                                .count())
                        .isEqualTo(counter.getValue().asDouble()));
    }

    private static void compare(String path, JsonNode expected, JsonNode actual, List<String> wrong) {
        expected.properties().forEach(member -> {
            String here = path + "/" + member.getKey();
            JsonNode is = actual.path(member.getKey());
            boolean whole = Set.of("$set", "$union", "$add", "$append").contains(member.getKey());
            if (member.getValue().isObject() && !whole) {
                compare(here, member.getValue(), is, wrong);
            } else if (member.getValue().isNull() ? !is.isMissingNode() : !is.equals(member.getValue())) {
                wrong.add(here + " is " + is + ", not " + member.getValue());
            }
        });
    }

    @ParameterizedTest
    @MethodSource("segment")
    void differsFromSegmentByTheListedRulesOnly(Row row) throws Exception {
        // Given
        EventMapper mapper = MixpanelEvents.mapper(rules(row.json().path("with")), new SimpleMeterRegistry());
        Event event = MixpanelEvents.event(row.json().get("event").toString());

        // When
        List<Call> calls = mapper.calls(event, Json.read(event.json()));

        // Then
        JsonNode theirs = row.json().get("segment");
        assertThat(calls).extracting(call -> call.endpoint().wireName()).isEqualTo(theirs.findValuesAsText("to"));
        Set<String> differences = new TreeSet<>();
        for (int i = 0; i < calls.size(); i++) {
            Map<String, JsonNode> ours = flat(written(calls.get(i)));
            if (theirs.get(i).get("body").isNull()) {
                differences.add(theirs.get(i).get("to").asText());
            }
            flat(theirs.get(i).get("body")).forEach((name, value) -> {
                if (!value.equals(ours.get(name))) {
                    differences.add(name);
                }
            });
        }
        Map<String, String> listed = new TreeMap<>();
        row.json()
                .path("differs")
                .properties()
                .forEach(one -> listed.put(one.getKey(), one.getValue().asText()));
        assertThat(differences).isEqualTo(listed.keySet());
        assertThat(listed.values()).noneMatch(String::isBlank);
    }

    private static Map<String, JsonNode> flat(JsonNode body) {
        Map<String, JsonNode> members = new LinkedHashMap<>();
        body.properties().forEach(member -> {
            if (member.getValue().isObject()) {
                member.getValue().properties().forEach(inner -> members.put(inner.getKey(), inner.getValue()));
            } else {
                members.put(member.getKey(), member.getValue());
            }
        });
        return members;
    }

    private static JsonNode written(Call call) throws IOException {
        return MixpanelEvents.JSON.readTree(Json.write(call.body()));
    }

    private static Rules rules(JsonNode with) {
        Rules defaults = MixpanelEvents.rules(IdentityMerge.SIMPLIFIED);
        Map<String, String> keys = new LinkedHashMap<>();
        with.path("group-keys")
                .properties()
                .forEach(key -> keys.put(key.getKey(), key.getValue().asText()));
        return new Rules(
                IdentityMerge.valueOf(
                        with.path("identity-merge").asText("simplified").toUpperCase(Locale.ROOT)),
                with.path("group-key").asText(defaults.groupKey()),
                keys,
                with.path("page-event").asText(defaults.pageEvent()),
                with.path("screen-event").asText(defaults.screenEvent()),
                with.path("product-events").asBoolean(),
                Revenue.valueOf(with.path("revenue").asText("off").toUpperCase(Locale.ROOT)));
    }

    @Test
    void makesNoEventsOfProductsThatWouldTakeTooMuchRoom() throws Exception {
        // Given
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        EventMapper mapper =
                MixpanelEvents.mapper(rules(MixpanelEvents.JSON.readTree("{\"product-events\":true}")), meters);
        String order = "{\"event\":\"Order Completed\",\"properties\":{\"note\":\"%s\",\"products\":[%s{}]}}";
        Event large = MixpanelEvents.event(order.formatted("x".repeat(9_000), "{},".repeat(200)));
        Event many = MixpanelEvents.event(order.formatted("x", "{},".repeat(2_000)));
        Event usual = MixpanelEvents.event(order.formatted(
                "x".repeat(1_000), "{\"product_id\":\"507f1f77bcf86cd799439011\",\"price\":19},".repeat(99)));

        // Then
        assertThat(mapper.calls(large, Json.read(large.json()))).hasSize(1);
        assertThat(mapper.calls(many, Json.read(many.json()))).hasSize(1);
        assertThat(mapper.calls(usual, Json.read(usual.json()))).hasSize(101);
        assertThat(meters.find("evefan.mixpanel.orders.left.whole").counter().count())
                .isEqualTo(2);
    }

    @Test
    void joinsWhomATimeOutOfBoundsIdentifiesAtTheArrival() throws Exception {
        // Given
        EventMapper mapper =
                MixpanelEvents.mapper(MixpanelEvents.rules(IdentityMerge.SIMPLIFIED), new SimpleMeterRegistry());
        Event old = MixpanelEvents.event(
                "{\"type\":\"identify\",\"anonymousId\":\"a\",\"timestamp\":\"1960-01-01T00:00:00Z\"}");

        // Then
        assertThat(mapper.calls(old, Json.read(old.json()))
                        .get(0)
                        .body()
                        .at("/properties/time")
                        .asLong())
                .isEqualTo(MixpanelEvents.NOW.toEpochMilli());
    }
}
