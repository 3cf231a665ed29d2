package com.evefan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every route file keeps to, so that a reader of one can read all. */
class RouteConventionsTest {
    private static final int LONGEST_FILE = 160;
    private static final int LONGEST_EXPRESSION = 60;
    /** jq says what an event becomes, or an answer means. */
    private static final int LONGEST_JQ = 340;
    /** Of an example without its comment, so that it is read at a glance. */
    private static final int LONGEST_EXAMPLE = 30;
    /** Two calls in one file: a look-up and the delivery, or one record first and then the others. */
    private static final List<String> TWO_CALLS = List.of("enrich.camel.yaml", "kafka.camel.yaml");
    /** Calls with arguments, which are longer than an expression should be, and why that is right. */
    private static final List<String> LONG_EXPRESSIONS = List.of("isDue(${body}");

    static Stream<Path> files() throws IOException {
        return Files.walk(Path.of("routes")).filter(path -> path.toString().endsWith(".camel.yaml"));
    }

    @ParameterizedTest
    @MethodSource("files")
    void isShort(Path file) throws IOException {
        assertThat(Files.readAllLines(file)).hasSizeLessThanOrEqualTo(LONGEST_FILE);
    }

    @ParameterizedTest
    @MethodSource("files")
    void anExampleIsReadAtAGlance(Path file) throws IOException {
        if (file.startsWith("routes/examples")
                && !TWO_CALLS.contains(file.getFileName().toString())) {
            assertThat(Files.readAllLines(file).stream().filter(line -> !line.startsWith("#")))
                    .hasSizeLessThanOrEqualTo(LONGEST_EXAMPLE);
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyRouteHasIdDescriptionAndNodePrefix(Path file) throws IOException {
        for (JsonNode entry : read(file)) {
            JsonNode route = entry.path("route");
            if (entry.has("route")) {
                assertThat(route.path("id").asText()).as("id").isNotEmpty();
                assertThat(route.path("description").asText())
                        .as("description of " + route.path("id"))
                        .isNotEmpty();
                assertThat(route.path("nodePrefixId").asText())
                        .as("nodePrefixId of " + route.path("id"))
                        .isEqualTo(route.path("id").asText() + "-");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyStepHasAnIdThatOperatorsSee(Path file) throws IOException {
        boolean example = file.startsWith("routes/examples");
        List<String> nameless = new ArrayList<>();
        eachStep(read(file), (name, step) -> {
            boolean seen = !example || name.equals("to") || step.toString().contains("select(.event");
            if (step.isObject() && !step.has("id") && seen) {
                nameless.add(name + " " + step);
            }
        });
        assertThat(nameless).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("files")
    void hasNoQueryStringsNoHostsAndNoSecrets(Path file) throws IOException {
        eachText(read(file), (name, text) -> {
            if (name.equals("uri")) {
                assertThat(text).as("options belong into parameters").doesNotContain("?");
                assertThat(text).as("hosts belong into properties").doesNotMatch("https?://[^{].*");
            }
            assertThat(name.toLowerCase(java.util.Locale.ROOT).contains("password") && !text.contains("{{"))
                    .as(name + " belongs into properties")
                    .isFalse();
        });
    }

    @ParameterizedTest
    @MethodSource("files")
    void expressionsAreShort(Path file) throws IOException {
        JsonNode read = read(file);
        List<String> jq = new ArrayList<>();
        read.findValues("jq").forEach(node -> jq.add(node.path("expression").asText()));
        read.findValues("language")
                .forEach(node -> jq.add(node.path("expression").asText()));
        assertThat(jq).allSatisfy(text -> assertThat(text).hasSizeLessThanOrEqualTo(LONGEST_JQ));
        eachText(read, (name, text) -> {
            boolean expression = name.equals("expression") || name.equals("method");
            if (expression && !jq.contains(text) && LONG_EXPRESSIONS.stream().noneMatch(text::startsWith)) {
                assertThat(text.replaceAll("\\{\\{[^{}]*}}", "")).hasSizeLessThanOrEqualTo(LONGEST_EXPRESSION);
            }
        });
    }

    private interface Visitor {
        void visit(String name, JsonNode node);
    }

    private interface TextVisitor {
        void visit(String name, String text);
    }

    private static void eachStep(JsonNode node, Visitor visitor) {
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            if (member.getKey().equals("steps")) {
                for (JsonNode step : member.getValue()) {
                    step.properties().forEach(entry -> visitor.visit(entry.getKey(), entry.getValue()));
                }
            }
        }
        node.forEach(child -> eachStep(child, visitor));
    }

    private static void eachText(JsonNode node, TextVisitor visitor) {
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            if (member.getValue().isTextual()) {
                visitor.visit(member.getKey(), member.getValue().asText());
            }
        }
        node.forEach(child -> eachText(child, visitor));
    }

    private static JsonNode read(Path file) throws IOException {
        return new YAMLMapper().readTree(file.toFile());
    }
}
