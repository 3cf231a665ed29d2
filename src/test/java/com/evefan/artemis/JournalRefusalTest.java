package com.evefan.artemis;

import static com.evefan.artemis.TestEvents.BOTH;
import static com.evefan.artemis.TestEvents.batch;
import static com.evefan.artemis.TestEvents.padded;
import static com.evefan.artemis.TestEvents.small;
import static com.evefan.artemis.TestEvents.takeAll;
import static com.evefan.artemis.TestEvents.takeIds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.evefan.event.EventBatch;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the journal does not take, and what it says then. */
class JournalRefusalTest {
    @TempDir
    Path temp;

    @Test
    void refusesPastTheBoundUntilThereIsRoom() throws Exception {
        try (Journal journal = Journal.open(new JournalSettings(temp, 2, 1 << 20, 1_000, 256 << 10, 0))) {
            // Given
            journal.append(batch("a", "b"), BOTH);

            // When
            assertThatThrownBy(() -> journal.append(batch("c"), BOTH)).isInstanceOf(JournalFullException.class);

            // Then
            assertThat(journal.status().state()).isEqualTo(JournalStatus.State.FULL);
            EventBatch handedOver = takeAll(journal).get(0).batch();
            BOTH.forEach(handedOver::acknowledge);
            journal.append(batch("d"), BOTH);
            assertThat(takeIds(journal)).containsExactly("d");
        }
    }

    @Test
    void boundsBytesToo() {
        try (Journal journal = Journal.open(new JournalSettings(temp, 100, 1_500, 1_000, 256 << 10, 0))) {
            journal.append(padded("a", 1_000), BOTH);
            assertThatThrownBy(() -> journal.append(padded("b", 1_000), BOTH))
                    .isInstanceOf(JournalFullException.class)
                    .hasMessageContaining("1 events");
        }
    }

    @Test
    void keepsItsDirectoryToItself() {
        try (Journal journal = Journal.open(small(temp))) {
            assertThatThrownBy(() -> Journal.open(small(temp)))
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining(temp.toString())
                    .hasMessageContaining("in use");
            assertThat(journal.status().state()).isEqualTo(JournalStatus.State.OPEN);
        }
        Journal.open(small(temp)).close();
    }

    @Test
    void refusesAnEventThatFitsNoFile() {
        try (Journal journal = Journal.open(small(temp))) {
            assertThatThrownBy(() -> journal.append(padded("a", 200_000), BOTH))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(journal.status().inFlightEvents()).isZero();
        }
    }

    @Test
    void refusesEventsThatNobodyOwes() {
        try (Journal journal = Journal.open(small(temp))) {
            journal.append(EventBatch.of(List.of()), Set.of());
            assertThatThrownBy(() -> journal.append(batch("a"), Set.of()))
                    .isInstanceOf(JournalUnavailableException.class);
        }
    }

    @Test
    void refusesWhenTheDiskRunsShort() {
        JournalSettings greedy = new JournalSettings(temp, 100, 1 << 20, 100, 256 << 10, Long.MAX_VALUE);
        try (Journal journal = Journal.open(greedy)) {
            assertThatThrownBy(() -> journal.append(batch("a"), BOTH))
                    .isInstanceOf(JournalUnavailableException.class)
                    .hasMessageContaining("evefan.journal.min-free-bytes");
            assertThat(journal.status().state()).isEqualTo(JournalStatus.State.UNAVAILABLE);
        }
    }

    @Test
    void refusesOnceClosed() {
        Journal journal = Journal.open(small(temp));
        journal.close();
        assertThatThrownBy(() -> journal.append(batch("a"), BOTH)).isInstanceOf(JournalUnavailableException.class);
        assertThat(journal.status().state()).isEqualTo(JournalStatus.State.CLOSED);
    }
}
