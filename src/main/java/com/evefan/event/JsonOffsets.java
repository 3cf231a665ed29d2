package com.evefan.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.base.ParserBase;
import java.io.IOException;

/**
 * Where tokens stand in the bytes that a parser reads, counted from where it began, without the objects that {@link
 * JsonParser#currentTokenLocation()} and {@link JsonParser#currentLocation()} make for each question. For Jackson's
 * parsers of bytes.
 */
public final class JsonOffsets {
    private JsonOffsets() {}

    /** The first byte of the value at which {@code parser} stands. At a name it is that of the name's value. */
    public static int start(JsonParser parser) {
        // Jackson counts a token from behind its first byte.
        return (int) ((ParserBase) parser).getTokenCharacterOffset() - 1;
    }

    /**
     * The byte after the value at which {@code parser} stands: a string, a number, a literal, or the end of an object or
     * array.
     *
     * @param json what the parser reads, from the first byte on
     */
    public static int end(JsonParser parser, byte[] json) throws IOException {
        int start = start(parser);
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_STRING) {
            return stringEnd(json, start);
        }
        return start
                + (token.isNumeric() ? parser.getTextLength() : token.asString().length());
    }

    /** The opening quote of the name that comes next, where only blanks and a comma stand between. */
    public static int nameStart(byte[] json, int from) {
        int start = from;
        while (json[start] != '"') {
            start++;
        }
        return start;
    }

    private static int stringEnd(byte[] json, int start) {
        int i = start + 1;
        while (i < json.length && json[i] != '"') {
            i += json[i] == '\\' ? 2 : 1;
        }
        return i + 1; // beyond the end where the string has none, which the parser notices next
    }
}
