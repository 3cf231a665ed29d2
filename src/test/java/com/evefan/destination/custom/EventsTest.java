package com.evefan.destination.custom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.evefan.delivery.RejectedException;
import com.evefan.event.Event;
import com.evefan.event.EventBatch;
import com.evefan.event.EventType;
import com.evefan.event.Integrations;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventsTest {
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

    @Test
    void setsTheFirstOfAListApart() {
        Events events = new Events();

        assertThat(events.firstAlone(List.of(1, 2, 3))).isEqualTo(List.of(List.of(1), List.of(2, 3)));
        assertThat(events.firstAlone(List.of(1))).isEqualTo(List.of(List.of(1)));
    }

    @Test
    void rejectsANumberThatNobodyCanHold() {
        // Given
        byte[] json = "{\"properties\":{\"n\":1e99999999999}}".getBytes(StandardCharsets.UTF_8);
        Event event = new Event(EventType.TRACK, "m", "web", NOW, NOW, Integrations.ALL, json);

        // Then
        assertThatThrownBy(() -> new Events().each(EventBatch.of(List.of(event))))
                .isInstanceOf(RejectedException.class);
    }
}
