package com.evefan.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.console.Minutes.Counts;
import com.evefan.console.Minutes.Moment;
import com.evefan.console.Minutes.Snapshot;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MinutesTest {
    private static final Instant START = Instant.parse("2026-11-28T03:00:30Z");
    private static final Snapshot NOTHING = new Snapshot(new Spread().counts());

    private final Minutes minutes = new Minutes(at(0, 100, 5));

    @Test
    void aMinuteIsWhatCameInIt() {
        assertThat(minutes.tick(at(20, 110, 5))).isNull();

        // When
        ObjectNode over = minutes.tick(at(31, 160, 7));

        // Then
        assertThat(over.path("from").asText()).isEqualTo("2026-11-28T03:00:00Z");
        assertThat(over.at("/sources/web/accepted").toString()).isEqualTo("[60]");
        assertThat(over.at("/destinations/crm/delivered").toString()).isEqualTo("[60]");
        assertThat(over.at("/destinations/crm/waiting").toString()).isEqualTo("[7]");
        assertThat(over.at("/destinations/crm/latencyP50").toString()).isEqualTo("[null]");
    }

    @Test
    void theHourEndsWithTheMinuteUnderWay() {
        minutes.tick(at(30, 160, 7));

        // When
        ObjectNode hour = minutes.hour(at(45, 175, 1));

        // Then
        assertThat(hour.path("minutes").asInt()).isEqualTo(2);
        assertThat(hour.path("lastMinuteSeconds").asDouble()).isEqualTo(15.0);
        assertThat(hour.at("/sources/web/accepted").toString()).isEqualTo("[60,15]");
    }

    @Test
    void timeThatTheMachineSleptIsAGap() {
        minutes.tick(at(30, 160, 7));

        // When
        assertThat(minutes.tick(at(330, 900, 7))).isNull();
        minutes.tick(at(390, 910, 7));

        // Then
        assertThat(minutes.hour(at(391, 911, 7)).at("/sources/web/accepted").toString())
                .isEqualTo("[60,null,null,null,null,null,10,1]");
    }

    @Test
    void noMoreThanAnHourIsKept() {
        for (int minute = 0; minute < 200; minute++) {
            minutes.tick(at(30 + minute * 60L, 160 + minute, 0));
        }
        assertThat(minutes.hour(at(30 + 199 * 60L, 400, 0)).path("minutes").asInt())
                .isEqualTo(60);
    }

    private static Moment at(long seconds, long count, long waiting) {
        return new Moment(
                START.plusSeconds(seconds),
                Map.of("web", new long[] {count, 0}),
                Map.of("crm", new Counts(count, count, 0, 0, waiting, NOTHING, NOTHING)));
    }
}
