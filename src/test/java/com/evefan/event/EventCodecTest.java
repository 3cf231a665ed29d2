package com.evefan.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventCodecTest {
    private static final String HEAD = "{\"type\":\"track\",\"messageId\":\"m1\",\"source\":\"web\","
            + "\"timestamp\":\"2026-03-02T01:11:21.137Z\",\"receivedAt\":\"2026-03-02T01:11:22.000Z\"";

    @Test
    void decodesWhatItEncoded() {
        // Given
        byte[] lines = (HEAD + ",\"integrations\":{\"All\":false,\"Mixpanel\":{}},\"event\":\"é\"}\n" + HEAD + "}\n")
                .getBytes(UTF_8);

        // When
        List<Event> events = EventCodec.decode(lines);

        // Then
        assertThat(events).hasSize(2);
        assertThat(events.get(0).type()).isEqualTo(EventType.TRACK);
        assertThat(events.get(0).messageId()).isEqualTo("m1");
        assertThat(events.get(0).source()).isEqualTo("web");
        assertThat(events.get(0).timestamp()).isEqualTo(Instant.parse("2026-03-02T01:11:21.137Z"));
        assertThat(events.get(0).receivedAt()).isEqualTo(Instant.parse("2026-03-02T01:11:22Z"));
        assertThat(events.get(0).integrations().byName()).isEqualTo(Map.of("all", false, "mixpanel", true));
        assertThat(events.get(1).integrations()).isSameAs(Integrations.ALL);
        assertThat(EventCodec.encode(events)).isEqualTo(lines);
    }

    @Test
    void findsItsMembersWhereverTheyStand() {
        // Given
        String moved =
                "{\"event\":\"x\",\"properties\":{\"type\":\"no\",\"n\":1.0E21},\"receivedAt\":\"2026-03-02T01:11:22Z\","
                        + "\"timestamp\":\"2026-03-02T01:11:21.137Z\",\"source\":\"web\",\"messageId\":\"m\\u0031\",\"type\":\"track\"}";
        String late = HEAD + ",\"event\":\"x\",\"integrations\":{\"Postgres\":false}}";

        // When
        List<Event> events = EventCodec.decode((moved + "\r\n\n" + late).getBytes(UTF_8));

        // Then
        assertThat(events).extracting(Event::messageId).containsExactly("m1", "m1");
        assertThat(events.get(1).integrations().allows("postgres")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"eda080", "ff", "e282"})
    void replacesWhatIsNoUtf8(String hex) {
        // Given
        byte[] line = (HEAD + ",\"event\":\"???\"}").getBytes(UTF_8);
        byte[] broken = HexFormat.of().parseHex(hex);
        System.arraycopy(broken, 0, line, line.length - 5, broken.length);

        // When
        List<Event> events = EventCodec.decode(line);

        // Then
        assertThat(new String(events.get(0).json(), UTF_8)).contains("\ufffd").startsWith(HEAD);
        assertThat(Utf8.isWellFormed(events.get(0).json())).isTrue();
    }

    @Test
    void namesTheLineThatIsNoEvent() {
        assertThatThrownBy(() -> EventCodec.decode((HEAD + "}\n{\"type\":\"track\"}\n").getBytes(UTF_8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("line 2 is no accepted event: messageId is missing or wrong");
        assertThatThrownBy(() -> EventCodec.decode("{\"type\":".getBytes(UTF_8)))
                .hasMessageStartingWith("line 1 is no accepted event: not one JSON object");
        assertThatThrownBy(() -> EventCodec.decode("[]".getBytes(UTF_8))).hasMessageContaining("not a JSON object");
    }
}
