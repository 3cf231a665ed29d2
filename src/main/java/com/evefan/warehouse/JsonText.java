package com.evefan.warehouse;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/**
 * JSON text in the making, of the kind every warehouse can hold: without U+0000, without lone surrogates, and with
 * numbers outside the range of a double as strings (BigQuery has no others; PostgreSQL refuses the largest and writes
 * out all the zeros of the rest).
 */
final class JsonText {
    private static final int LONGEST_NUMBER = 308;
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private final StringBuilder text = new StringBuilder(512);

    /** Begins an object. */
    void start() {
        comma();
        text.append('{');
    }

    /** Begins an object that is the member {@code name} of the one before. */
    void start(String name) {
        name(name);
        text.append('{');
    }

    void end() {
        text.append('}');
    }

    void member(String name, Value value) {
        name(name);
        if (value.kind() == Value.Kind.STRING) {
            quote(value.text());
        } else {
            text.append(value.text());
        }
    }

    /** The value at which {@code parser} stands; the parser stands at the value's last token afterwards. */
    static Value value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_STRING -> new Value(Value.Kind.STRING, CleanText.of(parser.getText()));
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                String number = parser.getText();
                yield new Value(isOrdinary(number) ? Value.Kind.NUMBER : Value.Kind.STRING, number);
            }
            case VALUE_TRUE -> new Value(Value.Kind.BOOLEAN, "true");
            case VALUE_FALSE -> new Value(Value.Kind.BOOLEAN, "false");
            case VALUE_NULL -> Value.NULL;
            default -> nested(parser);
        };
    }

    /** Everything written so far. */
    @Override
    public String toString() {
        return text.toString();
    }

    private static Value nested(JsonParser parser) throws IOException {
        JsonText json = new JsonText();
        int depth = 0;
        while (true) {
            JsonToken token = parser.currentToken();
            depth += json.token(token, parser);
            if (depth == 0) {
                return new Value(Value.Kind.NESTED, json.toString());
            }
            parser.nextToken();
        }
    }

    /** Copies one token, without recursion however deep the value is; how many levels it goes down. */
    private int token(JsonToken token, JsonParser parser) throws IOException {
        if (!token.isStructEnd()) {
            comma();
        }
        switch (token) {
            case VALUE_STRING -> quote(CleanText.of(parser.getText()));
            case FIELD_NAME -> {
                quote(CleanText.of(parser.currentName()));
                text.append(':');
            }
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parser.getText());
            default -> text.append(token.asString());
        }
        return token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
    }

    private void number(String number) {
        if (isOrdinary(number)) {
            text.append(number);
        } else {
            text.append('"').append(number).append('"');
        }
    }

    private void name(String name) {
        comma();
        quote(name);
        text.append(':');
    }

    /** A string never ends in one of these characters: its quote comes after. */
    private void comma() {
        if (text.length() > 0) {
            char last = text.charAt(text.length() - 1);
            if (last != '{' && last != '[' && last != ':') {
                text.append(',');
            }
        }
    }

    private void quote(String string) {
        text.append('"');
        int copied = 0;
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            if (c < ' ' || c == '"' || c == '\\') {
                text.append(string, copied, i);
                escape(c);
                copied = i + 1;
            }
        }
        text.append(string, copied, string.length()).append('"');
    }

    private void escape(char c) {
        switch (c) {
            case '"', '\\' -> text.append('\\').append(c);
            case '\n' -> text.append("\\n");
            case '\r' -> text.append("\\r");
            case '\t' -> text.append("\\t");
            default -> text.append("\\u00").append(HEX[c >> 4]).append(HEX[c & 15]);
        }
    }

    private static boolean isOrdinary(String number) {
        if (number.length() > LONGEST_NUMBER) {
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
