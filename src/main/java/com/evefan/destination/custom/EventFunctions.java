package com.evefan.destination.custom;

import com.evefan.event.Timestamps;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import net.thisptr.jackson.jq.Expression;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.exception.JsonQueryException;

/** What jq lacks for events: times, hashes, names, the id. Each is asked of its input, and null stays null. */
final class EventFunctions {
    /** Between the words of a name: what is no letter or digit, and where a small letter meets a capital. */
    private static final Pattern BETWEEN_WORDS =
            Pattern.compile("[^\\p{L}\\p{N}]+|(?<=[\\p{Ll}\\p{N}])(?=\\p{Lu})|(?<=\\p{Lu})(?=\\p{Lu}\\p{Ll})");

    private EventFunctions() {}

    private interface OfInput {
        JsonNode of(JsonNode input) throws JsonQueryException;
    }

    private interface OfInputAndArgument {
        JsonNode of(JsonNode input, JsonNode argument) throws JsonQueryException;
    }

    static void addTo(Scope scope) {
        add(scope, "event_id", event -> event.path(event.has("evefan.id") ? "evefan.id" : "messageId"));
        add(scope, "epoch_s", time -> new LongNode(instant(time).getEpochSecond()));
        add(scope, "epoch_ms", time -> new LongNode(instant(time).toEpochMilli()));
        add(scope, "epoch_us", time -> new LongNode(ChronoUnit.MICROS.between(Instant.EPOCH, instant(time))));
        add(scope, "iso", time -> new TextNode(Timestamps.format(instant(time))));
        add(scope, "sha256", value -> new TextNode(sha256(value.asText())));
        add(scope, "snake_case", name -> new TextNode(words(name.asText()).collect(Collectors.joining("_"))));
        add(scope, "camel_case", name -> new TextNode(camelCase(name.asText())));
        add(scope, "compact", EventFunctions::compact);
        add(scope, "flat", object -> flat("", object, JsonNodeFactory.instance.objectNode()));
        add(scope, "hmac_sha256", (value, key) -> new TextNode(hmac(value.asText(), key.asText())));
        add(scope, "sampled", (event, percent) -> BooleanNode.valueOf(Events.sampled(event, percent.asInt())));
    }

    private static void add(Scope scope, String name, OfInput function) {
        scope.addFunction(
                name,
                0,
                (inner, arguments, in, path, output, version) ->
                        output.emit(in.isNull() ? NullNode.getInstance() : function.of(in), null));
    }

    private static void add(Scope scope, String name, OfInputAndArgument function) {
        scope.addFunction(name, 1, (inner, arguments, in, path, output, version) -> {
            List<Expression> all = arguments;
            all.get(0)
                    .apply(
                            inner,
                            in,
                            argument -> output.emit(
                                    in.isNull() ? NullNode.getInstance() : function.of(in, argument), null));
        });
    }

    private static Instant instant(JsonNode time) throws JsonQueryException {
        return Timestamps.parse(time.asText())
                .orElseThrow(() -> new JsonQueryException("'" + time.asText() + "' is no time"));
    }

    private static JsonNode compact(JsonNode object) {
        ObjectNode compact = JsonNodeFactory.instance.objectNode();
        object.properties().forEach(member -> {
            if (!member.getValue().isNull()) {
                compact.set(member.getKey(), member.getValue());
            }
        });
        return object.isObject() ? compact : object;
    }

    /** The members of objects in objects as {@code outer_inner}; lists are no values, and left out. */
    private static ObjectNode flat(String prefix, JsonNode object, ObjectNode into) {
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            String name = prefix + member.getKey();
            if (member.getValue().isObject()) {
                flat(name + "_", member.getValue(), into);
            } else if (!member.getValue().isArray()) {
                into.set(name, member.getValue());
            }
        }
        return into;
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String hmac(String text, String key) throws JsonQueryException {
        if (key.isEmpty()) {
            throw new JsonQueryException("hmac_sha256 needs a key");
        }
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }

    private static Stream<String> words(String name) {
        return BETWEEN_WORDS
                .splitAsStream(name)
                .filter(word -> !word.isEmpty())
                .map(word -> word.toLowerCase(Locale.ROOT));
    }

    private static String camelCase(String name) {
        StringBuilder text = new StringBuilder();
        words(name)
                .forEach(word -> text.append(
                        text.length() == 0 ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1)));
        return text.toString();
    }
}
