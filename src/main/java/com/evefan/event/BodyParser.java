package com.evefan.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Goes through a request body once, from front to end, checks that it is JSON, and notes where the members stand of
 * which events are made. Nothing is copied yet, as the sender is not known before its end.
 */
final class BodyParser {
    private final JsonParser parser;
    private final byte[] json;
    private final int maxEvents;
    private @Nullable List<SentEvent> batch;
    private int depth;
    private int deepest;
    private int longestNumber;
    private int longestName;

    private BodyParser(JsonParser parser, byte[] json, int maxEvents) {
        this.parser = parser;
        this.json = json;
        this.maxEvents = maxEvents;
    }

    /**
     * @param top the body as if it were one event
     * @param batch the events of its {@code batch} array, null where it has none
     */
    record Body(SentEvent top, @Nullable List<SentEvent> batch) {}

    /** Reads the body; the JSON in it is sound where this returns. */
    static Body parse(byte[] json, int maxEvents)
            throws IOException, MalformedRequestException, RequestTooLargeException {
        try (JsonParser parser = Json.parser(json, 0, json.length)) {
            return new BodyParser(parser, json, maxEvents).body();
        }
    }

    private Body body() throws IOException, MalformedRequestException, RequestTooLargeException {
        JsonToken token = parser.nextToken();
        if (token == null) {
            throw new MalformedRequestException(ParseErrors.EMPTY);
        }
        if (token != JsonToken.START_OBJECT) {
            Value other = new Value(token, 0, 0, 0, Map.of());
            throw new MalformedRequestException(ParseErrors.EXPECTED + ", was " + other.kind());
        }
        SentEvent top = sent(object(0, true));
        if (parser.nextToken() != null) {
            throw new MalformedRequestException(ParseErrors.at(parser.currentTokenLocation())
                    + "expected the end of the body after its JSON object");
        }
        return new Body(top, batch);
    }

    private SentEvent sent(Value value) {
        return new SentEvent(value, deepest, longestNumber, longestName);
    }

    private Value object(int nameStart, boolean top)
            throws IOException, MalformedRequestException, RequestTooLargeException {
        Map<String, Value> members = new LinkedHashMap<>();
        int start = JsonOffsets.start(parser);
        int position = start + 1;
        deepest = Math.max(deepest, ++depth);
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            int memberStart = JsonOffsets.nameStart(json, position);
            longestName = Math.max(longestName, name.length());
            JsonToken token = parser.nextToken();
            Value member =
                    top && name.equals("batch") ? batch(memberStart, token) : value(memberStart, token, isMerged(name));
            members.put(name, member);
            position = member.end();
        }
        depth--;
        return new Value(JsonToken.START_OBJECT, nameStart, start, JsonOffsets.end(parser, json), members);
    }

    /** The members that a batch may have for all of its events. */
    private static boolean isMerged(String name) {
        return name.equals("context") || name.equals("integrations");
    }

    private Value value(int nameStart, JsonToken token, boolean withMembers)
            throws IOException, MalformedRequestException, RequestTooLargeException {
        if (withMembers && token == JsonToken.START_OBJECT) {
            return object(nameStart, false);
        }
        int start = JsonOffsets.start(parser);
        if (token.isStructStart()) {
            skip();
        } else {
            noteNumber(token);
        }
        return new Value(token, nameStart, start, JsonOffsets.end(parser, json), Map.of());
    }

    private Value batch(int nameStart, JsonToken token)
            throws IOException, MalformedRequestException, RequestTooLargeException {
        batch = null;
        if (token != JsonToken.START_ARRAY) {
            return value(nameStart, token, false);
        }
        int start = JsonOffsets.start(parser);
        List<SentEvent> events = new ArrayList<>();
        for (JsonToken item = parser.nextToken(); item != JsonToken.END_ARRAY; item = parser.nextToken()) {
            if (events.size() == maxEvents) {
                throw new RequestTooLargeException(
                        "batch has more than the " + maxEvents + " events a request may have");
            }
            events.add(event(item));
        }
        batch = events;
        return new Value(JsonToken.START_ARRAY, nameStart, start, JsonOffsets.end(parser, json), Map.of());
    }

    private SentEvent event(JsonToken token) throws IOException, MalformedRequestException, RequestTooLargeException {
        int outer = depth;
        depth = 0;
        deepest = 0;
        longestNumber = 0;
        longestName = 0;
        SentEvent event = sent(value(JsonOffsets.start(parser), token, true));
        depth = outer;
        return event;
    }

    /** Moves to the end of the object or array at whose start the parser stands. */
    private void skip() throws IOException {
        int outer = depth;
        deepest = Math.max(deepest, ++depth);
        while (depth > outer) {
            JsonToken token = parser.nextToken();
            switch (token) {
                case START_OBJECT, START_ARRAY -> deepest = Math.max(deepest, ++depth);
                case END_OBJECT, END_ARRAY -> depth--;
                case FIELD_NAME ->
                    longestName = Math.max(longestName, parser.currentName().length());
                default -> noteNumber(token);
            }
        }
    }

    private void noteNumber(JsonToken token) throws IOException {
        if (token.isNumeric()) {
            longestNumber = Math.max(longestNumber, parser.getTextLength());
        }
    }
}
