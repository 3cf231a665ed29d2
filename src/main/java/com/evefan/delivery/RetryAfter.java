package com.evefan.delivery;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** How a {@code Retry-After} header is read, of whichever destination: RFC 9110, section 10.2.3. */
public final class RetryAfter {
    /** Who asks for more is asked again after a day. */
    public static final Duration LONGEST = Duration.ofDays(1);

    private static final int DIGITS_OF_A_DAY = 5;

    private RetryAfter() {}

    /**
     * How long {@code header} asks to be left alone, from {@code now} on: {@link #LONGEST} at most.
     *
     * @param header a number of seconds or a date; what is neither, or null, asks for nothing
     */
    public static Duration of(@Nullable String header, Instant now) {
        String value = header == null ? "" : header.strip();
        if (value.matches("[0-9]+")) {
            String seconds = value.replaceFirst("^0+(?=.)", "");
            return seconds.length() > DIGITS_OF_A_DAY ? LONGEST : within(Duration.ofSeconds(Long.parseLong(seconds)));
        }
        try {
            return within(Duration.between(now, Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(value))));
        } catch (DateTimeException e) {
            return Duration.ZERO;
        }
    }

    private static Duration within(Duration asked) {
        return asked.isNegative() ? Duration.ZERO : asked.compareTo(LONGEST) > 0 ? LONGEST : asked;
    }
}
