package com.evefan.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonToken;
import java.util.Map;

/**
 * Where a JSON value stands in a request body that is known to be valid.
 *
 * @param token its first token, which tells its kind
 * @param nameStart where its name begins, or the value itself where it has none
 * @param start its first byte
 * @param end the byte after its last
 * @param members of an object that events are made of, in order, the last of equal names; empty for any other value
 */
record Value(JsonToken token, int nameStart, int start, int end, Map<String, Value> members) {
    boolean isString() {
        return token == JsonToken.VALUE_STRING;
    }

    boolean isNumber() {
        return token.isNumeric();
    }

    boolean isObject() {
        return token == JsonToken.START_OBJECT;
    }

    /** Whether it says nothing: {@code null} or an empty string. */
    boolean isBlank() {
        return token == JsonToken.VALUE_NULL || isString() && length() == 2;
    }

    int length() {
        return end - start;
    }

    /** The text of a string, or the characters of any other value. */
    String text(byte[] json) {
        if (!isString()) {
            return new String(json, start, length(), UTF_8);
        }
        return JsonStrings.text(json, start, end);
    }

    /** Its kind with an article, for error texts. */
    String kind() {
        return switch (token) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
            case VALUE_TRUE, VALUE_FALSE -> "a boolean";
            default -> "null";
        };
    }
}
