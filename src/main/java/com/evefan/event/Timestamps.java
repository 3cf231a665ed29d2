package com.evefan.event;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the times that senders write, and writes ours. */
public final class Timestamps {
    private static final long MILLIS_PER_DAY = 86_400_000L;
    private static final String AFTER_YEAR = "-00-00T00:00:00.000Z";
    /** The range of JavaScript's Date. */
    private static final long MAX_MILLIS = 100_000_000L * MILLIS_PER_DAY;

    /** Of a time in seconds since 1970 between 2001 and 2286. */
    private static final int EPOCH_SECONDS_DIGITS = 10;

    private static final int LEAP_SECOND = 60;
    private static final int EPOCH_MILLIS_DIGITS = 13;
    private static final int LONGEST_EPOCH = 32;

    private Timestamps() {}

    /**
     * The instant {@code text} stands for, cut to milliseconds; empty where it stands for none. Takes what
     * JavaScript's {@code Date} takes, as that is what most senders are tested with: ISO 8601 and its short forms,
     * RFC 2822, {@code Jan 2, 2026}; without a zone it is UTC, and February 30 is March 2. Takes too what databases and
     * languages write that have no JavaScript in them, and times since 1970 ({@link #ofEpoch}).
     */
    public static Optional<Instant> parse(String text) {
        Instant time = new IsoTime(text).parse();
        if (time == null) {
            time = ofEpoch(text);
        }
        return Optional.ofNullable(time != null ? time : new LooseTime(text).parse());
    }

    /**
     * The instant of a number since 1970, cut to milliseconds; null where it is none. Seconds, milliseconds, micro- and
     * nanoseconds are told apart by their size, which is unambiguous from 2001 to 2286; what is outside is none.
     */
    static @Nullable Instant ofEpoch(String number) {
        if (number.length() < EPOCH_SECONDS_DIGITS || number.length() > LONGEST_EPOCH || !isNumeric(number)) {
            return null;
        }
        try {
            BigDecimal value = new BigDecimal(number);
            int digits = value.precision() - value.scale();
            return value.signum() > 0 && digits >= EPOCH_SECONDS_DIGITS && digits <= 19 && digits % 3 == 1
                    ? Instant.ofEpochMilli(
                            value.movePointLeft(digits - EPOCH_MILLIS_DIGITS).longValue())
                    : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** Whether it is digits, a point and a short exponent; the rest is up to the parser. */
    private static boolean isNumeric(String text) {
        int exponent = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 'e' || c == 'E') {
                exponent = i;
            } else if ((c < '0' || c > '9') && c != '.' && c != '+') {
                return false;
            }
        }
        return text.length() - exponent <= 4;
    }

    /** {@code instant} as {@code 2026-03-02T01:11:21.137Z}: always with milliseconds, always UTC. */
    public static String format(Instant instant) {
        LocalDateTime time = LocalDateTime.ofEpochSecond(instant.getEpochSecond(), 0, ZoneOffset.UTC);
        int year = time.getYear();
        String form = year < 0 ? "-000000" + AFTER_YEAR : year > 9999 ? "+000000" + AFTER_YEAR : "0000" + AFTER_YEAR;
        byte[] text = form.getBytes(US_ASCII);
        int afterYear = text.length - AFTER_YEAR.length();
        digits(text, afterYear, Math.abs(year));
        digits(text, afterYear + 3, time.getMonthValue());
        digits(text, afterYear + 6, time.getDayOfMonth());
        digits(text, afterYear + 9, time.getHour());
        digits(text, afterYear + 12, time.getMinute());
        digits(text, afterYear + 15, time.getSecond());
        digits(text, afterYear + 19, instant.getNano() / 1_000_000);
        return new String(text, US_ASCII);
    }

    /** Writes {@code number} over the zeros before {@code end}. */
    private static void digits(byte[] text, int end, int number) {
        int i = end;
        for (int rest = number; rest > 0; rest /= 10) {
            text[--i] = (byte) ('0' + rest % 10);
        }
    }

    /**
     * The instant of a date and time in UTC; null where a part is out of its range. Days after the month's end roll
     * over, and 24:00 is the next day's beginning.
     */
    static @Nullable Instant instant(int year, int month, int day, long millisOfDay) {
        if (month < 1 || month > 12 || day < 1 || day > 31 || millisOfDay < 0) {
            return null;
        }
        long days = LocalDate.of(year, month, 1).toEpochDay() + day - 1;
        long millis = days * MILLIS_PER_DAY + millisOfDay;
        return Math.abs(millis) <= MAX_MILLIS ? Instant.ofEpochMilli(millis) : null;
    }

    /** Milliseconds since midnight; -1 where a part is out of its range. A leap second is the next second. */
    static long millisOfDay(int hour, int minute, int second, int millis) {
        boolean midnight = hour == 24 && minute == 0 && second == 0 && millis == 0;
        return (hour > 23 && !midnight) || minute > 59 || second > LEAP_SECOND
                ? -1
                : ((hour * 60L + minute) * 60 + second) * 1000 + millis;
    }
}
