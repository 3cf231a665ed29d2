package com.evefan.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.event.Invalid;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RefusedEventsTest {
    private static final long QUOTA = 1 << 20;
    private static final Duration DAY = Duration.ofDays(1);
    private static final Invalid.Sender SENDER = new Invalid.Sender("web", "203.0.113.9", "curl/8");

    @TempDir
    Path directory;

    private Instant now = Instant.parse("2026-11-23T03:00:00Z");

    private final Clock clock = new Clock() {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public java.time.ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }
    };

    @Test
    void keepsTheYoungestWithinItsQuotaAndCountsTheOthers() throws Exception {
        try (RefusedEvents refused = open()) {
            // When: 90 events of 90 KB for a quota of 1 MB.
            for (int i = 0; i < 90; i++) {
                refuse(refused, "m" + i, 90_000);
            }

            // Then
            RefusedEvents.Status status = refused.status();
            assertThat(status.bytes()).isLessThanOrEqualTo(QUOTA).isGreaterThan(QUOTA / 2);
            assertThat(status.kept() + status.dropped()).isEqualTo(90);
            assertThat(status.lost()).isZero();
            assertThat(status.waiting()).isZero();
            assertThat(size()).isEqualTo(status.bytes());
            List<String> ids = ids(refused);
            assertThat(ids).hasSize((int) status.kept()).endsWith("m88", "m89");
        }
    }

    @Test
    void deletesWhatIsTooOld() throws Exception {
        try (RefusedEvents refused = open()) {
            refuse(refused, "old", 10);
            now = now.plus(DAY.dividedBy(2));
            refuse(refused, "young", 10);

            // When
            now = now.plus(DAY.dividedBy(2)).plusSeconds(1);
            refused.makeRoom();

            // Then
            assertThat(ids(refused)).containsExactly("young");
            assertThat(refused.status().dropped()).isEqualTo(1);

            // When
            now = now.plus(DAY);
            refused.makeRoom();
            refuse(refused, "new", 10);

            // Then
            assertThat(ids(refused)).containsExactly("new");
        }
    }

    @Test
    void findsWhatWasKeptBeforeAndPassesOverATornLine() throws Exception {
        try (RefusedEvents refused = open()) {
            refuse(refused, "m1", 10);
            refuse(refused, "m2", 10);
        }
        try (var files = Files.list(directory)) {
            Files.writeString(files.findFirst().orElseThrow(), "{\"version\":1,\"desti", StandardOpenOption.APPEND);
        }

        // When
        try (RefusedEvents refused = open()) {
            refuse(refused, "m3", 10);

            // Then
            assertThat(refused.status().kept()).isEqualTo(3);
            assertThat(ids(refused)).containsExactly("m1", "m2", "m3");
        }
    }

    @Test
    void deletesThoseThatMatch() throws Exception {
        try (RefusedEvents refused = open()) {
            refuse(refused, "m1", 10);
            refuse(refused, "m2", 10);

            // When
            long deleted = refused.delete(Filter.of(Filter.parameters("messageId=m1")));

            // Then
            assertThat(deleted).isEqualTo(1);
            refuse(refused, "m3", 10);
            assertThat(ids(refused)).containsExactly("m2", "m3");
            assertThat(refused.delete(Filter.ALL)).isEqualTo(2);
            assertThat(refused.status().bytes()).isZero();
            assertThat(size()).isZero();
        }
    }

    @Test
    void countsWhatTheDiskDoesNotTake() throws Exception {
        Files.writeString(directory.resolve("file"), "no directory");
        try (RefusedEvents refused =
                RefusedEvents.open(directory.resolve("file"), new RefusedEvents.Settings(QUOTA, DAY), clock)) {
            // When
            refuse(refused, "m", 10);

            // Then
            assertThat(refused.status()).isEqualTo(new RefusedEvents.Status(0, 0, 0, 1, 0));
        }
    }

    @Test
    void takesOnlySoManyIntoMemory() {
        try (RefusedEvents refused = open()) {
            List<Invalid> megabyte = List.of(new Invalid(0, "m", "e", new byte[1 << 20]));
            int taken = 0;
            while (refused.take(megabyte)) {
                taken++;
            }

            // Then
            assertThat(taken).isEqualTo(16);
            assertThat(refused.status().waiting()).isEqualTo(16);
            assertThat(refused.status().lost()).isEqualTo(1);
        }
    }

    private RefusedEvents open() {
        return RefusedEvents.open(directory, new RefusedEvents.Settings(QUOTA, DAY), clock);
    }

    private static void refuse(RefusedEvents refused, String id, int size) {
        String json = "{\"messageId\":\"" + id + "\",\"padding\":\"" + "x".repeat(size) + "\"}";
        List<Invalid> invalid = List.of(new Invalid(0, id, "type is required", json.getBytes(StandardCharsets.UTF_8)));
        assertThat(refused.take(invalid)).isTrue();
        refused.keep(invalid, SENDER);
    }

    private static List<String> ids(RefusedEvents refused) throws Exception {
        List<String> ids = new ArrayList<>();
        try (Letters letters = refused.letters()) {
            for (DeadLetter letter = letters.next(); letter != null; letter = letters.next()) {
                assertThat(letter.json().path("source").asText()).isEqualTo("web");
                ids.add(letter.messageId());
            }
        }
        return ids;
    }

    private long size() throws Exception {
        try (var files = Files.list(directory)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }
}
