package com.evefan.destination.custom;

import com.evefan.delivery.RejectedException;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Map;

/** Events as JSON trees and back, on one line, with every number as the sender wrote it. */
final class EventJson {
    static final JsonMapper JSON = mapper();

    private static final TypeReference<Map<String, Object>> ROW = new TypeReference<>() {};
    private static final ObjectWriter PLAIN = JSON.writer();
    private static final ObjectWriter ESCAPED = JSON.writer().with(JsonWriteFeature.ESCAPE_NON_ASCII);

    private EventJson() {}

    private static JsonMapper mapper() {
        JsonMapper mapper = JsonMapper.builder()
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
                .build();
        // What an event may be was decided when it was accepted.
        mapper.getFactory()
                .setStreamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(10_000)
                        .maxNumberLength(Integer.MAX_VALUE)
                        .maxStringLength(Integer.MAX_VALUE)
                        .maxNameLength(Integer.MAX_VALUE)
                        .build());
        return mapper;
    }

    static JsonNode read(byte[] json) throws RejectedException {
        try {
            return JSON.readTree(json);
        } catch (IOException | NumberFormatException e) { // 1e99999999999
            throw new RejectedException("the event cannot be read as JSON", "json", e);
        }
    }

    /** JSON on one line; what is already text is read first, so that it is known to be JSON. */
    static byte[] write(Object body) throws RejectedException {
        JsonNode tree = tree(body);
        try {
            return PLAIN.writeValueAsBytes(tree);
        } catch (JsonProcessingException e) {
            return writeEscaped(tree);
        }
    }

    /** Half of a surrogate pair is no UTF-8, but may stand in JSON as an escape. */
    private static byte[] writeEscaped(JsonNode tree) throws RejectedException {
        try {
            return ESCAPED.writeValueAsBytes(tree);
        } catch (JsonProcessingException e) {
            throw new RejectedException("the event cannot be written as JSON", "json", e);
        }
    }

    static Map<String, Object> row(JsonNode tree) throws RejectedException {
        if (!tree.isObject()) {
            throw new RejectedException("the steps on each event did not leave a JSON object", "json", null);
        }
        return JSON.convertValue(tree, ROW);
    }

    static JsonNode tree(Object body) throws RejectedException {
        try {
            if (body instanceof JsonNode node) {
                return node;
            }
            if (body instanceof byte[] bytes) {
                return JSON.readTree(bytes);
            }
            return body instanceof String text ? JSON.readTree(text) : JSON.valueToTree(body);
        } catch (IOException | IllegalArgumentException e) { // of which a NumberFormatException is one
            throw new RejectedException("the steps on each event did not leave JSON", "json", e);
        }
    }
}
