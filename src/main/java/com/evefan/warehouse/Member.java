package com.evefan.warehouse;

import com.evefan.event.JsonScanner;
import com.evefan.event.JsonStrings;
import com.evefan.event.NotJsonException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A member of a JSON object: where it stands in the event's clean bytes. Kept to be used again for the next event. */
final class Member {
    /** Where the name does not stand before the value, as it was made of others. */
    static final int RENAMED = -1;

    private String name = "";
    private int nameStart;
    private int start;
    private int end;
    private JsonToken token = JsonToken.VALUE_NULL;
    private boolean escaped;
    private boolean taken;
    private boolean told;

    void name(String newName) {
        name = newName;
        taken = false;
        told = false;
    }

    /** It becomes the value at which {@code scanner} stands. */
    void read(JsonScanner scanner, int newNameStart) throws NotJsonException {
        JsonToken firstToken = scanner.token();
        int newStart = scanner.start();
        boolean newEscaped = scanner.isEscaped();
        scanner.skip();
        place(newNameStart, firstToken, newEscaped, newStart, scanner.position());
    }

    void place(int newNameStart, JsonToken firstToken, boolean newEscaped, int newStart, int newEnd) {
        nameStart = newNameStart;
        token = firstToken;
        escaped = newEscaped;
        start = newStart;
        end = newEnd;
    }

    /** Where {@code other} is. */
    void place(Member other) {
        place(other.nameStart, other.token, other.escaped, other.start, other.end);
    }

    String name() {
        return name;
    }

    int nameStart() {
        return nameStart;
    }

    int start() {
        return start;
    }

    int end() {
        return end;
    }

    JsonToken token() {
        return token;
    }

    /** Whether a column has taken it. */
    boolean isTaken() {
        return taken;
    }

    void take() {
        taken = true;
        told = true;
    }

    /** Whether a column holds it, be it taken or not. */
    boolean isTold() {
        return told;
    }

    /** A column holds it, and it stays in {@code extra_fields}, where it was before there was that column. */
    void tell() {
        told = true;
    }

    /** Whether a text column can hold it without loss. */
    boolean fitsText() {
        return !token.isStructStart();
    }

    boolean isObject() {
        return token == JsonToken.START_OBJECT;
    }

    boolean isString() {
        return token == JsonToken.VALUE_STRING;
    }

    /** What a text column holds. */
    @Nullable
    Utf8Text text(byte[] json) {
        if (token == JsonToken.VALUE_NULL) {
            return null;
        }
        if (!isString()) {
            return new Utf8Text(json, start, end);
        }
        return escaped ? Utf8Text.of(unescaped(json)) : new Utf8Text(json, start + 1, end - 1);
    }

    /** Whether {@code other} says the same, however it is written. */
    boolean says(Member other, byte[] json) {
        if (Arrays.equals(json, start, end, json, other.start, other.end)) {
            return true;
        }
        return isString()
                ? other.isString() && unescaped(json).equals(other.unescaped(json))
                : token.isStructStart() && Arrays.equals(compact(json), other.compact(json));
    }

    private String unescaped(byte[] json) {
        return JsonStrings.text(json, start, end);
    }

    private byte[] compact(byte[] json) {
        try {
            return CleanJson.copy(json, start, end);
        } catch (IOException e) {
            throw new UncheckedIOException("was read before", e);
        }
    }
}
