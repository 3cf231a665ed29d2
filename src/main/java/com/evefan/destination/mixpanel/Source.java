package com.evefan.destination.mixpanel;

import com.evefan.useragent.UserAgents;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import org.jspecify.annotations.Nullable;

/** Where a Mixpanel property may come from. */
sealed interface Source {

    /**
     * The value, or null where there is none.
     *
     * @param event the event as accepted
     * @param mapped the properties of the same table that are mapped already
     */
    @Nullable
    JsonNode value(JsonNode event, ObjectNode mapped, UserAgents userAgents);

    /** The trait of the call that this takes over whole, or empty. */
    String trait();

    /** A member of the event, by the names on the way to it, through a function. */
    @SuppressWarnings("ArrayRecordComponent") // never written to
    record Member(Function function, String[] path) implements Source {
        @Override
        public @Nullable JsonNode value(JsonNode event, ObjectNode mapped, UserAgents userAgents) {
            JsonNode node = event;
            for (String name : path) {
                node = node.get(name);
                if (node == null) {
                    return null;
                }
            }
            return isThere(node) ? function.apply(node, userAgents) : null;
        }

        private static boolean isThere(JsonNode node) {
            return !node.isNull() && !(node.isTextual() && node.textValue().isEmpty());
        }

        @Override
        public String trait() {
            boolean own = path.length == 2 && "traits".equals(path[0]);
            boolean inContext = path.length == 3 && "context".equals(path[0]) && "traits".equals(path[1]);
            return own || inContext ? path[path.length - 1] : "";
        }
    }

    /** Two Mixpanel properties with a space between them. */
    record Words(String first, String second) implements Source {
        @Override
        public @Nullable JsonNode value(JsonNode event, ObjectNode mapped, UserAgents userAgents) {
            JsonNode left = mapped.get(first);
            JsonNode right = mapped.get(second);
            return left == null || right == null ? null : TextNode.valueOf(left.asText() + " " + right.asText());
        }

        @Override
        public String trait() {
            return "";
        }
    }
}
