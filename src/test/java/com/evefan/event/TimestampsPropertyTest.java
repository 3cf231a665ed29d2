package com.evefan.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

/** Any time, as any program writes it, is that time; and no text is a failure. */
class TimestampsPropertyTest {
    private static final long YEAR_2002 = 1_009_843_200_000L;
    private static final long YEAR_2200 = 7_258_118_400_000L;

    @Property(tries = 3_000)
    void readsEveryTimeInEveryForm(
            @ForAll @LongRange(min = YEAR_2002, max = YEAR_2200) long millis,
            @ForAll("forms") Function<Instant, String> form) {
        Instant time = Instant.ofEpochMilli(millis);
        String text = form.apply(time);

        Instant read = Timestamps.parse(text).orElseThrow(() -> new AssertionError(text));

        Instant expected =
                text.matches(".*\\d\\.\\d{3,}.*|\\d{13}.*|.*,\\d{3}.*") ? time : time.truncatedTo(ChronoUnit.SECONDS);
        assertThat(read).as(text).isEqualTo(expected);
    }

    @Provide
    Arbitrary<Function<Instant, String>> forms() {
        return Arbitraries.of(
                form("yyyy-MM-dd HH:mm:ss.SSSSSSx", 0),
                form("yyyy-MM-dd HH:mm:ss.SSS 'UTC'", 0),
                form("yyyy-MM-dd HH:mm:ss.SSSSSSSSS xxxx 'UTC'", 0),
                form("yyyy-MM-dd HH:mm:ss.SSS xxxx 'CEST' 'm=+12.5'", 2),
                form("yyyy-MM-dd'T'HH:mm:ss.SSSxxx'['VV']'", 9),
                form("MM/dd/yyyy HH:mm:ss.SSS", 0),
                form("EEE, dd MMM yyyy HH:mm:ss 'EST'", -5),
                form("EEE, dd MMM yyyy HH:mm:ss 'PDT'", -7),
                form("EEE MMM dd HH:mm:ss yyyy", 0),
                form("yyyyMMdd'T'HHmmssX", 0),
                form("yyyyMMdd'T'HHmmss.SSSx", -3),
                form("yyyy-MM-dd'T'HH:mm:ssx", 0),
                form("yyyy-MM-dd'T'HH:mm:ss.SSSXXX", 5),
                form("yyyy-MM-dd'T'HH:mm:ss,SSSXXX", 5),
                time -> String.valueOf(time.getEpochSecond()),
                time -> String.valueOf(time.toEpochMilli()),
                time -> time.toEpochMilli() + "000",
                time -> String.format(Locale.ROOT, "%d.%03d", time.getEpochSecond(), time.toEpochMilli() % 1000));
    }

    private static Function<Instant, String> form(String pattern, int hours) {
        DateTimeFormatter formatter =
                DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.ofHours(hours));
        return formatter::format;
    }

    @Property(tries = 5_000)
    void neverFailsOnAnyText(@ForAll("texts") String text) {
        Timestamps.parse(text)
                .ifPresent(time ->
                        assertThat(Timestamps.parse(Timestamps.format(time))).contains(time));
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings()
                .withChars("0123456789-+:./,TZ []e(=mEST\u0000é")
                .ofMaxLength(40);
    }
}
