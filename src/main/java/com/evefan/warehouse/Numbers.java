package com.evefan.warehouse;

/** Which numbers every warehouse can hold: those in the range of a double. */
final class Numbers {
    /** A number of no more characters than these and without an exponent is in the range, whatever it is. */
    static final int LONGEST = 308;

    /** Fewer characters than these with an exponent of two characters are in the range, whatever they are. */
    private static final int SHORT = 200;

    /** Two characters and the {@code e}. */
    private static final int SHORT_EXPONENT = 3;

    private Numbers() {}

    /** Whether {@code number}, as it is written, can be held. */
    static boolean isOrdinary(String number) {
        if (number.length() > LONGEST) {
            return false;
        }
        int exponent = Math.max(number.indexOf('e'), number.indexOf('E'));
        if (exponent < 0 || number.length() < SHORT && number.length() - exponent <= SHORT_EXPONENT) {
            return true;
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
