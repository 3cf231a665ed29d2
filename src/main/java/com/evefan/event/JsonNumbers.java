package com.evefan.event;

import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * The numbers of a JSON text: where they end, and whether they are in the range of a double, beyond which many a reader
 * has none (RFC 8259, section 6).
 */
public final class JsonNumbers {
    /** A number of no more characters than these and without an exponent is in the range, whatever it is. */
    private static final int LONGEST = 308;

    /** A number of fewer characters than these is in the range with an exponent of two digits too. */
    private static final int SHORT = 200;

    private static final int SHORT_EXPONENT = 2;

    private final byte[] json;
    private final int end;
    private int longest;
    private boolean ordinary = true;

    /** @param end of the text in {@code json} */
    JsonNumbers(byte[] json, int end) {
        this.json = json;
        this.end = end;
    }

    /** The byte behind the number that has to begin at {@code start}. */
    int end(int start) throws NotJsonException {
        int i = at(start) == '-' ? start + 1 : start;
        i = at(i) == '0' ? i + 1 : digits(i);
        if (at(i) == '.') {
            i = digits(i + 1);
        }
        int exponentDigits = 0;
        if (at(i) == 'e' || at(i) == 'E') {
            int exponent = at(i + 1) == '+' || at(i + 1) == '-' ? i + 2 : i + 1;
            i = digits(exponent);
            exponentDigits = i - exponent;
        }
        longest = Math.max(longest, i - start);
        boolean surely = i - start < SHORT && exponentDigits <= SHORT_EXPONENT;
        ordinary = ordinary && (surely || isOrdinary(new String(json, start, i - start, US_ASCII)));
        return i;
    }

    /** The byte behind the digits at {@code from}, of which there has to be one. */
    private int digits(int from) throws NotJsonException {
        int i = from;
        while (at(i) >= '0' && at(i) <= '9') {
            i++;
        }
        if (i == from) {
            throw new NotJsonException();
        }
        return i;
    }

    private byte at(int index) {
        return index < end ? json[index] : 0;
    }

    /** From now on the longest counts anew. */
    void measureAnew() {
        longest = 0;
    }

    /** The characters of the longest so far. */
    int longest() {
        return longest;
    }

    /** Whether all so far are in the range of a double. */
    boolean areOrdinary() {
        return ordinary;
    }

    /** Whether {@code number}, as it is written, is neither too large nor becomes zero without being it. */
    public static boolean isOrdinary(String number) {
        if (number.length() > LONGEST) {
            return false;
        }
        double value = Double.parseDouble(number);
        return !Double.isInfinite(value) && (value != 0 || isZero(number));
    }

    private static boolean isZero(String number) {
        for (int i = 0; i < number.length(); i++) {
            char c = number.charAt(i);
            if (c == 'e' || c == 'E') {
                return true;
            }
            if (c >= '1' && c <= '9') {
                return false;
            }
        }
        return true;
    }
}
