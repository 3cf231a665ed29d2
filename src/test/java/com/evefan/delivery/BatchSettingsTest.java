package com.evefan.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.evefan.event.Consent;
import com.evefan.journal.Place.Room;
import com.evefan.journal.Start;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BatchSettingsTest {
    private static BatchSettings of(String destination, Map<String, String> values) {
        return BatchSettings.of(destination, key -> values.getOrDefault(key, ""));
    }

    @Test
    void hasDefaults() {
        assertThat(of("crm", Map.of()))
                .isEqualTo(new BatchSettings(500, 1 << 20, 1_000, true, true, 1, Start.END, Consent.NOT_NEEDED));
    }

    @Test
    void readsTheKeysOfADestinationOfOnesOwnAndOfAShippedOne() {
        assertThat(of("crm", Map.of("crm.batch.max-events", "7", "crm.start", "earliest")))
                .isEqualTo(new BatchSettings(7, 1 << 20, 1_000, true, true, 1, Start.EARLIEST, Consent.NOT_NEEDED));
        assertThat(of(
                        "postgres",
                        Map.of(
                                "evefan.postgres.batch.max-events", "9",
                                "evefan.postgres.start", "2026-11-23T03:00:00Z")))
                .isEqualTo(new BatchSettings(
                        9,
                        1 << 20,
                        1_000,
                        true,
                        false,
                        1,
                        new Start.Since(Instant.parse("2026-11-23T03:00:00Z")),
                        Consent.NOT_NEEDED));
    }

    @Test
    void gathersAlwaysWhereItIsToldTo() {
        assertThat(of("crm", Map.of("crm.batch.max-age-ms", "70")).quietMillis())
                .isEqualTo(70);
        assertThat(of("crm", Map.of("crm.batch.at-once", "false")).quietMillis())
                .isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void hasRoomForTwoBatches() {
        assertThat(of("crm", Map.of("crm.batch.max-events", "7")).room()).isEqualTo(new Room(14, 2 << 20));
    }

    @Test
    void namesTheKeyThatIsWrong() {
        assertThatThrownBy(() -> of("crm", Map.of("crm.batch.max-age-ms", "soon")))
                .hasMessage("crm.batch.max-age-ms must be a whole number from 1 to 3600000, was 'soon'");
        assertThatThrownBy(() -> of("crm", Map.of("crm.parallel", "65")))
                .hasMessage("crm.parallel must be a whole number from 1 to 64, was '65'");
        assertThatThrownBy(() -> of("crm", Map.of("crm.batch.at-once", "yes")))
                .hasMessage("crm.batch.at-once must be true or false, was 'yes'");
        assertThatThrownBy(() -> of("crm", Map.of("crm.start", "now")))
                .hasMessageStartingWith("crm.start must be earliest, end or a time");
    }

    @Test
    void aDestinationThatIsSettingsAloneHasItsLimitsAmongThem() {
        Map<String, String> values = Map.of(
                "evefan.destination.crm.type",
                "webhook",
                "evefan.destination.crm.batch.max-events",
                "7",
                "crm.start",
                "?");

        BatchSettings settings = BatchSettings.of("crm", key -> values.getOrDefault(key, ""));

        assertThat(settings.maxEvents()).isEqualTo(7);
    }
}
