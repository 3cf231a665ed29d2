package com.evefan.history;

import com.evefan.admin.Administration;
import com.evefan.admin.ApiException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/** Bodies of requests, and answers. What a body has and nobody knows is an error: misspelt, it must not mean all. */
final class Requests {
    static final JsonMapper JSON = new JsonMapper();

    private Requests() {}

    /** The JSON object in {@code body} with no other members than {@code known}. */
    static ObjectNode object(@Nullable Object body, Exchange exchange, List<String> known) throws ApiException {
        if (body instanceof Map<?, ?> form && !form.isEmpty()) {
            throw new ApiException(400, "the body came as a form: send it with Content-Type: application/json");
        }
        byte[] bytes =
                body == null ? null : exchange.getContext().getTypeConverter().convertTo(byte[].class, exchange, body);
        try {
            if (bytes != null && bytes.length > 0 && JSON.readTree(bytes) instanceof ObjectNode object) {
                for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
                    String name = names.next();
                    if (!known.contains(name)) {
                        throw new ApiException(
                                400, "there is no member " + name + "; known are " + String.join(", ", known));
                    }
                }
                return object;
            }
        } catch (IOException e) {
            // told below
        }
        throw new ApiException(400, "the body must be a JSON object with " + String.join(", ", known));
    }

    /** Null where it is missing. */
    static @Nullable String text(ObjectNode object, String name) throws ApiException {
        JsonNode value = object.get(name);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isTextual() || value.asText().isEmpty()) {
            throw new ApiException(400, name + " must be a string that is not empty");
        }
        return value.asText();
    }

    static @Nullable Instant time(ObjectNode object, String name) throws ApiException {
        String text = text(object, name);
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeException e) {
            throw new ApiException(400, name + " must be a time such as 2026-11-23T03:00:00Z, was '" + text + "'");
        }
    }

    static boolean flag(ObjectNode object, String name) throws ApiException {
        JsonNode value = object.get(name);
        if (value != null && !value.isBoolean()) {
            throw new ApiException(400, name + " must be true or false");
        }
        return value != null && value.asBoolean();
    }

    /** One string or an array of them. */
    static Set<String> texts(ObjectNode object, String name) throws ApiException {
        JsonNode value = object.get(name);
        Set<String> texts = new TreeSet<>();
        for (JsonNode one : value == null ? List.<JsonNode>of() : value.isArray() ? value : List.of(value)) {
            if (!one.isTextual() || one.asText().isBlank()) {
                throw new ApiException(400, name + " must be a string, or an array of them, that is not empty");
            }
            texts.add(one.asText());
        }
        return texts;
    }

    static byte[] answer(Exchange exchange, JsonNode json) throws JsonProcessingException {
        Message message = exchange.getMessage();
        message.removeHeaders("*");
        message.setHeader(Exchange.CONTENT_TYPE, Administration.JSON_TYPE);
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json);
    }
}
