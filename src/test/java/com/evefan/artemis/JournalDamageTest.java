package com.evefan.artemis;

import static com.evefan.artemis.TestEvents.BOTH;
import static com.evefan.artemis.TestEvents.batch;
import static com.evefan.artemis.TestEvents.small;
import static com.evefan.artemis.TestEvents.takeIds;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JournalDamageTest {
    @TempDir
    Path temp;

    private Path file;
    private byte[] content;
    private int first;
    private int middle;
    private int last;

    @BeforeEach
    void threeRecords() throws Exception {
        try (Journal journal = Journal.open(small(temp))) {
            journal.append(batch("first"), BOTH);
            journal.append(batch("middle"), BOTH);
            journal.append(batch("last"), BOTH);
        }
        try (var files = Files.newDirectoryStream(temp, "*.journal")) {
            for (Path candidate : files) {
                byte[] bytes = Files.readAllBytes(candidate);
                if (new String(bytes, ISO_8859_1).contains("middle")) {
                    file = candidate;
                    content = bytes;
                }
            }
        }
        String text = new String(content, ISO_8859_1);
        first = text.indexOf("\"first\"");
        middle = text.indexOf("\"middle\"");
        last = text.indexOf("\"last\"");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 30, 60, 120})
    void losesOnlyTheTornRecord(int keptAfter) throws Exception {
        // When
        Files.write(file, Arrays.copyOf(content, last - 60 + keptAfter));

        // Then
        assertThat(DamageScan.in(temp)).hasSize(1).first().asString().startsWith(file + " at byte ");
        try (Journal reopened = Journal.open(small(temp))) {
            assertThat(takeIds(reopened)).containsExactly("first", "middle");
            reopened.append(batch("next"), BOTH);
        }
        try (Journal again = Journal.open(small(temp))) {
            assertThat(takeIds(again)).containsExactly("first", "middle", "next");
        }
    }

    @Test
    void losesOnlyTheRecordThatTheCrashLeftHalfWritten() throws Exception {
        // When
        Arrays.fill(content, last, content.length, (byte) 0);
        Files.write(file, content);

        // Then
        assertThat(DamageScan.in(temp)).hasSize(1);
        try (Journal reopened = Journal.open(small(temp))) {
            assertThat(takeIds(reopened)).containsExactly("first", "middle");
            reopened.append(batch("next"), BOTH);
        }
        assertThat(DamageScan.in(temp)).isEmpty();
        try (Journal again = Journal.open(small(temp))) {
            assertThat(takeIds(again)).containsExactly("first", "middle", "next");
        }
    }

    @Test
    void losesOnlyTheRecordWithAFlippedBit() throws Exception {
        // When
        content[middle + 2] ^= 4;
        Files.write(file, content);

        // Then
        assertThat(DamageScan.in(temp)).hasSize(1);
        try (Journal reopened = Journal.open(small(temp))) {
            assertThat(takeIds(reopened)).containsExactly("first", "last");
            assertThat(temp.resolve("damaged")).isDirectoryContaining("glob:**.record");
        }
        try (Journal again = Journal.open(small(temp))) {
            assertThat(takeIds(again)).containsExactly("first", "last");
        }
    }

    @Test
    void surviesAnyByteOfARecordBeingWrong() throws Exception {
        for (int at = first; at < middle + 60; at += 7) {
            // Given
            Path damaged = temp.resolve("at-" + at);
            JournalTest.copy(temp, damaged);
            byte[] wrong = content.clone();
            wrong[at] ^= 0x55;
            Files.write(damaged.resolve(file.getFileName()), wrong);

            // When
            try (Journal reopened = Journal.open(small(damaged))) {
                // Then
                assertThat(takeIds(reopened))
                        .as("byte %d wrong", at)
                        .hasSizeGreaterThanOrEqualTo(2)
                        .contains("last");
            }
        }
    }

    @Test
    void refusesAnotherFormat() throws Exception {
        // When
        content[7] = 9;
        Files.write(file, content);

        // Then
        assertThatThrownBy(() -> Journal.open(small(temp)))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("format version 2.9");
        content[7] = RecordBody.FORMAT_VERSION;
        Files.write(file, content);
        Journal.open(small(temp)).close();
    }
}
