package com.evefan.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimitTest {
    private static final long SECOND = 1_000_000_000L;

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - SECOND); // clocks may wrap
    private final RateLimit limit = new RateLimit(10, now::get);

    @Test
    void letsASecondsWorthThroughAtOnce() {
        for (int i = 0; i < 10; i++) {
            assertThat(take(1)).isZero();
        }
        assertThat(take(1)).isEqualTo(1);
    }

    @Test
    void letsThroughAgainAsTimePasses() {
        // Given
        take(10);

        // When
        now.addAndGet(SECOND / 10);

        // Then
        assertThat(take(1)).isZero();
        assertThat(take(1)).isEqualTo(1);
    }

    @Test
    void makesALargeBatchLateNotImpossible() {
        // Given
        assertThat(take(100)).isZero();

        // Then
        assertThat(take(1)).isEqualTo(10);
        now.addAndGet(9 * SECOND + SECOND / 10);
        assertThat(take(1)).isZero();
    }

    @Test
    void doesNotSaveUpMoreThanASecond() {
        // Given
        now.addAndGet(3600 * SECOND);

        // When
        int taken = 0;
        while (take(1) == 0) {
            taken++;
        }

        // Then
        assertThat(taken).isEqualTo(10);
    }

    @Test
    void isNoneAtZero() {
        RateLimit none = new RateLimit(0, now::get);
        none.spend(1_000_000);
        assertThat(none.secondsToWait()).isZero();
    }

    @Test
    void shutsNobodyOutForLongerThanSeconds() {
        // When
        limit.spend(5_000);

        // Then
        assertThat(limit.secondsToWait()).isEqualTo(11);
        now.addAndGet(10 * SECOND + SECOND / 10);
        assertThat(limit.secondsToWait()).isZero();
    }

    private int take(int events) {
        int seconds = limit.secondsToWait();
        if (seconds == 0) {
            limit.spend(events);
        }
        return seconds;
    }
}
