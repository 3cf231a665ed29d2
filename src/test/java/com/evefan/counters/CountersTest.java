package com.evefan.counters;

import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.journal.Place;
import com.evefan.journal.Place.Tally;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CountersTest {
    private static final Instant NOW = Instant.parse("2026-11-23T03:00:00Z");

    private final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);

    @TempDir
    Path directory;

    @Test
    void keepsWhatTheJournalDoesNotKnow() throws Exception {
        Path file = directory.resolve("counters.json");
        try (Counters counters = Counters.open(file, Duration.ofHours(1), clock)) {
            Ledger ledger = counters.of("postgres");
            ledger.retried(7);
            ledger.deleted(2);
            ledger.ended(new Tally(4, -3, -1, 0));
            ledger.error("22P02", "bad number", 5);
            ledger.failed("SQLSTATE 28P01", "check the password", true);
            ledger.paused(true);
        }

        // When
        try (Counters counters = Counters.open(file, Duration.ofHours(1), clock)) {

            // Then
            Books saved = counters.snapshot().get("postgres");
            assertThat(saved.get(Counter.RETRIED)).isEqualTo(7);
            assertThat(saved.get(Counter.DELETED)).isEqualTo(2);
            assertThat(saved.beside()).isEqualTo(new Tally(4, -3, -1, 0));
            assertThat(saved.errors()).hasSize(2);
            assertThat(saved.outage()).isEqualTo(new Outage(NOW, 1, true, "check the password"));
            assertThat(saved.paused()).isTrue();
        }
    }

    @Test
    void goesOnFromTheTotalsOfAVersionWithoutPlaces() throws Exception {
        Path file = directory.resolve("counters.json");
        Files.writeString(file, """
                {"version":1,"complete":true,"destinations":{"postgres":
                {"delivered":50,"retried":7,"rejected":5,"dead":2,"deleted":1,"retrying":25,"retryingBytes":9}}}""");

        // When
        try (Counters counters = Counters.open(file, Duration.ofHours(1), clock)) {

            // Then
            DestinationCounters all = new DestinationCounters(
                    DestinationCounters.NO_PLACE, counters.of("postgres").snapshot());
            assertThat(all.get(Counter.DELIVERED)).isEqualTo(50);
            assertThat(all.get(Counter.DEAD_LETTERS)).isEqualTo(6);
            assertThat(all.get(Counter.ACCEPTED)).isEqualTo(57);
        }
    }

    @Test
    void beginsAnewWhenTheFileIsDamaged() throws Exception {
        Path file = directory.resolve("counters.json");
        Files.writeString(file, "{\"destinations\":{\"postgres\":{\"deliv");

        // When
        try (Counters counters = Counters.open(file, Duration.ofHours(1), clock)) {

            // Then
            assertThat(counters.snapshot()).isEmpty();
            assertThat(directory.resolve("counters.json.damaged")).exists();
        }
    }

    @Test
    void theEquationHoldsThroughDeletionAndReplay() {
        Ledger ledger = new Ledger(clock);
        ledger.deleted(2);
        ledger.ended(new Tally(1, -1, 0, 0));
        Place.Status place = new Place.Status(Place.State.OPEN, 10, 4, 40, 0, NOW, new Tally(5, 3, 1, 1), 2);

        // When
        DestinationCounters counters = new DestinationCounters(place, ledger.snapshot());

        // Then
        assertThat(counters.get(Counter.DELIVERED)).isEqualTo(6);
        assertThat(counters.get(Counter.REJECTED)).isEqualTo(2);
        assertThat(counters.get(Counter.DEAD_LETTERS)).isEqualTo(1);
        assertThat(counters.get(Counter.ACCEPTED))
                .isEqualTo(counters.get(Counter.DELIVERED)
                        + counters.get(Counter.PENDING)
                        + counters.get(Counter.REJECTED)
                        + counters.get(Counter.DEAD)
                        + counters.get(Counter.LEFT_OUT)
                        + counters.get(Counter.LOST));
    }
}
