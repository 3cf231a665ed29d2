package com.evefan.journal.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class JournalSettingsTest {
    private static final Path DIRECTORY = Path.of("data", "journal");

    private static JournalSettings settings(long retention, long maxBytes, long minFree, int segment, int events) {
        return new JournalSettings(DIRECTORY, Duration.ofMillis(retention), maxBytes, minFree, segment, events);
    }

    @Test
    void namesTheKeyThatIsOutOfRange() {
        assertThatThrownBy(() -> settings(-1, 1, 0, 1 << 20, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("evefan.journal.retention-ms must be at least 0, was -1");
        assertThatThrownBy(() -> settings(0, 0, 0, 1 << 20, 1)).hasMessageContaining("max-bytes");
        assertThatThrownBy(() -> settings(0, 1, -1, 1 << 20, 1)).hasMessageContaining("min-free-bytes");
        assertThatThrownBy(() -> settings(0, 1, 0, 1, 1))
                .hasMessage("evefan.journal.segment-bytes must be at least 65536, was 1");
        assertThatThrownBy(() -> settings(0, 1, 0, Integer.MAX_VALUE, 1))
                .hasMessage("evefan.journal.segment-bytes must be at most 1073741824, was 2147483647");
        assertThatThrownBy(() -> settings(0, 1, 0, 1 << 20, 0)).hasMessageContaining("handover-events");
        assertThatThrownBy(() -> settings(0, 1, 0, 1 << 20, 100_001)).hasMessageContaining("handover-events");
    }

    @Test
    void takesTheLargestEventOfARequestByDefault() {
        assertThat(JournalSettings.in(DIRECTORY).maxEventBytes()).isGreaterThan(4 << 20);
    }
}
