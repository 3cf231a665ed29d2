package com.evefan.destination.mixpanel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The stand-in's answers, in the shapes of Mixpanel's documentation. */
final class MixpanelReplies {
    record Reply(int status, String body, Map<String, String> headers) {
        Reply(int status, String body) {
            this(status, body, Map.of("Content-Type", "application/json"));
        }
    }

    /** Some of the ids that Mixpanel refuses. */
    private static final Set<String> REFUSED_IDS = Set.of("", "anonymous", "null", "undefined", "0", "-1", "none");

    private static final List<String> OPERATIONS = List.of("$set", "$union", "$append", "$add");

    private MixpanelReplies() {}

    static boolean isIdentity(JsonNode event) {
        return Set.of("$merge", "$create_alias", "$identify")
                .contains(event.path("event").asText());
    }

    static Reply answer(MixpanelStore store, MixpanelServer.Seen request, String token, boolean otherShape) {
        return switch (request.path()) {
            case "/import" -> imported(store, request, token, otherShape);
            case "/engage" -> updated(request, token, "$distinct_id", otherShape, store.users::add);
            case "/groups" -> updated(request, token, "$group_id", otherShape, store.groups::add);
            default -> new Reply(404, "404 page not found");
        };
    }

    private static Reply imported(MixpanelStore store, MixpanelServer.Seen request, String token, boolean otherShape) {
        boolean account = request.authorization().equals(MixpanelServer.basic("robot.1:secret"))
                && request.query().contains("project_id=424242");
        if (!account && !request.authorization().equals(MixpanelServer.basic(token + ":"))) {
            return fault(MixpanelServer.Fault.UNAUTHORIZED, request);
        }
        ArrayNode failed = MixpanelEvents.JSON.createArrayNode();
        int index = 0;
        for (JsonNode event : request.items()) {
            String field = invalid(event);
            if (field.isEmpty()) {
                store.event(event);
            } else {
                ObjectNode record = failed.addObject().put("index", index);
                record.put(
                        otherShape ? "$insert_id" : "insert_id",
                        event.path("properties").path("$insert_id").asText());
                record.put("field", field).put("message", "'" + field + "' is invalid");
            }
            index++;
        }
        ObjectNode body = MixpanelEvents.JSON.createObjectNode().put("code", failed.isEmpty() ? 200 : 400);
        body.put("num_records_imported", index - failed.size()).put("status", failed.isEmpty() ? "OK" : "Bad Request");
        if (!failed.isEmpty()) {
            body.put("error", "some data points in the request failed validation")
                    .set("failed_records", failed);
        }
        return new Reply(failed.isEmpty() ? 200 : 400, body.toString());
    }

    /** The field that is wrong with an event, or empty. */
    private static String invalid(JsonNode event) {
        JsonNode properties = event.path("properties");
        if (isIdentity(event)) {
            return properties.path("$distinct_ids").size() == 2 || properties.has("alias") ? "" : "properties";
        }
        JsonNode time = properties.path("time");
        long latest = Instant.now().plusSeconds(3_600).toEpochMilli();
        if (!time.isIntegralNumber() || time.asLong() < 31_536_000_000L || time.asLong() > latest) {
            return "properties.time";
        }
        if (!properties.path("distinct_id").isTextual()
                || REFUSED_IDS.contains(properties.get("distinct_id").asText())) {
            return "properties.distinct_id";
        }
        if (!properties.path("$insert_id").asText().matches("[A-Za-z0-9-]{1,36}")) {
            return "properties.$insert_id";
        }
        boolean tooMany = properties.size() > 255;
        return event.path("event").asText().isEmpty() ? "event" : tooMany ? "properties" : "";
    }

    /** Takes no gzip, answers 200 whatever happens, and takes all or nothing. */
    private static Reply updated(
            MixpanelServer.Seen request,
            String token,
            String id,
            boolean otherShape,
            java.util.function.Consumer<JsonNode> take) {
        String error = "gzip".equals(request.encoding()) ? "data, not valid JSON" : null;
        for (JsonNode update : request.items()) {
            boolean whole = OPERATIONS.stream()
                                    .filter(operation -> update.path(operation).isObject()
                                            && !update.path(operation).isEmpty())
                                    .count()
                            == 1
                    && !update.path(id).asText().isEmpty();
            if (!whole || update.path("$set").has("refuse me")) {
                error = "$set or " + id + " is invalid";
            } else if (!update.path("$token").asText().equals(token)) {
                error = "$token, is invalid";
            }
        }
        if (error == null) {
            request.items().forEach(take);
        }
        if (otherShape) {
            return new Reply(200, error == null ? "1" : "0");
        }
        ObjectNode body = MixpanelEvents.JSON.createObjectNode().put("error", error);
        return new Reply(200, body.put("status", error == null ? 1 : 0).toString());
    }

    static Reply fault(MixpanelServer.Fault fault, MixpanelServer.Seen request) {
        int size = request.items().size();
        return switch (fault) {
            case UNAUTHORIZED ->
                new Reply(401, "{\"code\":401,\"error\":\"Invalid credentials\",\"status\":\"Unauthorized\"}");
            case FORBIDDEN -> new Reply(403, "{\"code\":403,\"error\":\"not a member of this project\"}");
            case NOT_FOUND -> new Reply(404, "404 page not found");
            case TOO_LARGE -> new Reply(413, "{\"code\":413,\"error\":\"request exceeds max limit of 2097152 bytes\"}");
            case RATE_LIMITED -> new Reply(429, "{\"code\":429,\"error\":\"too many requests\"}");
            case RATE_LIMITED_BY_PROXY -> new Reply(429, "slow down", Map.of("Retry-After", "17"));
            case ERROR -> new Reply(500, "<html>oops</html>");
            case UNAVAILABLE -> new Reply(503, "");
            case BAD_REQUEST_WITHOUT_RECORDS -> new Reply(400, "{\"code\":400,\"error\":\"invalid JSON\"}");
            case STATUS_ZERO -> new Reply(200, "{\"status\":0,\"error\":\"something is invalid\"}");
            case GARBAGE -> new Reply(200, "<html>a proxy's greeting</html>");
            case EMPTY -> new Reply(200, "");
            case SHORT_COUNT ->
                new Reply(200, "{\"code\":200,\"num_records_imported\":%d,\"status\":\"OK\"}".formatted(size - 1));
            case WITHOUT_CODE -> new Reply(200, "{\"status\":\"OK\"}");
            case INDEX_OUT_OF_RANGE ->
                new Reply(
                        400,
                        "{\"code\":400,\"num_records_imported\":%d,\"failed_records\":[{\"index\":%d,\"field\":\"f\",\"message\":\"m\"}]}"
                                .formatted(size - 1, size));
            case REDIRECT -> new Reply(302, "", Map.of("Location", "https://example.com/"));
            default -> throw new IllegalArgumentException(fault + " has no answer");
        };
    }
}
