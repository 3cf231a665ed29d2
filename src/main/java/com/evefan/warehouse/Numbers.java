package com.evefan.warehouse;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** Which numbers every warehouse can hold: those in the range of a double. */
final class Numbers {
    private static final int LONGEST = 308;

    private Numbers() {}

    /** Whether the token at which {@code parser} stands is no number, or one that can be held. */
    static boolean isOrdinary(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (!token.isNumeric()) {
            return true;
        }
        boolean fraction = token == JsonToken.VALUE_NUMBER_FLOAT;
        return fraction ? isOrdinary(parser.getText()) : parser.getTextLength() <= LONGEST;
    }

    static boolean isOrdinary(String number) {
        if (number.length() > LONGEST) {
            return false;
        }
        if (number.indexOf('e') < 0 && number.indexOf('E') < 0) {
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
