package com.evefan.event;

import java.util.ArrayList;
import java.util.List;

/**
 * Events as lines of JSON, one accepted event a line: the form they have in the journal, in the retry queues and on
 * every other way that leads back into Evefan.
 */
public final class EventCodec {
    private EventCodec() {}

    /** The events as lines, each followed by a line feed. */
    public static byte[] encode(List<Event> events) {
        int length = 0;
        for (Event event : events) {
            length += event.json().length + 1;
        }
        byte[] lines = new byte[length];
        int position = 0;
        for (Event event : events) {
            byte[] json = event.json();
            System.arraycopy(json, 0, lines, position, json.length);
            position += json.length;
            lines[position++] = '\n';
        }
        return lines;
    }

    /**
     * The events in lines of JSON, which are trusted: of a line only as much is read as the record needs, but bytes that
     * are no UTF-8, perhaps from an operator's own route, become U+FFFD. Blank lines are skipped.
     *
     * @throws IllegalArgumentException when a line is no accepted event; the message names the line
     */
    public static List<Event> decode(byte[] bytes) {
        byte[] lines = Utf8.wellFormed(bytes);
        List<Event> events = new ArrayList<>();
        int number = 1;
        for (int start = 0; start < lines.length; number++) {
            int end = Bytes.indexOf(lines, '\n', start, lines.length);
            if (!isBlank(lines, start, end)) {
                events.add(decode(lines, start, end, number));
            }
            start = end + 1;
        }
        return events;
    }

    private static Event decode(byte[] lines, int start, int end, int number) {
        try {
            return EventDecoder.decode(lines, start, end);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "line " + number + " is no accepted event: " + e.getMessage(), e.getCause());
        }
    }

    private static boolean isBlank(byte[] lines, int start, int end) {
        for (int i = start; i < end; i++) {
            if (lines[i] != ' ' && lines[i] != '\t' && lines[i] != '\r') {
                return false;
            }
        }
        return true;
    }
}
