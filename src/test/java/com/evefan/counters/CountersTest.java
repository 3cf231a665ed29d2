package com.evefan.counters;

import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.counters.Ledger.From;
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
    void survivesARestartWithoutWhatWasPending() throws Exception {
        Path file = directory.resolve("counters.json");
        try (Counters counters = Counters.open(file, Duration.ofHours(1), clock)) {
            Ledger ledger = counters.of("postgres");
            ledger.accepted(100, 1000);
            ledger.delivered(From.PENDING, 50, 500);
            ledger.queued(30, 300, NOW);
            ledger.rejected(From.RETRYING, 5, 50);
            ledger.error("22P02", "bad number", 5);
            ledger.failed("SQLSTATE 28P01", "check the password", true);
        }

        // When
        try (Counters counters = Counters.open(file, Duration.ofHours(1), clock)) {

            // Then
            DestinationCounters saved = counters.snapshot().get("postgres");
            assertThat(counters.isExact()).isTrue();
            assertThat(saved.accepted()).isEqualTo(80);
            assertThat(saved.delivered()).isEqualTo(50);
            assertThat(saved.retrying()).isEqualTo(25);
            assertThat(saved.rejected()).isEqualTo(5);
            assertThat(saved.pending()).isZero();
            assertThat(saved.errors()).hasSize(2);
            assertThat(saved.outage()).isEqualTo(new Outage(NOW, 1, true, "check the password"));
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
            assertThat(counters.isExact()).isFalse();
            assertThat(directory.resolve("counters.json.damaged")).exists();
        }
    }

    @Test
    void believesTheQueuesAfterAKill() {
        Ledger ledger = new Ledger("postgres", clock);
        ledger.accepted(10, 100);
        ledger.queued(10, 100, NOW);

        // When
        ledger.found(7, 70, 2);

        // Then
        DestinationCounters counters = ledger.snapshot();
        assertThat(counters.retrying()).isEqualTo(7);
        assertThat(counters.deadLetters()).isEqualTo(2);
        assertThat(counters.accepted())
                .isEqualTo(counters.delivered()
                        + counters.pending()
                        + counters.retrying()
                        + counters.dead()
                        + counters.rejected());
    }

    @Test
    void deletedDeadLettersStayInTheEquation() {
        Ledger ledger = new Ledger("postgres", clock);
        ledger.accepted(3, 30);
        ledger.rejected(From.PENDING, 3, 30);

        // When
        ledger.deleted(2);
        ledger.replayed(1, 0, 10);

        // Then
        DestinationCounters counters = ledger.snapshot();
        assertThat(counters.rejected()).isEqualTo(2);
        assertThat(counters.deadLetters()).isZero();
        assertThat(counters.retrying()).isEqualTo(1);
    }
}
