package com.evefan.event;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** Which numbers of JSON are in the range of a double, beyond which many a reader has none (RFC 8259, section 6). */
public final class Numbers {
    /** A number of no more characters than these and without an exponent is in the range, whatever it is. */
    private static final int LONGEST = 308;

    /** A number of fewer characters than these is in the range with an exponent of two digits too. */
    private static final int SHORT = 200;

    private static final int SHORT_EXPONENT = 2;

    private Numbers() {}

    /** The same of the number between {@code start} and {@code end}, which has so many digits in its exponent. */
    static boolean isOrdinary(byte[] json, int start, int end, int exponentDigits) {
        boolean surely = end - start < SHORT && exponentDigits <= SHORT_EXPONENT;
        return surely || isOrdinary(new String(json, start, end - start, US_ASCII));
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
