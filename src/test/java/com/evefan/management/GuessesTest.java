package com.evefan.management;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class GuessesTest {
    private final AtomicLong now = new AtomicLong();
    private final Guesses guesses = new Guesses(now::get);

    @Test
    void looksAtTenAndThenAtOneASecond() {
        // When
        int looked = guess("192.0.2.1", 1_000);

        // Then
        assertThat(looked).isEqualTo(10);
        now.addAndGet(TimeUnit.SECONDS.toNanos(3));
        assertThat(guess("192.0.2.1", 1_000)).isEqualTo(3);
        now.addAndGet(TimeUnit.HOURS.toNanos(1));
        assertThat(guess("192.0.2.1", 1_000)).isEqualTo(10);
    }

    @Test
    void slowsDownNobodyElse() {
        // When
        guess("192.0.2.1", 100);

        // Then
        assertThat(guesses.mayTry("192.0.2.2")).isTrue();
        assertThat(guesses.mayTry("192.0.2.1")).isFalse();
    }

    @Test
    void takesANetworkOfIpv6ForOneAddress() {
        // When
        guess("2001:db8:0:1:0:0:0:1", 100);

        // Then
        assertThat(guesses.mayTry("2001:db8:0:1:a:b:c:d")).isFalse();
        assertThat(guesses.mayTry("2001:db8:0:2:0:0:0:1")).isTrue();
    }

    @Test
    void remembersAThousandAddressesAtMost() {
        // When
        for (int i = 0; i < 5_000; i++) {
            guess("10.0." + i / 256 + "." + i % 256, 1);
        }

        // Then
        assertThat(guesses.size()).isEqualTo(1_000);
    }

    /** How many of so many wrong ones are looked at. */
    private int guess(String address, int times) {
        int looked = 0;
        for (int i = 0; i < times; i++) {
            if (guesses.mayTry(address)) {
                guesses.wrong(address);
                looked++;
            }
        }
        return looked;
    }
}
