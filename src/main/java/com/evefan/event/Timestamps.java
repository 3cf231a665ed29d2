package com.evefan.event;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the times that senders write, and writes ours. */
public final class Timestamps {
    private static final long MILLIS_PER_DAY = 86_400_000L;
    /** The range of JavaScript's Date. */
    private static final long MAX_MILLIS = 100_000_000L * MILLIS_PER_DAY;

    private Timestamps() {}

    /**
     * The instant {@code text} stands for, cut to milliseconds; empty where it stands for none. Takes what
     * JavaScript's {@code Date} takes, as that is what most senders are tested with: ISO 8601 and its short forms,
     * RFC 2822, {@code Jan 2, 2026}; without a zone it is UTC, and February 30 is March 2.
     */
    public static Optional<Instant> parse(String text) {
        Instant iso = new IsoTime(text).parse();
        return Optional.ofNullable(iso != null ? iso : new LooseTime(text).parse());
    }

    /** {@code instant} as {@code 2026-03-02T01:11:21.137Z}: always with milliseconds, always UTC. */
    public static String format(Instant instant) {
        LocalDateTime time = LocalDateTime.ofEpochSecond(instant.getEpochSecond(), 0, ZoneOffset.UTC);
        StringBuilder text = new StringBuilder(24);
        appendYear(text, time.getYear());
        digits(text.append('-'), time.getMonthValue(), 2);
        digits(text.append('-'), time.getDayOfMonth(), 2);
        digits(text.append('T'), time.getHour(), 2);
        digits(text.append(':'), time.getMinute(), 2);
        digits(text.append(':'), time.getSecond(), 2);
        digits(text.append('.'), instant.getNano() / 1_000_000, 3);
        return text.append('Z').toString();
    }

    private static void appendYear(StringBuilder text, int year) {
        if (year >= 0 && year <= 9999) {
            digits(text, year, 4);
        } else {
            digits(text.append(year < 0 ? '-' : '+'), Math.abs(year), 6);
        }
    }

    private static void digits(StringBuilder text, int number, int count) {
        if (count > 1) {
            digits(text, number / 10, count - 1);
        }
        text.append((char) ('0' + number % 10));
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

    /** Milliseconds since midnight; -1 where a part is out of its range. */
    static long millisOfDay(int hour, int minute, int second, int millis) {
        boolean midnight = hour == 24 && minute == 0 && second == 0 && millis == 0;
        return (hour > 23 && !midnight) || minute > 59 || second > 59
                ? -1
                : ((hour * 60L + minute) * 60 + second) * 1000 + millis;
    }
}
