package com.evefan.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.evefan.event.Redaction.Node;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Arrays;

/** Copies one event without the members that a {@link Redaction} names; everything else byte for byte. */
final class RedactedForm {
    private static final byte[] NOTHING = "{}".getBytes(UTF_8);

    private final byte[] json;
    private final Redaction redaction;
    private final JsonBuffer out;
    private int copied;

    RedactedForm(byte[] json, Redaction redaction) {
        this.json = json;
        this.redaction = redaction;
        this.out = new JsonBuffer(json.length + 64);
    }

    byte[] write(Node rules) {
        try (JsonParser parser = Json.parser(json, 0, json.length)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return NOTHING;
            }
            object(parser, rules);
            return out.raw(json, copied, json.length).toByteArray();
        } catch (IOException e) {
            return NOTHING; // an event that was cut: better nothing of it than what must not be kept
        }
    }

    private void object(JsonParser parser, Node node) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            Node member = Redaction.below(node, parser.currentName());
            int start = (int) parser.currentTokenLocation().getByteOffset();
            parser.nextToken();
            if (member == null) {
                parser.skipChildren();
            } else if (member.drop) {
                drop(parser, start);
            } else {
                value(parser, member);
            }
        }
    }

    private void value(JsonParser parser, Node node) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_ARRAY) {
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                value(parser, node);
            }
        } else if (node.hash) {
            hash(parser);
        } else if (token == JsonToken.START_OBJECT) {
            object(parser, node);
        }
    }

    private void hash(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        int start = (int) parser.currentTokenLocation().getByteOffset();
        String text = token == JsonToken.VALUE_STRING ? parser.getText() : null;
        int end = end(parser);
        if (token == JsonToken.VALUE_NULL || text != null && text.isEmpty()) {
            return;
        }
        byte[] value = text != null ? text.getBytes(UTF_8) : Arrays.copyOfRange(json, start, end);
        out.raw(json, copied, start).string(redaction.hash(value));
        copied = end;
    }

    private void drop(JsonParser parser, int start) throws IOException {
        int end = end(parser);
        out.raw(json, copied, start);
        int next = end;
        while (isBlank(json[next])) {
            next++;
        }
        if (json[next] == ',') {
            copied = next + 1;
        } else {
            out.removeLastComma();
            copied = end;
        }
    }

    private static int end(JsonParser parser) throws IOException {
        parser.skipChildren();
        parser.finishToken();
        return (int) parser.currentLocation().getByteOffset();
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t' || b == '\n' || b == '\r';
    }
}
