package com.evefan.destination.mixpanel;

import com.evefan.delivery.RetryableException;
import com.evefan.delivery.SetUpException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What Mixpanel said to a request. What is not documented as a success is none: such a request is sent again, and
 * Mixpanel's own de-duplication keeps what it had taken from counting twice.
 */
sealed interface Answer {
    /** It has all of it. */
    record Taken() implements Answer {}

    /**
     * It has all but these, which it will never take.
     *
     * @param refused the reason by the element's index
     */
    record Partly(Map<Integer, Refusal> refused) implements Answer {}

    /** It will not take all of it as it stands, and does not say which element is to blame: to be halved. */
    record Refused(Refusal refusal) implements Answer {}

    /**
     * It has none of it for sure, and may take it later.
     *
     * @param cause a {@code RetryableException} or a {@code SetUpException}
     */
    record Failed(Exception cause) implements Answer {}

    /**
     * Why an element is refused.
     *
     * @param error in a word: the field, or the HTTP status
     * @param reason in Mixpanel's words
     */
    record Refusal(String error, String reason) {}

    /**
     * The meaning of an answer.
     *
     * @param sent how many elements the request had; none where only the credentials are tried
     * @param location where a redirect leads
     * @param wait how long to leave Mixpanel alone, should it say that it has too much to do
     */
    static Answer read(Endpoint endpoint, int sent, int status, String body, @Nullable String location, Duration wait) {
        JsonNode json = json(body);
        String said = endpoint.path() + " answered " + status + ": "
                + quote(json.path("error").asText(body));
        if (sent == 0 && (status == 200 || status == 400 || status == 413)) {
            return new Taken(); // only who is let in hears what is wrong with the list
        }
        return switch (status) {
            case 200 -> endpoint == Endpoint.IMPORT ? imported(json, sent, said) : updated(json, status, said);
            case 400 -> badRequest(endpoint, json, sent, said);
            case 401, 403 -> setUp(said + "; check evefan.mixpanel.token, or .service-account and .project-id");
            case 404 -> setUp(said + "; check evefan.mixpanel.base-url or .region");
            case 413 -> new Refused(new Refusal("413", said));
            case 429 -> new Failed(new RetryableException(said, null, wait));
            default ->
                status >= 300 && status < 400
                        ? setUp(endpoint.path() + " answered " + status + SetUpException.redirect(location)
                                + " (evefan.mixpanel.base-url)")
                        : new Failed(new RetryableException(said, null, status == 503 ? wait : Duration.ZERO));
        };
    }

    private static Answer imported(JsonNode json, int sent, String said) {
        if (json.path("code").asInt() == 200
                && json.path("num_records_imported").asInt(-1) == sent) {
            return new Taken();
        }
        return retry(said + ", which is not that it has all " + sent);
    }

    /** Both shapes: {@code {"status":1,"error":null}} with verbose=1, a bare 1 or 0 without. */
    private static Answer updated(JsonNode json, int status, String said) {
        JsonNode verdict = json.isObject() ? json.path("status") : json;
        boolean number = verdict.isInt();
        if (number && verdict.intValue() == 1 && !saysError(json)) {
            return new Taken();
        }
        return number && verdict.intValue() == 0 ? refused(json, status, said) : retry(said);
    }

    private static boolean saysError(JsonNode json) {
        JsonNode error = json.path("error");
        return !error.isMissingNode() && !error.isNull() && !error.asText().isEmpty();
    }

    private static Answer badRequest(Endpoint endpoint, JsonNode json, int sent, String said) {
        JsonNode failed = json.path("failed_records");
        if (endpoint != Endpoint.IMPORT || !failed.isArray() || failed.isEmpty()) {
            return refused(json, 400, said);
        }
        Map<Integer, Refusal> refused = new LinkedHashMap<>();
        for (JsonNode one : failed) {
            int index = one.path("index").isInt() ? one.path("index").intValue() : -1;
            if (index < 0 || index >= sent) {
                return retry(said + ", with a failed record at index " + one.path("index"));
            }
            String field = one.path("field").asText("");
            refused.put(index, new Refusal(field.isEmpty() ? "400" : field, quote(reason(field, one))));
        }
        JsonNode imported = json.path("num_records_imported");
        return imported.isInt() && imported.intValue() == sent - refused.size()
                ? new Partly(refused)
                : retry(said + ", with " + imported + " imported and " + refused.size() + " failed of " + sent);
    }

    private static String reason(String field, JsonNode one) {
        String message = one.path("message").asText("");
        return field.isEmpty() || message.contains(field) ? message : field + ": " + message;
    }

    /** A refusal of the whole: by its words the set-up's fault, else an element's. */
    private static Answer refused(JsonNode json, int status, String said) {
        String error = json.path("error").asText("").toLowerCase(Locale.ROOT);
        if (error.contains("token") || error.contains("project") || error.contains("credential")) {
            return setUp(said + "; check evefan.mixpanel.token and .project-id");
        }
        return new Refused(new Refusal(Integer.toString(status), said));
    }

    private static Answer retry(String said) {
        return new Failed(new RetryableException(said, null));
    }

    private static Answer setUp(String message) {
        return new Failed(new SetUpException(message, null));
    }

    private static JsonNode json(String body) {
        try {
            return Json.read(body.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }

    private static String quote(String text) {
        return text.length() > 200 ? text.substring(0, 200) + "…" : text;
    }
}
