package com.evefan.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Reads ISO 8601 as senders write it: a year, year and month, or date, then perhaps a time with or without seconds,
 * fraction and zone; its basic form too (20260102T030405Z), and the name of a zone behind its offset. Nearly every event
 * has two of these, hence no general parser.
 */
final class IsoTime {
    private final String text;
    private int position;
    private boolean broken;

    IsoTime(String text) {
        this.text = text;
    }

    /** Null where the text is no such time. */
    @Nullable
    Instant parse() {
        int year = year();
        boolean basic = position == 4 && text.length() >= 8 && digit(position) >= 0;
        int month = basic || accept('-') ? digits(2) : 1;
        int day = basic || position > 4 && accept('-') ? digits(2) : 1;
        if (broken) {
            return null;
        }
        long millisOfDay = 0;
        int offset = 0;
        if (position < text.length()) {
            if (!accept('T') && !accept(' ') && !accept('t')) {
                return null;
            }
            millisOfDay = time(basic);
            offset = position < text.length() ? offset() : 0;
            skipZoneName();
        }
        if (broken || position < text.length()) {
            return null;
        }
        Instant local = Timestamps.instant(year, month, day, millisOfDay);
        return local == null || offset == 0 ? local : local.minusSeconds(offset * 60L);
    }

    private int year() {
        if (accept('+')) {
            return digits(6);
        }
        if (accept('-')) {
            int year = -digits(6);
            broken |= year == 0;
            return year;
        }
        return digits(4);
    }

    private long time(boolean basic) {
        int hour = digits(2);
        boolean colons = accept(':');
        broken |= !colons && !basic;
        int minute = digits(2);
        int second = 0;
        int millis = 0;
        if (colons ? accept(':') : position < text.length() && digit(position) >= 0) {
            second = digits(2);
            millis = accept('.') || accept(',') ? fraction() : 0;
        }
        long time = broken ? -1 : Timestamps.millisOfDay(hour, minute, second, millis);
        broken |= time < 0;
        return time;
    }

    /** The first three digits of any number of them. */
    private int fraction() {
        int start = position;
        int millis = 0;
        for (int weight = 100; position < text.length() && digit(position) >= 0; weight /= 10) {
            millis += digit(position++) * weight;
        }
        broken |= position == start;
        return millis;
    }

    /** Minutes east of UTC. */
    private int offset() {
        if (accept('Z') || accept('z')) {
            return 0;
        }
        int sign = accept('+') ? 1 : -1;
        if (sign < 0) {
            require('-');
        }
        int hours = digits(2);
        boolean whole = position == text.length() || text.charAt(position) == '[';
        if (!whole) {
            accept(':');
        }
        int minutes = whole ? 0 : digits(2);
        broken |= hours > 23 || minutes > 59;
        return sign * (hours * 60 + minutes);
    }

    /** As Java writes it behind an offset: {@code +01:00[Europe/Paris]}. */
    private void skipZoneName() {
        if (accept('[')) {
            broken |= text.indexOf(']', position) != text.length() - 1;
            position = text.length();
        }
    }

    private int digits(int count) {
        int number = 0;
        if (position + count > text.length()) {
            broken = true;
            return 0;
        }
        for (int i = 0; i < count; i++) {
            int digit = digit(position++);
            broken |= digit < 0;
            number = number * 10 + digit;
        }
        return number;
    }

    private int digit(int index) {
        char c = text.charAt(index);
        return c >= '0' && c <= '9' ? c - '0' : -1;
    }

    private boolean accept(char c) {
        if (position < text.length() && text.charAt(position) == c) {
            position++;
            return true;
        }
        return false;
    }

    private void require(char c) {
        broken |= !accept(c);
    }
}
