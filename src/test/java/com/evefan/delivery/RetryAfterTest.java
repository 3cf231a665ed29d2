package com.evefan.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.BigRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.NumericChars;
import net.jqwik.api.constraints.StringLength;

class RetryAfterTest {
    private static final Instant NOW = Instant.parse("2026-11-23T03:00:00Z");

    @Property
    void isNeverNegativeNorLongerThanADayWhateverTheHeaderSays(@ForAll String header) {
        assertThat(RetryAfter.of(header, NOW)).isBetween(Duration.ZERO, RetryAfter.LONGEST);
    }

    @Property
    void takesManyDigitsForManySeconds(@ForAll @NumericChars @StringLength(min = 1, max = 40) String digits) {
        Duration asked = RetryAfter.of(digits, NOW);
        assertThat(BigInteger.valueOf(asked.toSeconds()))
                .isEqualTo(new BigInteger(digits).min(BigInteger.valueOf(RetryAfter.LONGEST.toSeconds())));
    }

    @Property
    void keepsEverySecondOfADay(@ForAll @IntRange(max = 86_400) int seconds) {
        assertThat(RetryAfter.of(" " + seconds + " ", NOW)).hasSeconds(seconds);
    }

    @Property
    void waitsUntilADate(@ForAll @LongRange(min = -100_000_000, max = 100_000_000) long seconds) {
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                NOW.plusSeconds(seconds).atOffset(ZoneOffset.UTC));
        assertThat(RetryAfter.of(date, NOW)).hasSeconds(Math.min(86_400, Math.max(0, seconds)));
    }

    @Property
    void asksForNothingWithASign(@ForAll @BigRange(min = "1", max = "99999999999999999999") BigInteger seconds) {
        assertThat(RetryAfter.of("-" + seconds, NOW)).isZero();
    }

    @Example
    void asksForNothingWhereItSaysNothing() {
        assertThat(RetryAfter.of(null, NOW)).isZero();
        assertThat(RetryAfter.of("soon", NOW)).isZero();
        assertThat(RetryAfter.of("", NOW)).isZero();
    }
}
