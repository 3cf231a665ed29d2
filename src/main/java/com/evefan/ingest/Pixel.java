package com.evefan.ingest;

import com.evefan.event.MalformedRequestException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/**
 * The event in a pixel's URL: {@code data}, the event's JSON in base64 of either alphabet, or, where that is missing, the
 * parameters themselves.
 */
final class Pixel {
    private static final JsonMapper JSON = new JsonMapper();

    private Pixel() {}

    static byte[] event(MultiMap parameters) throws MalformedRequestException {
        String data = parameters.get("data");
        return data == null ? ofParameters(parameters) : decoded(data);
    }

    private static byte[] decoded(String data) throws MalformedRequestException {
        // A plus that nobody encoded is a blank by now; line breaks are MIME's.
        String base64 = data.strip().replace(' ', '+').replace('-', '+').replace('_', '/');
        try {
            return Base64.getMimeDecoder().decode(base64.getBytes(StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new MalformedRequestException("data must be the event's JSON in base64");
        }
    }

    private static byte[] ofParameters(MultiMap parameters) throws MalformedRequestException {
        ObjectNode event = JSON.createObjectNode();
        for (Map.Entry<String, String> parameter : parameters) {
            // The path parameter stands among them.
            if (!parameter.getKey().equals("call")) {
                event.put(parameter.getKey(), parameter.getValue());
            }
        }
        try {
            return JSON.writeValueAsBytes(event);
        } catch (JsonProcessingException e) {
            throw new MalformedRequestException("the parameters are no text");
        }
    }
}
