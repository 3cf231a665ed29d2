package com.evefan;

import com.evefan.LocalCommand.UsageException;
import com.evefan.configuration.Configuration;
import com.evefan.event.Event;
import com.evefan.event.ReadResult;
import com.evefan.route.DryRun;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A file of {@code tests/}: an event, and what destinations are expected to be sent of it. A destination that it does not
 * name is not looked at; of headers, only those that it names are.
 *
 * @param json what the sender sends
 * @param type of an event that names none
 * @param source that sends it; null for the first
 * @param at when it arrives
 */
@SuppressWarnings("ArrayRecordComponent") // read only
record SavedTest(
        byte[] json, @Nullable String type, @Nullable String source, Instant at) {
    private static final String NOTHING = "nothing";
    private static final List<String> MEMBERS = List.of("type", "source", "at", "event", "expect");
    private static final List<String> MEMBERS_OF_SENT = List.of("to", "headers", "body");
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();
    private static final DumpSettings BLOCK =
            DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).build();

    /** The file for {@code event}, expecting of every destination what it would be sent now. */
    String text(Event event, Explanation explanation) throws IOException {
        ObjectNode test = JSON.createObjectNode();
        if (type != null) {
            test.put("type", type);
        }
        if (source != null) {
            test.put("source", source);
        }
        test.put("at", at.toString());
        test.set("event", JSON.readTree(json));
        ObjectNode expect = test.putObject("expect");
        for (String name : explanation.destinations()) {
            Explanation.Outcome outcome = explanation.of(event, name);
            if (outcome.sent().isEmpty()) {
                expect.put(name, NOTHING);
            } else {
                ArrayNode all = expect.putArray(name);
                outcome.sent().forEach(sent -> all.add(node(sent)));
            }
        }
        return "# What destinations get of one event: bin/evefan test. Take away what is not to be looked at.\n"
                + new Dump(BLOCK).dumpToString(JSON.convertValue(test, Map.class));
    }

    private static ObjectNode node(DryRun.Sent sent) {
        ObjectNode node = JSON.createObjectNode();
        if (!sent.to().isEmpty()) {
            node.put("to", sent.to());
        }
        if (!sent.headers().isEmpty()) {
            ObjectNode headers = node.putObject("headers");
            sent.headers().forEach(headers::put);
        }
        node.set("body", body(sent.body()));
        return node;
    }

    /** JSON as that, anything else as text. */
    private static JsonNode body(String body) {
        try {
            JsonNode json = JSON.readTree(body);
            return json.isContainerNode() ? json : JSON.getNodeFactory().textNode(body);
        } catch (JsonProcessingException e) {
            return JSON.getNodeFactory().textNode(body);
        }
    }

    /**
     * What is not as {@code file} says; empty where all is.
     *
     * @throws UsageException when the file is no test; the message says why
     */
    static List<String> failures(Path file, Configuration configuration, Explanation explanation) throws Exception {
        JsonNode test = read(file);
        SavedTest saved = new SavedTest(
                JSON.writeValueAsBytes(test.path("event")),
                text(test, "type"),
                text(test, "source"),
                at(file, test.path("at")));
        ReadResult result = ExplainedRequest.at(configuration, saved.at).read(saved.json, saved.type, saved.source);
        if (!result.invalid().isEmpty() || result.accepted().size() != 1) {
            return List.of("the event is rejected at the door: " + result.invalid());
        }
        Event event = result.accepted().events().get(0);
        List<String> failures = new ArrayList<>();
        for (Map.Entry<String, JsonNode> expected : test.path("expect").properties()) {
            String name = expected.getKey();
            if (explanation.destinations().contains(name)) {
                compare(name, expected.getValue(), explanation.of(event, name), failures);
            } else {
                failures.add(
                        "there is no destination " + name + ", only " + String.join(", ", explanation.destinations()));
            }
        }
        return failures;
    }

    private static JsonNode read(Path file) throws IOException, UsageException {
        JsonNode test;
        try {
            LoadSettings exact = LoadSettings.builder()
                    .setLabel(file.toString())
                    .setTagConstructors(Map.of(Tag.FLOAT, number -> new BigDecimal(((ScalarNode) number).getValue())))
                    .build();
            test = JSON.valueToTree(new Load(exact).loadFromString(Files.readString(file)));
        } catch (YamlEngineException | NumberFormatException e) {
            throw new UsageException(file + " is no YAML: " + e.getMessage());
        }
        if (!test.path("event").isObject()
                || !test.path("expect").isObject()
                || test.path("expect").isEmpty()) {
            throw new UsageException(
                    file + ": a test has an \"event\" and an \"expect\", with what each destination gets");
        }
        for (Map.Entry<String, JsonNode> member : test.properties()) {
            if (!MEMBERS.contains(member.getKey())) {
                throw new UsageException(file + ": a test has no \"" + member.getKey() + "\", only " + MEMBERS);
            }
        }
        return test;
    }

    private static @Nullable String text(JsonNode test, String member) {
        return test.path(member).isMissingNode() ? null : test.path(member).asText();
    }

    private static Instant at(Path file, JsonNode at) throws UsageException {
        try {
            return at.isMissingNode() ? Instant.parse("2026-01-01T00:00:00Z") : Instant.parse(at.asText());
        } catch (DateTimeException e) {
            throw new UsageException(file + ": \"at\" is a time such as 2026-01-01T00:00:00Z, and not " + at);
        }
    }

    private static void compare(String name, JsonNode expected, Explanation.Outcome outcome, List<String> failures) {
        List<DryRun.Sent> sent = outcome.sent();
        boolean nothing = expected.asText().equals(NOTHING) && expected.isTextual();
        if (nothing && !sent.isEmpty()) {
            failures.add(name + ": gets something, and nothing is expected:\n"
                    + shown(sent.get(0).toString()));
        } else if (!nothing && sent.isEmpty()) {
            failures.add(name + ": gets nothing: " + outcome.why());
        } else if (!nothing && !expected.isArray()) {
            failures.add(name + ": \"expect\" has a list of what it is sent, or the word nothing");
        } else if (!nothing && expected.size() != sent.size()) {
            failures.add(name + ": is sent " + sent.size() + ", and " + expected.size() + " are expected");
        } else if (!nothing) {
            for (int i = 0; i < sent.size(); i++) {
                compare(name, expected.get(i), node(sent.get(i)), failures);
            }
        }
    }

    private static void compare(String name, JsonNode expected, ObjectNode sent, List<String> failures) {
        if (!expected.isObject()
                || expected.has("headers") && !expected.path("headers").isObject()) {
            failures.add(name + ": what it is sent has the members " + MEMBERS_OF_SENT
                    + ", headers by name, and is not " + expected);
            return;
        }
        for (Map.Entry<String, JsonNode> member : expected.properties()) {
            String key = member.getKey();
            if (!MEMBERS_OF_SENT.contains(key)) {
                failures.add(name + ": there is no \"" + key + "\" to expect, only " + MEMBERS_OF_SENT);
            } else if (key.equals("headers")) {
                for (Map.Entry<String, JsonNode> header : member.getValue().properties()) {
                    String value = sent.path(key).path(header.getKey()).asText();
                    if (!value.equals(header.getValue().asText())) {
                        differs(
                                name,
                                "header " + header.getKey(),
                                header.getValue().asText(),
                                value,
                                failures);
                    }
                }
            } else {
                compare(name, key, member.getValue(), sent.path(key), failures);
            }
        }
    }

    /** Down to the members that differ. */
    private static void compare(String name, String path, JsonNode expected, JsonNode sent, List<String> failures) {
        if (expected.isObject() && sent.isObject()) {
            for (Map.Entry<String, JsonNode> member : expected.properties()) {
                compare(name, path + "." + member.getKey(), member.getValue(), sent.path(member.getKey()), failures);
            }
            for (Map.Entry<String, JsonNode> member : sent.properties()) {
                if (!expected.has(member.getKey())) {
                    differs(
                            name,
                            path + "." + member.getKey(),
                            "none",
                            member.getValue().toString(),
                            failures);
                }
            }
        } else if (expected.isArray() && sent.isArray() && expected.size() == sent.size()) {
            for (int i = 0; i < sent.size(); i++) {
                compare(name, path + "[" + i + "]", expected.get(i), sent.get(i), failures);
            }
        } else if (!isSame(expected, sent)) {
            differs(name, path, shownNode(expected), shownNode(sent), failures);
        }
    }

    private static boolean isSame(JsonNode expected, JsonNode sent) {
        return expected.isNumber() && sent.isNumber()
                ? expected.decimalValue().compareTo(sent.decimalValue()) == 0
                : expected.isTextual() && sent.isTextual()
                        ? expected.textValue().strip().equals(sent.textValue().strip())
                        : expected.equals(sent);
    }

    private static String shownNode(JsonNode node) {
        return node.isMissingNode() ? "none" : node.toString();
    }

    private static void differs(String name, String what, String expected, String sent, List<String> failures) {
        failures.add(name + ": " + what + "\n" + shown("expected: " + expected) + "\n" + shown("gets:     " + sent));
    }

    private static String shown(String text) {
        return text.indent(4).stripTrailing();
    }
}
