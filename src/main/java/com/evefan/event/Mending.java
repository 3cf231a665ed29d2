package com.evefan.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Tells the events of a body apart that is no JSON, so that a bad one does not take the others along. As long as brackets
 * and quotes are in pairs, everything else that is wrong is inside some value: the body is written anew with that value
 * made JSON, and what was wrong is noted under its event. NaN and the infinities, which several languages write and JSON
 * has no word for, become null and cost nothing; any other mistake costs its event.
 */
final class Mending {
    static final String EXPECTED =
            "expected a JSON object in UTF-8, either one event or {\"batch\":[...]} with a list of events";
    static final String EMPTY = "the body is empty; " + EXPECTED;

    private static final Set<String> LITERALS = Set.of("true", "false", "null");
    private static final Set<String> NO_NUMBERS = Set.of("nan", "infinity", "inf");
    private static final String UNCLOSED = "the body ends in the middle; is it cut off?";
    private static final int LONGEST_QUOTE = 40;
    /** The place of what is not inside an event of a batch. */
    private static final int OUTSIDE = -1;

    private final byte[] json;
    private final int maxEvents;
    private final JsonBuffer out;
    private final JsonLevels levels = new JsonLevels();
    private final Map<Integer, String> faults = new HashMap<>();
    private final Map<Integer, String> repairs = new HashMap<>();
    private int position;
    /** Commas since the last value of the innermost object or array. */
    private int commas;

    private boolean batch;
    private boolean inBatch;
    private int event = OUTSIDE;
    /** Where in {@link #out} an object or array begins that is nested too deep to be kept; 0 where none does. */
    private int tooDeep;

    /** What {@link #at} has counted so far. */
    private int counted;

    private int line = 1;
    private int column = 1;

    private Mending(byte[] json, int maxEvents) {
        this.json = json;
        this.maxEvents = maxEvents;
        this.out = new JsonBuffer(json.length + json.length / 8 + 16);
    }

    /**
     * A body as JSON.
     *
     * @param faults what is wrong, by the index of the event that it is wrong with
     * @param repairs what was replaced, by the index of an event; the first replacement of each
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on by reference and never written to
    record Mended(byte[] json, Map<Integer, String> faults, Map<Integer, String> repairs) {
        static Mended sound(byte[] json) {
            return new Mended(json, Map.of(), Map.of());
        }
    }

    /**
     * Mends {@code json}, which is UTF-8 and no JSON.
     *
     * @throws MalformedRequestException when its events cannot be told apart; the message says why
     * @throws RequestTooLargeException when it has more than {@code maxEvents} events
     */
    static Mended mend(byte[] json, int maxEvents) throws MalformedRequestException, RequestTooLargeException {
        return new Mending(json, maxEvents).body();
    }

    private Mended body() throws MalformedRequestException, RequestTooLargeException {
        blanks();
        if (position == json.length) {
            throw new MalformedRequestException(EMPTY);
        }
        if (json[position] != '{') {
            throw broken(EXPECTED);
        }
        open(true);
        while (levels.depth() > 0) {
            blanks();
            if (position == json.length) {
                throw broken(UNCLOSED);
            }
            if (levels.inObject()) {
                member();
            } else {
                element();
            }
        }
        blanks();
        if (position < json.length) {
            throw broken("expected the end of the body after its JSON object");
        }
        return result();
    }

    private Mended result() throws MalformedRequestException {
        String outside = faults.remove(OUTSIDE);
        String repaired = repairs.remove(OUTSIDE);
        if (outside != null && batch) {
            throw new MalformedRequestException(outside);
        }
        if (outside != null) {
            faults.put(0, outside);
        }
        if (repaired != null) {
            repairs.putIfAbsent(0, repaired);
        }
        return new Mended(out.toByteArray(), faults, repairs);
    }

    private void member() throws MalformedRequestException {
        switch (json[position]) {
            case '}' -> close(true);
            case ']' -> throw broken("a ] closes what a { has opened");
            case ',' -> comma();
            default -> {
                separate();
                String name = name();
                blanks();
                if (at(position) == ':') {
                    position++;
                } else {
                    fault("expected a colon behind a member's name");
                }
                blanks();
                out.character(':');
                if (at(position) == '}' || at(position) == ',') {
                    fault("expected a value behind the colon");
                    out.ascii("null");
                } else {
                    value(name);
                }
            }
        }
    }

    private void element() throws MalformedRequestException, RequestTooLargeException {
        switch (json[position]) {
            case ']' -> close(false);
            case '}' -> throw broken("a } closes what a [ has opened");
            case ',' -> comma();
            default -> {
                separate();
                if (isBetweenEvents()) {
                    nextEvent();
                }
                value("");
            }
        }
    }

    private void nextEvent() throws RequestTooLargeException {
        if (++event == maxEvents) {
            throw RequestTooLargeException.ofEvents(maxEvents);
        }
    }

    /** Commas between events are nobody's fault, whether too many or too few. */
    private boolean isBetweenEvents() {
        return inBatch && levels.depth() == 2;
    }

    private void comma() {
        boolean first = out.isOpened();
        if (!isBetweenEvents() && (first || commas > 0)) {
            fault("a comma has nothing before it");
        }
        commas++;
        position++;
    }

    /** Writes the comma before the next value. */
    private void separate() {
        if (out.isOpened()) {
            commas = 0;
            return;
        }
        if (commas == 0 && !isBetweenEvents()) {
            fault("expected a comma, or the end of the " + (levels.inObject() ? "object" : "array"));
        }
        commas = 0;
        out.character(',');
    }

    private String name() throws MalformedRequestException {
        int start = out.length();
        if (at(position) == '"') {
            boolean escaped = string();
            String name = out.text(start);
            if (escaped && JsonStrings.hasLoneSurrogate(name)) {
                fault("a member's name has half of a surrogate pair");
                out.truncate(start);
                out.string(name);
            }
            return name;
        }
        if (at(position) == ':' || at(position) == '{' || at(position) == '[') {
            fault("expected a member's name");
            out.ascii("\"\"");
            return "";
        }
        int from = position;
        String word = word();
        fault("expected a member's name in double quotes, was " + quoted(word), from);
        out.string(word);
        return word;
    }

    private void value(String name) throws MalformedRequestException {
        switch (at(position)) {
            case '"' -> string();
            case '{' -> open(true);
            case '[' -> {
                if (levels.depth() == 1 && name.equals("batch")) {
                    beginBatch();
                }
                open(false);
            }
            case ':' -> {
                fault("expected a value, was a colon");
                out.ascii("null");
                position++;
            }
            case ']' -> throw broken("a ] closes what a { has opened");
            default -> {
                if (position == json.length) {
                    throw broken(UNCLOSED);
                }
                scalar();
            }
        }
    }

    /** The last batch of several is the one that counts. */
    private void beginBatch() {
        batch = true;
        inBatch = true;
        event = OUTSIDE;
        faults.keySet().removeIf(index -> index != OUTSIDE);
        repairs.keySet().removeIf(index -> index != OUTSIDE);
    }

    private void open(boolean object) {
        if (levels.depth() == Json.HARD_DEPTH && tooDeep == 0) {
            fault("objects and arrays are nested deeper than " + Json.HARD_DEPTH + " levels");
            tooDeep = out.length();
        }
        levels.open(object);
        out.character(object ? '{' : '[');
        commas = 0;
        position++;
    }

    private void close(boolean object) {
        if (commas > 0 && !isBetweenEvents()) {
            fault("a comma has nothing behind it");
        }
        commas = 0;
        levels.close();
        out.character(object ? '}' : ']');
        position++;
        if (levels.depth() == Json.HARD_DEPTH && tooDeep > 0) {
            out.truncate(tooDeep);
            out.ascii("null");
            tooDeep = 0;
        }
        if (levels.depth() == 1) {
            inBatch = false;
        }
    }

    private void scalar() {
        int from = position;
        String word = word();
        if (LITERALS.contains(word) || isNumber(from)) {
            out.raw(json, from, position);
        } else if (isNoNumber(word)) {
            repairs.computeIfAbsent(index(), index -> word + place(from) + " is no JSON; null stands in its place");
            out.ascii("null");
        } else {
            fault(noValue(word), from);
            out.string(word);
        }
    }

    private static boolean isNoNumber(String word) {
        int sign = word.charAt(0) == '-' || word.charAt(0) == '+' ? 1 : 0;
        return word.length() < LONGEST_QUOTE
                && NO_NUMBERS.contains(word.substring(sign).toLowerCase(Locale.ROOT));
    }

    private boolean isNumber(int from) {
        try {
            return new JsonNumbers(json, position).end(from) == position;
        } catch (NotJsonException e) {
            return false;
        }
    }

    private static String noValue(String whole) {
        String word = quoted(whole);
        String digits = word.replaceFirst("^[+-]", "");
        if (digits.matches("0\\d.*")) {
            return "a number begins with a 0 too many: " + word;
        }
        if (digits.matches("\\.\\d.*|\\d+\\.(\\D.*)?")) {
            return "a number has digits on both sides of its point, was " + word;
        }
        if (word.matches("\\+\\d.*")) {
            return "a number has no plus sign, was " + word;
        }
        return "expected a value, was " + word;
    }

    /** What stands up to the next blank or sign of JSON: at least one byte. */
    private String word() {
        int from = position;
        do {
            position++;
        } while (position < json.length && " \t\r\n{}[],:\"".indexOf(json[position]) < 0);
        return new String(json, from, position - from, UTF_8);
    }

    /** Copies a string; whether anything in it is escaped. */
    private boolean string() throws MalformedRequestException {
        int start = position;
        out.character('"');
        boolean escaped = false;
        int from = ++position;
        while (true) {
            int special = Bytes.indexOfSpecial(json, from, json.length);
            position = special < 0 ? ~special : special;
            if (position == json.length) {
                position = start;
                throw broken("a string has no end; is the body cut off, or a quote inside a string not escaped?");
            }
            out.raw(json, from, position);
            byte found = json[position];
            if (found == '"') {
                position++;
                out.character('"');
                return escaped;
            }
            escaped = true;
            if (found == '\\') {
                escape();
            } else {
                fault("a string has a raw control character, U+00"
                        + HexFormat.of().toHexDigits(found).toUpperCase(Locale.ROOT) + "; it has to be escaped");
                out.ascii("\\u00").ascii(HexFormat.of().toHexDigits(found));
                position++;
            }
            from = position;
        }
    }

    private void escape() {
        byte next = at(position + 1);
        boolean unicode = next == 'u' && position + 6 <= json.length;
        for (int i = position + 2; unicode && i < position + 6; i++) {
            unicode = HexFormat.isHexDigit(json[i]);
        }
        if (unicode || next != 0 && "\"\\/bfnrt".indexOf(next) >= 0) {
            int end = position + (unicode ? 6 : 2);
            out.raw(json, position, end);
            position = end;
        } else {
            fault("a string has a backslash that escapes nothing");
            out.ascii("\\\\");
            position++;
        }
    }

    private void blanks() {
        while (position < json.length && " \t\r\n".indexOf(json[position]) >= 0) {
            position++;
        }
    }

    private byte at(int index) {
        return index < json.length ? json[index] : 0;
    }

    private int index() {
        return inBatch ? event : OUTSIDE;
    }

    private void fault(String what) {
        fault(what, position);
    }

    private void fault(String what, int where) {
        faults.computeIfAbsent(index(), index -> told(index, what, where));
    }

    private String told(int index, String what, int where) {
        return (index == OUTSIDE ? "the body" : "the event") + " is no valid JSON" + place(where) + ": " + what;
    }

    private MalformedRequestException broken(String what) {
        return new MalformedRequestException(told(OUTSIDE, what, position));
    }

    /** Line and column, in characters from 1; goes on from where the last one was. */
    private String place(int where) {
        if (where < counted) {
            counted = 0;
            line = 1;
            column = 1;
        }
        for (; counted < where; counted++) {
            if (json[counted] == '\n') {
                line++;
                column = 1;
            } else if ((json[counted] & 0xC0) != 0x80) {
                column++;
            }
        }
        return " at line " + line + ", column " + column;
    }

    private static String quoted(String word) {
        return word.length() > LONGEST_QUOTE ? word.substring(0, LONGEST_QUOTE) + "..." : word;
    }
}
