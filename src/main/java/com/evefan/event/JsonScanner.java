package com.evefan.event;

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

    private final byte[] json;
    private final JsonStrings strings;
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

    private int depth;
    /** A bit for each level: whether it is an object. */
    private long[] objects = new long[1];

    private int deepest;
    private int longestNumber;
    private int longestName;
    private boolean lineBreaks;
    private boolean ordinaryNumbers = true;

    /** Begins at the value between {@code start} and {@code end} of {@code json}. */
    public JsonScanner(byte[] json, int start, int end) throws NotJsonException {
        this.json = json;
        this.end = end;
        this.strings = new JsonStrings(json, end);
        value(blanks(start));
    }

    /** The kind of the value at which it stands, by its first token; an end once an object or array is done. */
    public JsonToken token() {
        return token;
    }

    public boolean isObject() {
        return token == JsonToken.START_OBJECT;
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
        String known = name;
        if (known == null) {
            known = nameEscaped
                    ? JsonStrings.text(json, nameStart, nameEnd)
                    : NAMES.of(json, nameStart + 1, nameEnd - 1);
            name = known;
        }
        return known;
    }

    /** The text of a string; of any other value the first token as it is written. */
    String text() {
        return token == JsonToken.VALUE_STRING
                ? JsonStrings.text(json, start, position)
                : new String(json, start, position - start, java.nio.charset.StandardCharsets.UTF_8);
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
        if (nameEnd - nameStart - 2 > longestName) {
            longestName = Math.max(longestName, name().length());
        }
        if (nameEscaped && hasLoneSurrogate(name())) {
            throw new NotJsonException(); // as parsers have it, which take them in values only
        }
        value(blanks(behind(':', blanks(nameEnd))));
        return true;
    }

    private static boolean hasLoneSurrogate(String text) {
        return text.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
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
        int outer = depth - 1;
        while (depth > outer) {
            boolean inObject = (objects[depth >>> 6] >>> depth & 1) != 0;
            // What it opens is gone through by the next turns.
            boolean ignored = inObject ? nextMember() : nextElement();
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
            default -> number(at);
        }
    }

    private void scalar(JsonToken kind, int itsEnd) {
        token = kind;
        position = itsEnd;
    }

    private void open(JsonToken kind, int at) {
        deepest = Math.max(deepest, ++depth);
        int word = depth >>> 6;
        if (word == objects.length) {
            objects = Arrays.copyOf(objects, word * 2);
        }
        long level = 1L << depth;
        objects[word] = kind == JsonToken.START_OBJECT ? objects[word] | level : objects[word] & ~level;
        scalar(kind, at + 1);
        opened = true;
    }

    private void close(JsonToken kind, int at) {
        depth--;
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

    private void number(int at) throws NotJsonException {
        int i = at(at) == '-' ? at + 1 : at;
        i = at(i) == '0' ? i + 1 : digits(i);
        int exponentDigits = 0;
        JsonToken kind = JsonToken.VALUE_NUMBER_INT;
        if (at(i) == '.') {
            kind = JsonToken.VALUE_NUMBER_FLOAT;
            i = digits(i + 1);
        }
        if (at(i) == 'e' || at(i) == 'E') {
            kind = JsonToken.VALUE_NUMBER_FLOAT;
            int exponent = at(i + 1) == '+' || at(i + 1) == '-' ? i + 2 : i + 1;
            i = digits(exponent);
            exponentDigits = i - exponent;
        }
        longestNumber = Math.max(longestNumber, i - at);
        ordinaryNumbers = ordinaryNumbers && Numbers.isOrdinary(json, at, i, exponentDigits);
        scalar(kind, i);
    }

    /** The byte behind the digits at {@code from}, of which there has to be one. */
    private int digits(int from) throws NotJsonException {
        int i = from;
        while (at(i) >= '0' && at(i) <= '9') {
            i++;
        }
        if (i == from) {
            throw new NotJsonException();
        }
        return i;
    }

    private int behind(char expected, int at) throws NotJsonException {
        if (at(at) != expected) {
            throw new NotJsonException();
        }
        return at + 1;
    }

    /** The first byte from {@code from} on that is no blank. */
    private int blanks(int from) {
        int i = from;
        // Most JSON has none.
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
        deepest = depth;
        longestNumber = 0;
        longestName = 0;
    }

    /** The objects and arrays around where it stands. */
    int depth() {
        return depth;
    }

    /** The most objects and arrays around anything so far. */
    int deepest() {
        return deepest;
    }

    /** The characters of the longest number so far. */
    int longestNumber() {
        return longestNumber;
    }

    /** The characters of the longest member name so far. */
    int longestName() {
        return longestName;
    }

    /** Whether all numbers so far are in the range of a double. */
    public boolean hasOrdinaryNumbers() {
        return ordinaryNumbers;
    }

    /** Whether a string so far had characters beyond ASCII. */
    public boolean hasNonAscii() {
        return strings.hasNonAscii();
    }

    /** Whether a string so far had an escape by number, such as that of U+0000. */
    public boolean hasUnicodeEscapes() {
        return strings.hasUnicodeEscapes();
    }

    /** Whether lines were broken so far. */
    boolean hasLineBreaks() {
        return lineBreaks;
    }
}
