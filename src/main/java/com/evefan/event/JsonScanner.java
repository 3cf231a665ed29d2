package com.evefan.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonToken;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Goes through JSON in UTF-8 once, from value to value, checks it by RFC 8259 and tells where everything stands. It makes
 * no strings and no objects but for the names that are asked for, which is why it takes a fraction of the time of a
 * parser that does (RATIONALE). What stands in a string beyond ASCII is not looked at. For one thread.
 *
 * <p>It stands at a value: behind it, or behind the bracket with which an object or array begins, to be stepped through
 * with {@link #nextMember} or {@link #nextElement} until there is none, or {@linkplain #skip skipped}.
 */
public final class JsonScanner {
    private static final Names NAMES = new Names();
    /** Names of no more bytes are short: nobody needs to know their characters. */
    private static final int SHORT_NAME = 128;

    private final byte[] json;
    private final JsonStrings strings;
    private final JsonNumbers numbers;
    private final JsonLevels levels = new JsonLevels();
    private final int end;
    private int position;
    private JsonToken token = JsonToken.NOT_AVAILABLE;
    private int start;
    private int nameStart;
    private int nameEnd;
    private boolean nameEscaped;
    private @Nullable String name;
    /** Whether nothing of the innermost object or array has been read yet. */
    private boolean opened;

    private int longestName;
    private boolean lineBreaks;

    /** Begins at the value between {@code start} and {@code end} of {@code json}. */
    public JsonScanner(byte[] json, int start, int end) throws NotJsonException {
        this.json = json;
        this.end = end;
        this.strings = new JsonStrings(json, end);
        this.numbers = new JsonNumbers(json, end);
        value(blanks(start));
    }

    /**
     * The kind of the value at which it stands, by its first token; an end once an object or array is done. All numbers
     * are of one kind.
     */
    public JsonToken token() {
        return token;
    }

    public boolean isObject() {
        return token == JsonToken.START_OBJECT;
    }

    /** Whether it stands at a string in which something is escaped. */
    public boolean isEscaped() {
        return token == JsonToken.VALUE_STRING && strings.lastEscaped();
    }

    public boolean isArray() {
        return token == JsonToken.START_ARRAY;
    }

    /** The first byte of the value; not to be asked once it was stepped through. */
    public int start() {
        return start;
    }

    /** The byte after what was read last: once it was skipped or stepped through, the byte after the value. */
    public int position() {
        return position;
    }

    /** The opening quote of the member's name. */
    public int nameStart() {
        return nameStart;
    }

    /** The name of the member at whose value it stands. */
    public String name() {
        if (name == null) {
            boolean plain = !nameEscaped;
            name = plain ? NAMES.of(json, nameStart + 1, nameEnd - 1) : JsonStrings.text(json, nameStart, nameEnd);
        }
        return name;
    }

    /** The text of a string; of any other value the first token as it is written. */
    String text() {
        return token == JsonToken.VALUE_STRING
                ? JsonStrings.text(json, start, position)
                : new String(json, start, position - start, UTF_8);
    }

    /** Moves to the next member of the object in which it stands; false at its end. */
    public boolean nextMember() throws NotJsonException {
        int at = blanks(position);
        if (at(at) == '}') {
            close(JsonToken.END_OBJECT, at);
            return false;
        }
        nameStart = opened ? at : blanks(behind(',', at));
        nameEnd = strings.end(nameStart);
        nameEscaped = strings.lastEscaped();
        name = null;
        if (nameEnd - nameStart > longestName) {
            measureName();
        }
        if (strings.lastDoubtful() && JsonStrings.hasLoneSurrogate(name())) {
            throw new NotJsonException(); // as parsers have it, which take them in values only
        }
        value(blanks(behind(':', blanks(nameEnd))));
        return true;
    }

    /** Moves to the next value of the array in which it stands; false at its end. */
    public boolean nextElement() throws NotJsonException {
        int at = blanks(position);
        if (at(at) == ']') {
            close(JsonToken.END_ARRAY, at);
            return false;
        }
        value(opened ? at : blanks(behind(',', at)));
        return true;
    }

    /** Moves to the end of the value at which it stands, however deep it is. */
    public void skip() throws NotJsonException {
        if (!token.isStructStart()) {
            return;
        }
        int outer = levels.depth() - 1;
        while (levels.depth() > outer) {
            // What it opens is gone through by the next turns.
            boolean ignored = levels.inObject() ? nextMember() : nextElement();
        }
    }

    /** Whether nothing but blanks stands behind what was read. */
    boolean atEnd() {
        return blanks(position) == end;
    }

    private void value(int at) throws NotJsonException {
        start = at;
        opened = false;
        switch (at(at)) {
            case '"' -> scalar(JsonToken.VALUE_STRING, strings.end(at));
            case '{' -> open(JsonToken.START_OBJECT, at);
            case '[' -> open(JsonToken.START_ARRAY, at);
            case 't' -> literal(JsonToken.VALUE_TRUE, at);
            case 'f' -> literal(JsonToken.VALUE_FALSE, at);
            case 'n' -> literal(JsonToken.VALUE_NULL, at);
            default -> scalar(JsonToken.VALUE_NUMBER_INT, numbers.end(at));
        }
    }

    private void scalar(JsonToken kind, int itsEnd) {
        token = kind;
        position = itsEnd;
    }

    private void open(JsonToken kind, int at) {
        levels.open(kind == JsonToken.START_OBJECT);
        scalar(kind, at + 1);
        opened = true;
    }

    private void close(JsonToken kind, int at) {
        levels.close();
        opened = false;
        scalar(kind, at + 1);
    }

    private void literal(JsonToken kind, int at) throws NotJsonException {
        byte[] literal = kind.asByteArray();
        int itsEnd = at + literal.length;
        if (itsEnd > end || !Arrays.equals(json, at, itsEnd, literal, 0, literal.length)) {
            throw new NotJsonException();
        }
        scalar(kind, itsEnd);
    }

    private int behind(char expected, int at) throws NotJsonException {
        if (at(at) != expected) {
            throw new NotJsonException();
        }
        return at + 1;
    }

    private void measureName() {
        int bytes = nameEnd - nameStart - 2;
        longestName = Math.max(longestName, bytes <= SHORT_NAME ? bytes : name().length());
    }

    /** The first byte from {@code from} on that is no blank. */
    private int blanks(int from) {
        return at(from) > ' ' ? from : behindBlanks(from);
    }

    private int behindBlanks(int from) {
        int i = from;
        while (at(i) <= ' ' && (at(i) == ' ' || at(i) == '\t' || isLineBreak(at(i)))) {
            i++;
        }
        return i;
    }

    private boolean isLineBreak(byte b) {
        boolean is = b == '\n' || b == '\r';
        lineBreaks |= is;
        return is;
    }

    /** A byte; 0, which has no place in JSON, beyond the end. */
    private byte at(int index) {
        return index < end ? json[index] : 0;
    }

    /** From now on the deepest and the longest count anew. */
    void measureAnew() {
        levels.measureAnew();
        numbers.measureAnew();
        longestName = 0;
    }

    JsonLevels levels() {
        return levels;
    }

    /** The characters of the longest number so far. */
    int longestNumber() {
        return numbers.longest();
    }

    /** The characters of the longest member name so far; of a short one perhaps its bytes. */
    int longestName() {
        return longestName;
    }

    /** Whether all numbers so far are in the range of a double. */
    public boolean hasOrdinaryNumbers() {
        return numbers.areOrdinary();
    }

    /** Whether a string so far had characters beyond ASCII. */
    public boolean hasNonAscii() {
        return strings.hasNonAscii();
    }

    /** Whether a string so far had an escape of U+0000 or of half of a pair of surrogates without the other. */
    public boolean hasDoubtfulEscapes() {
        return strings.hasDoubtful();
    }

    boolean hasLineBreaks() {
        return lineBreaks;
    }
}
