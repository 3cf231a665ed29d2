package com.evefan.warehouse;

import com.evefan.event.JsonNumbers;
import com.evefan.event.JsonScanner;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * JSON of the kind every warehouse can hold: without U+0000, without lone surrogates, and with numbers outside the range
 * of a double as strings (BigQuery has no others; PostgreSQL refuses the largest and writes out all the zeros of the
 * rest). Nearly every event is of this kind as it was sent; the others are copied.
 */
final class CleanJson {
    /** An accepted event has passed the limits of ingestion; no second set of limits may refuse it here. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .build())
            .streamWriteConstraints(StreamWriteConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .build())
            .build();

    private CleanJson() {}

    private static JsonParser parser(byte[] json, int start, int end) throws IOException {
        return JSON.createParser(json, start, end - start);
    }

    /**
     * {@code json} as every warehouse can hold it; the same object where it can be held as it is.
     *
     * @param scanned what a look through all of it has shown
     */
    static byte[] of(byte[] json, JsonScanner scanned) throws IOException {
        if (!scanned.hasOrdinaryNumbers()) {
            return copy(json, 0, json.length);
        }
        return scanned.hasDoubtfulEscapes() ? Escapes.clean(json) : json;
    }

    /** The JSON value between {@code start} and {@code end}, clean and without blanks. */
    static byte[] copy(byte[] json, int start, int end) throws IOException {
        ByteArrayOutputStream copy = new ByteArrayOutputStream(end - start);
        try (JsonParser parser = parser(json, start, end);
                JsonGenerator generator = JSON.createGenerator(copy)) {
            int depth = 0;
            do {
                JsonToken token = parser.nextToken();
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                copy(token, parser, generator);
            } while (depth > 0);
        }
        return copy.toByteArray();
    }

    private static void copy(JsonToken token, JsonParser parser, JsonGenerator generator) throws IOException {
        switch (token) {
            case VALUE_STRING -> generator.writeString(CleanText.of(parser.getText()));
            case FIELD_NAME -> generator.writeFieldName(CleanText.of(parser.currentName()));
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                String number = parser.getText();
                if (JsonNumbers.isOrdinary(number)) {
                    generator.writeNumber(number);
                } else {
                    generator.writeString(number);
                }
            }
            default -> generator.copyCurrentEvent(parser);
        }
    }
}
