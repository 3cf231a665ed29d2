package com.evefan.event;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads dates as people and mail programs write them, {@code Fri, 02 Jan 2026 03:04:05 GMT}, {@code 01/02/2026} (month
 * first), by the rules that JavaScript engines share beyond their standard, with fractions of a second and zones as
 * databases and Go print them: {@code 2026-01-02 03:04:05.006 +0100 CET}. A year is needed.
 */
final class LooseTime {
    private static final String DAYS = "sun mon tue wed thu fri sat";
    private static final String MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec";
    private static final List<String> UTC = List.of("z", "ut", "utc", "gmt");
    /** Those of RFC 2822, in hours from UTC; names of others stand for several zones. */
    private static final Map<String, Integer> ZONES =
            Map.of("est", -5, "edt", -4, "cst", -6, "cdt", -5, "mst", -7, "mdt", -6, "pst", -8, "pdt", -7);

    private static final int MAX_LENGTH = 100;
    private static final int LONGEST_ZONE = 5;

    private final String text;
    private int position;
    private final int[] numbers = new int[3];
    private int count;
    private int month;
    private int hour = -1;
    private long timeOfDay;
    private boolean zone;
    private boolean offsetRead;
    private int offset;

    LooseTime(String text) {
        this.text = text;
    }

    /** Null where the text is no such date. */
    @Nullable
    Instant parse() {
        if (text.length() > MAX_LENGTH) {
            return null;
        }
        while (position < text.length()) {
            if (!part(text.charAt(position))) {
                return null;
            }
        }
        Instant local = date();
        return local == null ? null : local.minusSeconds(offset * 60L);
    }

    /** Reads what begins with {@code c}; false where that has no meaning. */
    private boolean part(char c) {
        if (isDigit(c)) {
            return number();
        }
        if (isLetter(c)) {
            return monotonic() || word();
        }
        if ((c == '+' || c == '-') && (zone || hour >= 0)) {
            return offset(c);
        }
        if (c == '(') {
            int end = text.indexOf(')', position);
            position = end < 0 ? text.length() : end + 1;
            return true;
        }
        position++;
        return c == ' ' || c == ',' || c == '-' || c == '/' || c == '.';
    }

    /** What Go prints behind a time of the running process. */
    private boolean monotonic() {
        boolean is = offsetRead && text.startsWith("m=", position);
        position = is ? text.length() : position;
        return is;
    }

    private boolean number() {
        int start = position;
        int number = digits();
        if (hour < 0 && position < text.length() && text.charAt(position) == ':') {
            return time(number);
        }
        if (count == 3 || position - start > 6) {
            return false;
        }
        numbers[count++] = number;
        return true;
    }

    private boolean time(int hours) {
        hour = hours;
        position++;
        int minute = digits();
        int second = 0;
        int millis = 0;
        if (position < text.length() && text.charAt(position) == ':') {
            position++;
            second = digits();
            millis = fraction();
        }
        timeOfDay = Timestamps.millisOfDay(hours, minute, second, millis);
        return timeOfDay >= 0;
    }

    /** The first three digits behind a point. */
    private int fraction() {
        int millis = 0;
        if (position + 1 < text.length() && text.charAt(position) == '.' && isDigit(text.charAt(position + 1))) {
            position++;
            for (int weight = 100; position < text.length() && isDigit(text.charAt(position)); weight /= 10) {
                millis += (text.charAt(position++) - '0') * weight;
            }
        }
        return millis;
    }

    private boolean word() {
        int start = position;
        while (position < text.length() && isLetter(text.charAt(position))) {
            position++;
        }
        String word = text.substring(start, position).toLowerCase(Locale.ROOT);
        if (UTC.contains(word)) {
            zone = true;
            return true;
        }
        Integer hours = ZONES.get(word);
        if (hours != null && !offsetRead) {
            zone = true;
            offset = hours * 60;
            return true;
        }
        if (word.equals("am") || word.equals("pm")) {
            return halfDay(word.equals("pm"));
        }
        if (word.length() < 3) {
            return false;
        }
        int index = MONTHS.indexOf(word.substring(0, 3));
        if (index >= 0) {
            month = index / 4 + 1;
        }
        return index >= 0 || DAYS.contains(word.substring(0, 3)) || offsetRead && word.length() <= LONGEST_ZONE;
    }

    private boolean halfDay(boolean afternoon) {
        if (hour < 1 || hour > 12) {
            return false;
        }
        timeOfDay += ((afternoon ? 12 : 0) + (hour == 12 ? -12 : 0)) * 3_600_000L;
        return true;
    }

    private boolean offset(char sign) {
        position++;
        int start = position;
        int number = digits();
        int length = position - start;
        int minutes = length > 2 ? number / 100 * 60 + number % 100 : number * 60;
        if (position < text.length() && text.charAt(position) == ':') {
            position++;
            minutes += digits();
        }
        offset = sign == '-' ? -minutes : minutes;
        offsetRead = true;
        return length > 0 && minutes < 24 * 60;
    }

    private @Nullable Instant date() {
        if (month > 0) {
            if (count != 2) {
                return null;
            }
            boolean yearFirst = numbers[0] > 31;
            return date(yearFirst ? numbers[0] : numbers[1], month, yearFirst ? numbers[1] : numbers[0]);
        }
        if (count != 3) {
            return null;
        }
        return numbers[0] > 31 ? date(numbers[0], numbers[1], numbers[2]) : date(numbers[2], numbers[0], numbers[1]);
    }

    private @Nullable Instant date(int year, int monthOfYear, int day) {
        int full = year < 50 ? year + 2000 : year < 100 ? year + 1900 : year;
        return Timestamps.instant(full, monthOfYear, day, timeOfDay);
    }

    private int digits() {
        int number = 0;
        while (position < text.length() && isDigit(text.charAt(position))) {
            number = Math.min(number * 10 + text.charAt(position++) - '0', 10_000_000);
        }
        return number;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }
}
