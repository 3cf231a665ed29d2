package com.evefan.management;

import com.evefan.counters.SafeText;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the read token sees instead of what stands in events. Everything that is answered to it goes through here, at the one
 * door, so that no answer can forget it.
 */
public final class Hidden {
    /** In place of what is hidden. */
    public static final String TEXT = "hidden";

    private static final JsonMapper JSON = new JsonMapper();

    /** An answer that streams is held in memory to be gone through: no more than this of it. */
    static final int MOST_BYTES = 16 << 20;

    private static final byte[] TOO_LARGE = ("{\"success\":false,\"error\":\"the answer has more than " + MOST_BYTES
                    + " bytes, which is too much for the read token: ask for fewer, with limit\"}")
            .getBytes(StandardCharsets.UTF_8);

    /** Who an event is about, and where it came from. */
    private static final Set<String> PERSONS =
            Set.of("userId", "anonymousId", "previousId", "user", "address", "writeKey", "anonymousIdsSeen");
    /** Words of others, or Evefan's own that may quote them: values are cut out of them. */
    private static final Set<String> WORDS =
            Set.of("message", "lastMessage", "lastError", "lastFailure", "reason", "example", "error", "text");

    private Hidden() {}

    /** An answer's {@code body} without contents of events; what is no JSON is none of it. */
    static byte[] of(@Nullable Object body) throws IOException {
        JsonNode json;
        if (body instanceof InputStream in) {
            try (in) {
                byte[] bytes = in.readNBytes(MOST_BYTES + 1);
                if (bytes.length > MOST_BYTES) {
                    return TOO_LARGE;
                }
                json = JSON.readTree(bytes);
            }
        } else if (body instanceof byte[] bytes) {
            json = JSON.readTree(bytes);
        } else {
            throw new IOException("no JSON");
        }
        hide(json);
        return JSON.writeValueAsBytes(json);
    }

    /** Whether {@link #of} says that there is too much. */
    static boolean isTooLarge(byte[] answer) {
        return answer == TOO_LARGE;
    }

    /** Hides contents of events in {@code json} itself. */
    public static void hide(JsonNode json) {
        if (json instanceof ObjectNode object) {
            boolean letter = object.has("firstFailure") || object.has("foreign");
            for (Map.Entry<String, JsonNode> member : object.properties()) {
                String name = member.getKey();
                JsonNode value = member.getValue();
                if (PERSONS.contains(name) && value.isValueNode() && !value.isNull()) {
                    member.setValue(TextNode.valueOf(TEXT));
                } else if (name.equals("event") && (letter || value.isContainerNode())) {
                    member.setValue(TextNode.valueOf(TEXT));
                } else if (letter && (name.equals("properties") || name.equals("text"))) {
                    member.setValue(TextNode.valueOf(TEXT));
                } else if (WORDS.contains(name) && value.isTextual()) {
                    member.setValue(TextNode.valueOf(SafeText.ownWords(value.asText())));
                } else {
                    hide(value);
                }
            }
        } else {
            json.forEach(Hidden::hide);
        }
    }
}
