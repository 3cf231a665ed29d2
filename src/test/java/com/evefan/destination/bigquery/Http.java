package com.evefan.destination.bigquery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;

/** Bodies and answers in the form that Google's APIs give them. */
final class Http {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Http() {}

    static byte[] body(HttpExchange exchange) {
        boolean gzip = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
        try (InputStream in = gzip ? new GZIPInputStream(exchange.getRequestBody()) : exchange.getRequestBody()) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void error(HttpExchange exchange, int status, String reason, String message) throws IOException {
        ObjectNode error = JsonNodeFactory.instance.objectNode();
        ObjectNode inner = error.putObject("error").put("code", status).put("message", message);
        if (!reason.isEmpty()) {
            inner.putArray("errors")
                    .addObject()
                    .put("domain", "global")
                    .put("reason", reason)
                    .put("message", message);
        }
        if (status == 429 || status == 503) {
            exchange.getResponseHeaders().add("Retry-After", "7");
        }
        answer(exchange, status, error);
    }

    static void answer(HttpExchange exchange, int status, JsonNode json) throws IOException {
        byte[] body = JSON.writeValueAsBytes(json);
        exchange.getResponseHeaders().add("Content-Type", "application/json; charset=UTF-8");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }
}
