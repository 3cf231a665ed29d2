package com.evefan.warehouse;

import com.evefan.event.JsonOffsets;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** Goes through an event's JSON and tells where the members of its objects stand. */
final class MemberReader implements AutoCloseable {
    private final byte[] json;
    private final JsonParser parser;
    private int position;
    private int nameStart;
    private boolean numbersOrdinary = true;

    MemberReader(byte[] json) throws IOException {
        this.json = json;
        this.parser = CleanJson.parser(json, 0, json.length);
    }

    /** Steps into the object that the JSON is; false where it is none. */
    boolean open() throws IOException {
        boolean object = parser.nextToken() == JsonToken.START_OBJECT;
        position = JsonOffsets.start(parser) + 1;
        return object;
    }

    /** Moves to the next member's value, which is to be read or stepped into; false at the end of the object. */
    boolean nextMember() throws IOException {
        if (parser.nextToken() != JsonToken.FIELD_NAME) {
            position = JsonOffsets.start(parser) + 1;
            return false;
        }
        nameStart = JsonOffsets.nameStart(json, position);
        parser.nextToken();
        position = JsonOffsets.start(parser) + 1;
        return true;
    }

    /** Moves to the next value of an array; false at its end. */
    boolean nextElement() throws IOException {
        boolean found = parser.nextToken() != JsonToken.END_ARRAY;
        position = JsonOffsets.start(parser) + 1;
        return found;
    }

    /** The name of the member at whose value it stands. */
    String name() throws IOException {
        return parser.currentName();
    }

    private JsonToken token() {
        return parser.currentToken();
    }

    boolean isObject() {
        return token() == JsonToken.START_OBJECT;
    }

    boolean isArray() {
        return token() == JsonToken.START_ARRAY;
    }

    /** The value at which it stands becomes what {@code members} have under its name. */
    void read(Members members) throws IOException {
        String name = name();
        read(members.put(name), name);
    }

    /** The members of the object at which it stands become {@code members}, in place of those before. */
    void readAll(Members members) throws IOException {
        members.clear(json);
        while (nextMember()) {
            read(members);
        }
    }

    /** {@code member} becomes the value at which it stands, to be called {@code name}. */
    void read(Member member, String name) throws IOException {
        int itsNameStart = name.equals(name()) ? nameStart : Member.RENAMED;
        JsonToken token = token();
        int start = JsonOffsets.start(parser);
        skip();
        member.place(itsNameStart, token, start, position);
    }

    /** Moves to the end of the value at which it stands, however deep it is. */
    void skip() throws IOException {
        int depth = 0;
        while (true) {
            JsonToken token = token();
            depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            numbersOrdinary &= Numbers.isOrdinary(parser);
            if (depth == 0) {
                position = JsonOffsets.end(parser, json);
                return;
            }
            parser.nextToken();
        }
    }

    /** Whether all numbers so far are such as every warehouse can hold. */
    boolean numbersOrdinary() {
        return numbersOrdinary;
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }
}
