package com.evefan.event;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** What a sender of broken JSON is told: where it broke and what was expected, in the sender's terms. */
final class ParseErrors {
    static final String EXPECTED =
            "expected a JSON object in UTF-8, either one event or {\"batch\":[...]} with a list of events";
    static final String EMPTY = "the body is empty; " + EXPECTED;

    private static final int MAX_LENGTH = 300;

    private ParseErrors() {}

    /** What {@link JsonScanner} did not take in {@code json}, which is UTF-8; a parser that keeps track finds it. */
    static MalformedRequestException of(byte[] json) {
        try (JsonParser parser = Json.parser(json, 0, json.length)) {
            if (parser.nextToken() == null) {
                return new MalformedRequestException(EMPTY);
            }
            parser.skipChildren();
            parser.finishToken();
            return parser.nextToken() == null
                    ? new MalformedRequestException(at(null) + EXPECTED)
                    : new MalformedRequestException(
                            at(parser.currentTokenLocation()) + "expected the end of the body after its JSON object");
        } catch (JsonProcessingException e) {
            return new MalformedRequestException(at(e.getLocation()) + reason(e));
        } catch (IllegalStateException e) {
            // the parser's only answer to names made to collide in its table
            return new MalformedRequestException(at(null) + "its member names cannot be told apart");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot happen on bytes", e);
        }
    }

    private static String reason(JsonProcessingException e) {
        if (e instanceof JsonEOFException) {
            return "the body ends in the middle; is it cut off?";
        }
        if (e instanceof StreamConstraintsException) {
            return "objects and arrays are nested deeper than " + Json.HARD_DEPTH + " levels";
        }
        String message = e.getOriginalMessage();
        int source = message.indexOf("[Source");
        if (source >= 0) {
            message = message.substring(0, source);
        }
        return message.length() > MAX_LENGTH ? message.substring(0, MAX_LENGTH) + "..." : message;
    }

    static String at(@Nullable JsonLocation location) {
        return location == null
                ? "the body is no valid JSON: "
                : "the body is no valid JSON at line " + location.getLineNr() + ", column " + location.getColumnNr()
                        + ": ";
    }
}
