package com.evefan.destination.mixpanel;

import static com.evefan.destination.mixpanel.MixpanelEvents.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.evefan.destination.mixpanel.EventMapper.Call;
import com.evefan.destination.mixpanel.EventMapper.Unmappable;
import com.evefan.destination.mixpanel.MixpanelSettings.IdentityMerge;
import com.evefan.event.Event;
import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventMapperTest {
    private final EventMapper simplified = mapper(IdentityMerge.SIMPLIFIED);
    private final EventMapper original = mapper(IdentityMerge.ORIGINAL);

    private static EventMapper mapper(IdentityMerge merge) {
        return MixpanelEvents.mapper(MixpanelEvents.rules(merge), new SimpleMeterRegistry());
    }

    private static List<Call> calls(EventMapper mapper, Event event) throws Exception {
        return mapper.calls(event, Json.read(event.json()));
    }

    private JsonNode properties(String json) throws Exception {
        return calls(simplified, event(json)).get(0).body().get("properties");
    }

    @Test
    void keepsWhatASenderMaySayAsItIs() throws Exception {
        // When
        JsonNode properties = properties(
                "{\"event\":\"e\",\"properties\":{\"big\":12345678901234567890,\"e\":1.0E21,\"n\":null,\"s\":\"\\ud83d\",\"o\":{\"a\":[1]}}}");

        // Then
        String json = new String(Json.write(properties), StandardCharsets.UTF_8);
        assertThat(json)
                .contains(
                        "\"big\":12345678901234567890",
                        "\"e\":1E+21",
                        "\"n\":null",
                        "\"s\":\"\\uD83D\"",
                        "\"o\":{\"a\":[1]}");
    }

    @Test
    void givesTheSameBytesEveryTime() throws Exception {
        // Given
        Event event = event("{\"event\":\"e\",\"properties\":{\"b\":1,\"a\":2},\"context\":{\"ip\":\"1.2.3.4\"}}");

        // When
        byte[] first = Json.write(calls(simplified, event).get(0).body());
        byte[] second =
                Json.write(calls(mapper(IdentityMerge.SIMPLIFIED), event).get(0).body());

        // Then
        assertThat(first).isEqualTo(second);
    }

    @ParameterizedTest
    @CsvSource({
        "ios,, $ios_version",
        "iOS, Android, $ios_version",
        ", iPadOS, $ios_version",
        "watchos,, $ios_version",
        "android,, $android_os_version",
        ", Android, $android_os_version"
    })
    void knowsADeviceByItsTypeAndElseByItsOperatingSystem(String type, String os, String property) throws Exception {
        // When
        JsonNode properties = properties(
                "{\"event\":\"e\",\"context\":{\"device\":{\"type\":\"%s\"},\"os\":{\"name\":\"%s\",\"version\":\"9\"}}}"
                        .formatted(type == null ? "" : type, os == null ? "" : os));

        // Then
        assertThat(properties.path(property).asText()).isEqualTo("9");
    }

    @Test
    void sendsNoDevicePropertiesForOtherDevices() throws Exception {
        // When
        JsonNode properties = properties(
                "{\"event\":\"e\",\"context\":{\"device\":{\"type\":\"windows\"},\"os\":{\"name\":\"iOS\",\"version\":\"9\"}}}");

        // Then
        assertThat(properties.has("$ios_version")).isFalse();
    }

    @Test
    void prefersTheCampaignButErasesNothing() throws Exception {
        // When
        JsonNode properties = properties(
                "{\"event\":\"e\",\"properties\":{\"utm_source\":\"mine\",\"utm_term\":\"mine\"},\"context\":{\"campaign\":{\"source\":\"theirs\",\"term\":\"\"}}}");

        // Then
        assertThat(properties.path("utm_source").asText()).isEqualTo("theirs");
        assertThat(properties.path("utm_term").asText()).isEqualTo("mine");
    }

    @Test
    void survivesAPageWithAnAddressThatIsNone() throws Exception {
        // When
        JsonNode properties =
                properties("{\"type\":\"page\",\"properties\":{\"url\":\"not an address\",\"title\":\"T\"}}");

        // Then
        assertThat(properties.has("current_domain")).isFalse();
        assertThat(properties.path("current_page_title").asText()).isEqualTo("T");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1970-12-31T23:59:59Z", "2026-06-01T13:00:01Z"})
    void rejectsATimeThatMixpanelRefuses(String timestamp) {
        // Given
        Event event = event("{\"event\":\"e\",\"timestamp\":\"" + timestamp + "\"}");

        // Then
        assertThatThrownBy(() -> calls(simplified, event))
                .isInstanceOf(Unmappable.class)
                .hasMessageContaining(timestamp);
    }

    @Test
    void sendsAnEventOfLongAgo() throws Exception {
        // When
        JsonNode properties = properties("{\"event\":\"e\",\"timestamp\":\"1999-01-01T00:00:00Z\"}");

        // Then
        assertThat(properties.path("time").asLong()).isEqualTo(915_148_800_000L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"undefined", "null", "anonymous", "0", "-1", "00000000-0000-0000-0000-000000000000"})
    void rejectsAnIdThatMixpanelRefuses(String userId) {
        // Given
        Event event = event("{\"event\":\"e\",\"userId\":\"" + userId + "\"}");

        // Then
        assertThatThrownBy(() -> calls(simplified, event))
                .isInstanceOf(Unmappable.class)
                .hasMessage("userId " + userId + " is on Mixpanel's list of refused ids");
    }

    @Test
    void rejectsAnEventOfNobody() {
        // Given
        Event event = event("{\"event\":\"e\",\"userId\":null}");

        // Then
        assertThatThrownBy(() -> calls(simplified, event))
                .isInstanceOf(Unmappable.class)
                .hasMessageContaining("distinct_id");
    }

    @Test
    void mergesAndAliasesOnlyInAnOriginalProject() throws Exception {
        // Given
        Event identify = event("{\"type\":\"identify\",\"anonymousId\":\"a\",\"traits\":{\"a\":1}}");
        Event alias = event("{\"type\":\"alias\",\"previousId\":\"p\"}");

        // Then
        assertThat(calls(original, identify))
                .extracting(Call::endpoint)
                .containsExactly(Endpoint.ENGAGE, Endpoint.IMPORT);
        assertThat(calls(original, alias)).extracting(Call::endpoint).containsExactly(Endpoint.IMPORT);
        assertThat(calls(simplified, identify).get(1).body().path("event").asText())
                .isEqualTo("$identify");
        assertThat(calls(simplified, alias)).isEmpty();
    }

    @Test
    void keepsCustomTraitsBesideTheProfileFields() throws Exception {
        // When
        JsonNode set = calls(
                        simplified,
                        event(
                                "{\"type\":\"identify\",\"traits\":{\"email\":\"e@x\",\"plan\":\"p\",\"n\":0,\"o\":{\"a\":1}},\"context\":{\"traits\":{\"plan\":\"old\",\"score\":7}}}"))
                .get(0)
                .body()
                .get("$set");

        // Then
        assertThat(set)
                .isEqualTo(MixpanelEvents.JSON.readTree(
                        "{\"plan\":\"p\",\"score\":7,\"n\":0,\"o\":{\"a\":1},\"$email\":\"e@x\"}"));
    }
}
