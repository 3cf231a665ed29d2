package com.evefan.event;

import com.fasterxml.jackson.core.JsonToken;
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
    private final JsonScanner scanner;
    private final int maxEvents;
    private @Nullable List<SentEvent> batch;

    private BodyParser(JsonScanner scanner, int maxEvents) {
        this.scanner = scanner;
        this.maxEvents = maxEvents;
    }

    /**
     * @param top the body as if it were one event
     * @param batch the events of its {@code batch} array, null where it has none
     */
    record Body(SentEvent top, @Nullable List<SentEvent> batch) {}

    /** Reads the body that {@code scanner} begins; the JSON in it is sound where this returns. */
    static Body parse(JsonScanner scanner, int maxEvents)
            throws NotJsonException, MalformedRequestException, RequestTooLargeException {
        return new BodyParser(scanner, maxEvents).body();
    }

    private Body body() throws NotJsonException, MalformedRequestException, RequestTooLargeException {
        if (!scanner.isObject()) {
            Value other = new Value(scanner.token(), 0, 0, 0, Map.of());
            throw new MalformedRequestException(Mending.EXPECTED + ", was " + other.kind());
        }
        SentEvent top = sent(top(), 0);
        if (!scanner.atEnd()) {
            throw new NotJsonException();
        }
        return new Body(top, batch);
    }

    private SentEvent sent(Value value, int outerDepth) throws NotJsonException {
        if (scanner.levels().deepest() > Json.HARD_DEPTH) {
            throw new NotJsonException();
        }
        return new SentEvent(
                value, scanner.levels().deepest() - outerDepth, scanner.longestNumber(), scanner.longestName());
    }

    private Value top() throws NotJsonException, RequestTooLargeException {
        Map<String, Value> members = new LinkedHashMap<>();
        int start = scanner.start();
        while (scanner.nextMember()) {
            String name = scanner.name();
            members.put(name, name.equals("batch") ? batch() : member(name));
        }
        return new Value(JsonToken.START_OBJECT, start, start, scanner.position(), members);
    }

    /** @param ofEvent whether it is an event, or else an object that is merged */
    private Value object(int nameStart, boolean ofEvent) throws NotJsonException {
        Map<String, Value> members = new LinkedHashMap<>();
        int start = scanner.start();
        while (scanner.nextMember()) {
            String name = scanner.name();
            members.put(name, ofEvent ? member(name) : value(scanner.nameStart()));
        }
        return new Value(JsonToken.START_OBJECT, nameStart, start, scanner.position(), members);
    }

    /** A batch may have some objects for all of its events: then their members are merged. */
    private Value member(String name) throws NotJsonException {
        boolean merged = scanner.isObject() && (name.equals("context") || name.equals("integrations"));
        return merged ? object(scanner.nameStart(), false) : value(scanner.nameStart());
    }

    private Value value(int nameStart) throws NotJsonException {
        JsonToken token = scanner.token();
        int start = scanner.start();
        scanner.skip();
        return new Value(token, nameStart, start, scanner.position(), Map.of());
    }

    private Value batch() throws NotJsonException, RequestTooLargeException {
        batch = null;
        int nameStart = scanner.nameStart();
        int start = scanner.start();
        if (!scanner.isArray()) {
            return value(nameStart);
        }
        List<SentEvent> events = new ArrayList<>();
        while (scanner.nextElement()) {
            if (events.size() == maxEvents) {
                throw RequestTooLargeException.ofEvents(maxEvents);
            }
            events.add(event());
        }
        batch = events;
        return new Value(JsonToken.START_ARRAY, nameStart, start, scanner.position(), Map.of());
    }

    private SentEvent event() throws NotJsonException {
        int start = scanner.start();
        int outer = scanner.isObject() || scanner.isArray()
                ? scanner.levels().depth() - 1
                : scanner.levels().depth();
        scanner.measureAnew();
        return sent(scanner.isObject() ? object(start, true) : value(start), outer);
    }
}
