package com.evefan.artemis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class JournalSettingsTest {
    private static final Path DIRECTORY = Path.of("data", "journal");

    @Test
    void namesTheKeyThatIsOutOfRange() {
        assertThatThrownBy(() -> new JournalSettings(DIRECTORY, 0, 1, 1, 1 << 20, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("evefan.journal.max-events must be at least 1, was 0");
        assertThatThrownBy(() -> new JournalSettings(DIRECTORY, 1, 0, 1, 1 << 20, 0))
                .hasMessageContaining("max-bytes");
        assertThatThrownBy(() -> new JournalSettings(DIRECTORY, 1, 1, 0, 1 << 20, 0))
                .hasMessageContaining("handover-events");
        assertThatThrownBy(() -> new JournalSettings(DIRECTORY, 1, 1, 1, 1, 0)).hasMessageContaining("file-bytes");
        assertThatThrownBy(() -> new JournalSettings(DIRECTORY, 1, 1, 1, Integer.MAX_VALUE, 0))
                .hasMessage("evefan.journal.file-bytes must be at most 1073741824, was 2147483647");
        assertThatThrownBy(() -> new JournalSettings(DIRECTORY, 1, 1, 1, 1 << 20, -1))
                .hasMessageContaining("min-free-bytes");
    }

    @Test
    void takesAWholeRequestOfFourMegabytesByDefault() {
        assertThat(JournalSettings.in(DIRECTORY).maxRecordBytes()).isGreaterThan(4 << 20);
    }
}
