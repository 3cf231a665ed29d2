package com.evefan.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What of an event's JSON an operator asks for and {@link Event} does not hold; null is what is not there.
 *
 * @param name the event's name, or its type where it has none
 */
public record EventFacts(
        @Nullable String name,
        @Nullable String userId,
        @Nullable String anonymousId,
        @Nullable String previousId) {
    private static final JsonFactory JSON = new JsonFactory();

    /** Those in {@code json}; of what is no JSON object, those before that shows. */
    public static EventFacts of(byte[] json) {
        String type = null;
        String event = null;
        String userId = null;
        String anonymousId = null;
        String previousId = null;
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String name = parser.currentName();
                    JsonToken value = parser.nextToken();
                    if (!value.isScalarValue() || value == JsonToken.VALUE_NULL) {
                        parser.skipChildren();
                        continue;
                    }
                    switch (name) {
                        case "type" -> type = parser.getText();
                        case "event" -> event = parser.getText();
                        case "userId" -> userId = parser.getText();
                        case "anonymousId" -> anonymousId = parser.getText();
                        case "previousId" -> previousId = parser.getText();
                        default -> {}
                    }
                }
            }
        } catch (IOException e) {
            // as far as it could be read
        }
        return new EventFacts(event == null ? type : event, userId, anonymousId, previousId);
    }

    /** Whose event it is: that of a userId, else of an anonymousId, else its own. The same for all events of one user. */
    public static String owner(Event event) {
        String anonymousId = null;
        try {
            JsonScanner members = new JsonScanner(event.json(), 0, event.json().length);
            boolean object = members.isObject();
            while (object && members.nextMember()) {
                boolean string = members.token() == JsonToken.VALUE_STRING;
                if (string && members.name().equals("userId")) {
                    return event.source() + "\nuser\n" + members.text();
                }
                if (string && members.name().equals("anonymousId")) {
                    anonymousId = members.text();
                }
                members.skip();
            }
        } catch (NotJsonException e) {
            // as far as it could be read
        }
        return anonymousId == null
                ? event.source() + "\nevent\n" + event.messageId()
                : event.source() + "\nanonymous\n" + anonymousId;
    }

    /**
     * {@code event} with nothing of a person in it, as long as before: it goes to no destination. Null where the event is
     * too short for that, which no accepted event with an id of a person is.
     */
    public static @Nullable Event blank(Event event) {
        JsonBuffer out = new JsonBuffer(event.json().length);
        out.ascii("{\"type\":\"").ascii(event.type().wireName()).ascii("\",\"messageId\":\"-\",\"source\":");
        out.string(event.source()).ascii(",\"timestamp\":\"1970\",\"receivedAt\":\"");
        out.ascii(Timestamps.format(event.receivedAt())).ascii("\",\"integrations\":{\"All\":false}");
        if (out.length() >= event.json().length) {
            return null;
        }
        while (out.length() < event.json().length - 1) {
            out.character(' ');
        }
        return EventCodec.decode(out.character('}').toByteArray()).get(0);
    }
}
