package com.evefan.destination.bigquery;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;

/** Whether BigQuery takes a value in a column: the types, and the limits that its documentation names for them. */
final class ValueCheck {
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    static {
        JSON.getFactory()
                .setStreamReadConstraints(
                        StreamReadConstraints.builder().maxNestingDepth(100_000).build());
    }

    private ValueCheck() {}

    /** What is wrong with {@code value}, in BigQuery's words; null when nothing is. */
    static String problem(String type, JsonNode value) {
        if (value.isNull()) {
            return null;
        }
        return switch (type) {
            case "STRING" -> value.isValueNode() ? null : "This field: value is not a string.";
            case "BOOLEAN", "BOOL" -> bool(value);
            case "INTEGER", "INT64" -> integer(value);
            case "FLOAT", "FLOAT64" -> value.isNumber() ? null : "Cannot convert value to floating point";
            case "TIMESTAMP" -> timestamp(value);
            case "JSON" -> json(value);
            default -> "stand-in: no column of type " + type;
        };
    }

    /** The bounds of streaming into partitions by time: 10 years back, a year ahead. */
    static String partitionProblem(JsonNode value, Instant now) {
        Instant instant = OffsetDateTime.parse(value.textValue()).toInstant();
        boolean within =
                instant.isAfter(now.minus(Duration.ofDays(3650))) && instant.isBefore(now.plus(Duration.ofDays(366)));
        return within
                ? null
                : "Value for field timestamp of the destination table is outside the allowed bounds. You can only stream"
                        + " to date range within 3650 days in the past and 366 days in the future relative to the"
                        + " current date.";
    }

    private static String bool(JsonNode value) {
        return value.isBoolean() || "true".equals(value.textValue()) || "false".equals(value.textValue())
                ? null
                : "Cannot convert value to boolean (bad value):" + value;
    }

    private static String integer(JsonNode value) {
        return value.asText().matches("-?\\d{1,18}") ? null : "Cannot convert value to integer (bad value):" + value;
    }

    private static String timestamp(JsonNode value) {
        try {
            Instant instant = OffsetDateTime.parse(value.textValue()).toInstant();
            boolean micros = instant.getNano() % 1000 == 0;
            boolean inRange =
                    instant.isAfter(Instant.parse("0001-01-01T00:00:00Z").minusMillis(1))
                            && instant.isBefore(Instant.parse("+10000-01-01T00:00:00Z"));
            return micros && inRange ? null : "Could not parse '" + value.textValue() + "' as a timestamp.";
        } catch (DateTimeException | NullPointerException e) {
            return "Could not parse '" + value.asText() + "' as a timestamp.";
        }
    }

    private static String json(JsonNode value) {
        if (!value.isTextual()) {
            return "Invalid JSON: a string with JSON is expected.";
        }
        try (JsonParser parser = JSON.createParser(value.textValue())) {
            int depth = 0;
            JsonToken token = parser.nextToken();
            if (token == null) {
                return "Invalid JSON: empty.";
            }
            for (; token != null; token = parser.nextToken()) {
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                if (depth > 500) {
                    return "JSON exceeds maximum nesting depth of 500.";
                }
                if (token == JsonToken.VALUE_NUMBER_FLOAT && Double.isInfinite(parser.getDoubleValue())) {
                    return "Invalid JSON: number overflow parsing '" + parser.getText() + "'";
                }
            }
            return null;
        } catch (IOException e) {
            return "Invalid JSON: syntax error.";
        }
    }
}
