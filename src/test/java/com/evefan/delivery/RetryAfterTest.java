package com.evefan.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryAfterTest {
    private static final Instant NOW = Instant.parse("2026-11-23T03:00:00Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "120|120",
                "Mon, 23 Nov 2026 03:01:00 GMT|60",
                "Mon, 23 Nov 2026 02:00:00 GMT|0",
                "99999999|86400",
                "99999999999999999999|0",
                "soon|0",
                "''|0"
            })
    void readsSecondsAndDates(String value, long seconds) {
        assertThat(Failures.retryAfter(value, NOW)).isEqualTo(Duration.ofSeconds(seconds));
    }
}
