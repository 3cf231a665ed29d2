package com.evefan.event;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;

/** Reads the times that senders write, and writes ours. */
public final class Timestamps {
    private Timestamps() {}

    /** The instant {@code text} stands for, to the millisecond; empty where it stands for none. */
    public static Optional<Instant> parse(String text) {
        Instant iso = parseIso(text);
        return iso != null ? Optional.of(iso) : Optional.empty();
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
        int divisor = 1;
        for (int i = 1; i < count; i++) {
            divisor *= 10;
        }
        for (; divisor > 0; divisor /= 10) {
            text.append((char) ('0' + number / divisor % 10));
        }
    }

    /** The form nearly every SDK writes, without the cost of a general parser; null for any other. */
    private static @org.jspecify.annotations.Nullable Instant parseIso(String text) {
        int length = text.length();
        boolean millis = length == 24 && text.charAt(19) == '.';
        if (!millis && length != 20
                || text.charAt(length - 1) != 'Z'
                || text.charAt(4) != '-'
                || text.charAt(7) != '-'
                || text.charAt(10) != 'T'
                || text.charAt(13) != ':'
                || text.charAt(16) != ':') {
            return null;
        }
        int year = number(text, 0, 4);
        int month = number(text, 5, 7);
        int day = number(text, 8, 10);
        int hour = number(text, 11, 13);
        int minute = number(text, 14, 16);
        int second = number(text, 17, 19);
        int milli = millis ? number(text, 20, 23) : 0;
        if (year < 0
                || month < 1
                || month > 12
                || day < 1
                || day > 28 && day > LocalDate.of(year, month, 1).lengthOfMonth()) {
            return null;
        }
        if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59 || milli < 0) {
            return null;
        }
        long days = LocalDate.of(year, month, day).toEpochDay();
        return Instant.ofEpochMilli(((days * 24 + hour) * 60 + minute) * 60_000 + second * 1000L + milli);
    }

    private static int number(String text, int start, int end) {
        int number = 0;
        for (int i = start; i < end; i++) {
            char digit = text.charAt(i);
            if (digit < '0' || digit > '9') {
                return -1;
            }
            number = number * 10 + digit - '0';
        }
        return number;
    }
}
